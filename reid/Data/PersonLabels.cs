using System.Globalization;
using System.Text;
using Pipeline.Inference;

namespace Pipeline.Reid.Data;

/// <summary>Classes for training: the distinct persons, sorted, become 0, 1, 2 and so on.</summary>
public static class PersonLabels
{
    /// <summary>The class of every picture; -1 for junk and distractors (person below 1), which samplers leave out.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="classes">How many classes there are.</param>
    public static int[] Of(IReadOnlyList<LabelledPicture> pictures, out int classes)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        Dictionary<int, int> number = [];
        foreach (int person in pictures.Select(p => p.Person).Where(p => p > 0).Distinct().Order())
        {
            number.Add(person, number.Count);
        }

        classes = number.Count;
        return [.. pictures.Select(p => number.GetValueOrDefault(p.Person, -1))];
    }

    /// <summary>Says of two sets whether they hold the same people: by persons and the last three parts of their pictures' paths, wherever the sets lie.</summary>
    /// <param name="pictures">The pictures.</param>
    public static string Digest(IReadOnlyList<LabelledPicture> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        IEnumerable<string> lines = pictures.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Person} {string.Join('/', p.Path.Split('/').TakeLast(3))}")).Order(StringComparer.Ordinal);
        return ShortDigest.Of(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
    }
}
