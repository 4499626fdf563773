using System.Text.Json;
using Pipeline.Reid.Data;

namespace Pipeline.Reid.Evaluation;

/// <summary>iLIDS-VID and PRID2011: one clip a person and camera, camera a asks camera b, the CMC is averaged over published splits.</summary>
public static class TwoCameraSplits
{
    /// <summary>CMC of each split.</summary>
    /// <param name="distances">(P, P), row-major: person i in camera a to person j in camera b.</param>
    /// <param name="people">P.</param>
    /// <param name="splits">Per split the people of its test half, from 0.</param>
    /// <param name="maxRank">Length of the CMC, at least 1.</param>
    /// <returns>One CMC a split; their mean is what is published.</returns>
    /// <exception cref="ArgumentException">The distances are not P times P, or a split names somebody else.</exception>
    public static IReadOnlyList<double[]> Cmc(float[] distances, int people, IReadOnlyList<int[]> splits, int maxRank = 20)
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentNullException.ThrowIfNull(splits);
        if (distances.Length != people * people || splits.Any(split => split.Any(person => person < 0 || person >= people)))
        {
            throw new ArgumentException($"{distances.Length} distances and splits of other than {people} people", nameof(splits));
        }

        return [.. splits.Select(split => RetrievalMetrics.Of(
            [.. from a in split from b in split select distances[(a * people) + b]],
            [.. split.Select(person => (person + 1, 1))],
            [.. split.Select(person => (person + 1, 2))],
            maxRank).Cmc)];
    }

    /// <summary>The mean of CMCs.</summary>
    public static double[] Mean(IReadOnlyList<double[]> cmcs)
    {
        ArgumentNullException.ThrowIfNull(cmcs);
        return [.. Enumerable.Range(0, cmcs[0].Length).Select(k => cmcs.Average(cmc => cmc[k]))];
    }

    /// <summary>Reads <c>train_test_splits_ilidsvid.mat</c>: <c>ls_set</c>, one row a split, its first half the test people, from 1 in the sorted list of names.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or holds no such table.</exception>
    public static IReadOnlyList<int[]> ReadIlids(string path)
    {
        MatMatrix table = MatFile.Read(path).GetValueOrDefault("ls_set")
            ?? throw new InvalidDataException($"'{path}': no table ls_set. Name train_test_splits_ilidsvid.mat of iLIDS-VID.");
        return [.. Enumerable.Range(0, table.Rows).Select(split => Enumerable.Range(0, table.Columns / 2).Select(column => (int)table[split, column] - 1).ToArray())];
    }

    /// <summary>Reads <c>splits_prid2011.json</c>: a list of objects with <c>train</c> and <c>test</c>, names such as <c>person_0001</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="names">All names, in the order of the features.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or names somebody who is not there.</exception>
    public static IReadOnlyList<int[]> ReadPrid(string path, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        Dictionary<string, int> places = names.Index().ToDictionary(name => name.Item, name => name.Index);
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. json.RootElement.EnumerateArray().Select(split => split.GetProperty("test").EnumerateArray().Select(name => places[name.GetString() ?? ""]).ToArray())];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException($"'{path}': no readable list of splits: {e.Message.ReplaceLineEndings(" ")} Name splits_prid2011.json of PRID2011.", e);
        }
    }
}
