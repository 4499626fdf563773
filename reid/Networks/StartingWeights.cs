using Pipeline.Reid.Weights;

namespace Pipeline.Reid.Networks;

/// <summary>What a network's training starts from, and where it came from.</summary>
/// <param name="Weights">Every tensor of the network by its full name.</param>
/// <param name="Taken">Names of those that were there already.</param>
/// <param name="Untrained">Names of those that come from the seed.</param>
/// <param name="Skipped">Names in the file that the network has no place for.</param>
/// <param name="Misshapen">Names in both whose shapes differ, with the shapes; these are among the untrained.</param>
public sealed record StartingWeights(
    IReadOnlyDictionary<string, WeightTensor> Weights, IReadOnlyList<string> Taken, IReadOnlyList<string> Untrained, IReadOnlyList<string> Skipped,
    IReadOnlyList<string> Misshapen)
{
    /// <summary>The name that stands for the pre-trained compact trunk of <see cref="ObjectronPackage"/>.</summary>
    public const string Objectron = "objectron";

    /// <summary>Metadata of a weight file: the digest of the people whom its classifier tells apart (<see cref="Data.PersonLabels.Digest"/>).</summary>
    public const string PeopleKey = "people";

    /// <summary>A start by what the user wrote: nothing, <see cref="Objectron"/>, or a weight file.</summary>
    /// <param name="network">The network.</param>
    /// <param name="from">Null or empty for untrained weights, <c>objectron</c>, or a path.</param>
    /// <param name="pictures">Some pictures of people, asked for only where they are needed: <see cref="CompactStart"/> runs them through once.</param>
    /// <param name="seed">Seed of what is not taken from there.</param>
    /// <param name="people">Digest of the people to train on: a classifier of other people is not taken.</param>
    /// <param name="cancellationToken">Stops the download.</param>
    /// <exception cref="InvalidDataException">It cannot be read or had, or nothing in it fits the network.</exception>
    public static async Task<StartingWeights> OfAsync(
        ReidNetwork network, string? from, Func<IReadOnlyList<Picture>> pictures, ulong seed = 0, string? people = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(pictures);
        if (string.IsNullOrEmpty(from))
        {
            return new StartingWeights(NetworkWeights.Seeded(network, seed), [], [.. network.Tensors.Select(t => t.Name)], [], []);
        }

        return from == Objectron
            ? CompactStart.From(network, TfliteFile.Read(await ObjectronPackage.FetchAsync(cancellationToken)), pictures(), seed)
            : From(network, WithStatistics(WeightFile.Read(from), pictures), seed, people);
    }

    // A network that was folded for serving has lost the statistics that training goes on from.
    private static WeightFile WithStatistics(WeightFile file, Func<IReadOnlyList<Picture>> pictures) => file.Container == OnnxFile.Container
        ? file with { Tensors = new OrderedDictionary<string, WeightTensor>(MeasuredNormalisations.WhereFolded(NetworkRecogniser.Recognise(file), file.Tensors, pictures)) }
        : file;

    /// <summary>Takes from a file what fits by name and shape; the rest comes from the seed.</summary>
    /// <remarks>
    /// Plain ResNet files (<c>conv1.weight</c>, <c>layer1.0...</c>, <c>fc.*</c>) are mapped to <c>backbone.*</c>. Half an attention is no
    /// attention: one that was trained at another input size, so that some of its tensors have other shapes, starts anew as a whole.
    /// </remarks>
    /// <param name="network">The network.</param>
    /// <param name="file">The file.</param>
    /// <param name="seed">Seed of what is not in it.</param>
    /// <param name="people">Digest of the people to train on: a classifier of as many others would begin with everybody wrong, so it is not taken.</param>
    /// <exception cref="InvalidDataException">Nothing of the network's trunk is in the file.</exception>
    public static StartingWeights From(ReidNetwork network, WeightFile file, ulong seed = 0, string? people = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(file);
        OrderedDictionary<string, WeightTensor> given = Keys.Normalised(file);
        if (file.Metadata.GetValueOrDefault(PeopleKey) != people)
        {
            foreach (Classifier classifier in network.Branches.Select(branch => branch.Classifier).OfType<Classifier>())
            {
                given.Remove($"{classifier.Key}.weight");
            }
        }

        PartTensor[] wanted = [.. network.Tensors];
        CopyLastLayer(given, wanted);
        string[] misshapen =
        [
            .. wanted.Where(w => given.TryGetValue(w.Name, out WeightTensor? found) && !found.Shape.SequenceEqual(w.Shape))
                .Select(w => $"{w.Name} [{string.Join(", ", given[w.Name].Shape)}] instead of [{string.Join(", ", w.Shape)}]"),
        ];
        HashSet<string> broken =
        [
            .. wanted.Where(w => !given.TryGetValue(w.Name, out WeightTensor? found) || !found.Shape.SequenceEqual(w.Shape))
                .Where(w => !w.Name.EndsWith(NetworkWeights.TrackedSuffix, StringComparison.Ordinal)).Select(w => Keys.Unit(w.Name)),
        ];
        Dictionary<string, WeightTensor> weights = new(NetworkWeights.Seeded(network, seed));
        List<string> taken = [];
        foreach (PartTensor tensor in wanted.Where(w => !broken.Contains(Keys.Unit(w.Name)) && given.ContainsKey(w.Name)))
        {
            weights[tensor.Name] = given[tensor.Name];
            taken.Add(tensor.Name);
        }

        if (!taken.Exists(Keys.IsTrunk))
        {
            throw new InvalidDataException(
                $"{file.Path}: nothing of the trunk of {network.Name} is in it: its {given.Count} keys are {string.Join(", ", given.Keys.Take(3))}, ..., "
                + $"the network's {string.Join(", ", wanted.Take(3).Select(w => w.Name))}, ... Name a file of the same trunk.");
        }

        HashSet<string> known = [.. wanted.Select(w => w.Name)];
        HashSet<string> there = [.. taken];
        return new StartingWeights(
            weights, taken, [.. wanted.Select(w => w.Name).Where(n => !there.Contains(n))], [.. given.Keys.Where(k => !known.Contains(k))], misshapen);
    }

    // A network that has ResNet's last layer a second time starts both from the one in the file.
    private static void CopyLastLayer(OrderedDictionary<string, WeightTensor> given, PartTensor[] wanted)
    {
        const string Copy = "regional.layer4.";
        foreach (PartTensor tensor in wanted.Where(w => w.Name.StartsWith(Copy, StringComparison.Ordinal) && !given.ContainsKey(w.Name)))
        {
            if (given.TryGetValue("backbone.layer4." + tensor.Name[Copy.Length..], out WeightTensor? found))
            {
                given.Add(tensor.Name, found);
            }
        }
    }

    /// <summary>Lines for people: how many tensors were taken, of which layers, and what became of the others.</summary>
    public IEnumerable<string> Describe()
    {
        static string Layer(string tensor) => string.Join('.', tensor.Split('.').SkipLast(1).Take(3));
        foreach ((string word, IReadOnlyList<string> names) in new[] { ("taken", Taken), ("untrained", Untrained), ("skipped", Skipped) }.Where(w => w.Item2.Count > 0))
        {
            yield return $"{word}: {names.Count} tensors: {string.Join(", ", names.Select(Layer).Distinct())}";
        }

        if (Misshapen.Count > 0)
        {
            yield return $"of another shape: {Misshapen.Count} tensors: {string.Join(", ", Misshapen)}";
        }
    }
}
