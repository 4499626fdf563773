using Pipeline.Reid.Data;

namespace Pipeline.Reid.Training;

/// <summary>The pictures of a training: what is learned from, and what is never learned from and asked on the way.</summary>
/// <param name="Train">Learned from; persons and cameras of several folders are numbered on.</param>
/// <param name="Query">Asked on the way; may be empty.</param>
/// <param name="Gallery">Where it is looked for.</param>
/// <param name="Notices">What the user should know though nothing is wrong.</param>
public sealed record TrainingData(
    IReadOnlyList<LabelledPicture> Train, IReadOnlyList<LabelledPicture> Query, IReadOnlyList<LabelledPicture> Gallery, IReadOnlyList<string> Notices)
{
    /// <summary>Opens the sets. Only their training parts are learned from: queries and galleries are looked at where they are named for validation, else never.</summary>
    /// <param name="folders">Folders of data sets to learn from.</param>
    /// <param name="layout">Layout of the folders; <c>auto</c> to recognise it.</param>
    /// <param name="validation">A folder whose queries and galleries are asked on the way; null: people of the training sets may be held out.</param>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="InvalidDataException">A set cannot be opened, has nothing to learn from, or too few people.</exception>
    public static TrainingData Open(IReadOnlyList<string> folders, string layout, string? validation, TrainingRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(folders);
        ArgumentNullException.ThrowIfNull(recipe);
        List<LabelledPicture> train = [];
        List<string> notices = [];
        int people = 0;
        int cameras = 0;
        foreach (string folder in folders)
        {
            ReidDataSet set = ReidDataSets.Open(folder, layout);
            Append(folder, set, train, ref people, ref cameras);
            notices.AddRange(DataCheck.WrongCounts(set).Select(wrong => $"'{folder}': {wrong}"));
        }

        (List<LabelledPicture> query, List<LabelledPicture> gallery) = ([], []);
        if (validation is not null)
        {
            ReidDataSet asked = ReidDataSets.Open(validation);
            (query, gallery) = ([.. asked.Query], [.. asked.Gallery]);
            if (query.Count == 0 || gallery.Count == 0)
            {
                throw new InvalidDataException($"'{validation}': no queries or no gallery, so nothing can be asked. Name a set with both, or leave it out.");
            }
        }
        else if (recipe.Validation.People > 0)
        {
            train = HeldOut(train, people, recipe, query, gallery);
        }

        int left = train.Select(p => p.Person).Distinct().Count();
        if (left < recipe.Batch.People)
        {
            int held = validation is null ? people - left : 0;
            string least = held > 0 ? $"{recipe.Batch.People}, and {recipe.Validation.People} are held out for validation" : $"{recipe.Batch.People}";
            throw new InvalidDataException(
                $"{string.Join(", ", folders)}: {Number(people)} to learn from, but a batch takes {least}. Give more people, or lower batch.people{(held > 0 ? " or validation.people" : "")}.");
        }

        if (!train.GroupBy(p => p.Person).Any(g => g.Select(p => p.Camera).Distinct().Count() > 1))
        {
            notices.Add("nobody of the training set is seen by two cameras: what changes from camera to camera cannot be learned from it");
        }

        if (query.Count > 0 && !query.Any(q => gallery.Any(g => g.Person == q.Person && g.Camera != q.Camera)))
        {
            throw new InvalidDataException(
                "validation: nobody is seen by two cameras, so no query has a right answer. Name another set for it, or set validation.people to 0.");
        }

        return new TrainingData(train, query, gallery, notices);
    }

    private static string Number(int people) => people == 1 ? "1 person" : $"{people} people";

    private static void Append(string folder, ReidDataSet set, List<LabelledPicture> train, ref int people, ref int cameras)
    {
        LabelledPicture[] own = [.. set.Train.Where(p => p.Person > 0)];
        if (own.Length == 0)
        {
            throw new InvalidDataException(set.Query.Count + set.Gallery.Count > 0
                ? $"'{folder}': queries and galleries only, and those are never learned from. Name it with --validation, or a set with training pictures."
                : $"'{folder}': no labelled pictures to learn from. Check the folder.");
        }

        Dictionary<int, int> persons = Numbered(own.Select(p => p.Person), people);
        Dictionary<int, int> views = Numbered(own.Select(p => p.Camera), cameras);
        train.AddRange(own.Select(p => p with { Person = persons[p.Person], Camera = views[p.Camera] }));
        people += persons.Count;
        cameras += views.Count;
    }

    private static Dictionary<int, int> Numbered(IEnumerable<int> values, int before)
    {
        Dictionary<int, int> numbers = [];
        foreach (int value in values.Distinct().Order())
        {
            numbers.Add(value, before + numbers.Count + 1);
        }

        return numbers;
    }

    // Of each person held out, the first picture of every camera asks; the others are looked among.
    private static List<LabelledPicture> HeldOut(
        List<LabelledPicture> train, int people, TrainingRecipe recipe, List<LabelledPicture> query, List<LabelledPicture> gallery)
    {
        int[] order = [.. Enumerable.Range(1, people)];
        SeededRandom random = new((ulong)recipe.Seed, -1);
        random.Shuffle(order.AsSpan());
        HashSet<int> held = [.. order.Take(recipe.Validation.People)];
        HashSet<(int, int)> asked = [];
        foreach (LabelledPicture picture in train.Where(p => held.Contains(p.Person)))
        {
            (asked.Add((picture.Person, picture.Camera)) ? query : gallery).Add(picture);
        }

        return [.. train.Where(p => !held.Contains(p.Person))];
    }
}
