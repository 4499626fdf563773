namespace Pipeline.Reid.Data;

/// <summary>
/// Makes batches of P identities with K pictures each, as batch-hard losses need them. What an epoch holds depends on the seed and the epoch's number
/// alone. Thread-safe.
/// </summary>
public sealed class IdentitySampler
{
    private readonly int[][] _pictures; // of each identity
    private readonly int[] _identities; // labels in ascending order
    private readonly int[]? _cameras;
    private readonly SamplerRule _rule;
    private readonly ulong _seed;
    private readonly int _steps;

    /// <summary>Sorts the pictures by identity.</summary>
    /// <param name="labels">The class of every picture; pictures with a label below 0 are left out.</param>
    /// <param name="people">P: identities in a batch, at least 2.</param>
    /// <param name="picturesEach">K: pictures of each, at least 2.</param>
    /// <param name="seed">Where the randomness begins.</param>
    /// <param name="rule">How an epoch is made up. Default RGA's.</param>
    /// <param name="cameras">
    /// The camera of every picture: the K pictures of a person then come from as many different cameras as there are. Null, the default: any K.
    /// </param>
    /// <param name="steps">Batches an epoch: passes are repeated or cut to come to it. 0, the default: what one pass gives.</param>
    /// <exception cref="ArgumentException">Numbers out of range, or lists of different length.</exception>
    /// <exception cref="InvalidDataException">There are no pictures, one identity only, or fewer (that can be used) than P; or the rule wants cameras.</exception>
    public IdentitySampler(
        IReadOnlyList<int> labels,
        int people,
        int picturesEach,
        ulong seed,
        SamplerRule rule = SamplerRule.EveryIdentityOnce,
        IReadOnlyList<int>? cameras = null,
        int steps = 0)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(people, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(picturesEach, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        if (cameras is not null && cameras.Count != labels.Count)
        {
            throw new ArgumentException($"{labels.Count} labels, but {cameras.Count} cameras", nameof(cameras));
        }

        if (rule == SamplerRule.SharedCamera && cameras is null)
        {
            throw new InvalidDataException("batch.sampler: shared_camera wants to know the cameras. Set batch.across_cameras true, or another sampler.");
        }

        var identities = labels.Index().Where(l => l.Item >= 0).GroupBy(l => l.Item, l => l.Index).OrderBy(g => g.Key)
            .Select(g => (Label: g.Key, Pictures: g.ToArray())).ToList();
        int all = identities.Count;
        identities = [.. identities.Where(i => rule != SamplerRule.EveryGroup || i.Pictures.Length >= picturesEach)];
        Check(all, identities.Count, people, picturesEach);
        _identities = [.. identities.Select(i => i.Label)];
        _pictures = [.. identities.Select(i => i.Pictures)];
        _cameras = cameras?.ToArray();
        (People, PicturesEach, _seed, _rule, _steps) = (people, picturesEach, seed, rule, steps);
    }

    /// <summary>P: identities in a batch.</summary>
    public int People { get; }

    /// <summary>K: pictures of each.</summary>
    public int PicturesEach { get; }

    /// <summary>Pictures in a batch: P × K.</summary>
    public int BatchSize => People * PicturesEach;

    /// <summary>The labels that are drawn from, ascending.</summary>
    public IReadOnlyList<int> Identities => _identities;

    /// <summary>Identities with pictures of more than one camera: at 0 no pair in a batch crosses cameras. Null without cameras.</summary>
    public int? IdentitiesAcrossCameras => _cameras is null
        ? null
        : _pictures.Count(p => p.Select(i => _cameras[i]).Distinct().Count() > 1);

    /// <summary>The batches of an epoch: indices of pictures, K of one identity after K of another.</summary>
    /// <param name="epoch">Number of the epoch, any.</param>
    public IReadOnlyList<int[]> Epoch(int epoch)
    {
        List<int[]> batches = [];
        for (int pass = 0; batches.Count < Math.Max(_steps, 1); pass++)
        {
            SeededRandom random = new(_seed, epoch, pass);
            batches.AddRange(_rule switch
            {
                SamplerRule.EveryGroup => Groups(ref random),
                SamplerRule.SharedCamera => Shared(ref random),
                _ => Once(ref random),
            });
        }

        return _steps > 0 && batches.Count > _steps ? batches[.._steps] : batches;
    }

    private int[] Shuffled(ref SeededRandom random)
    {
        int[] order = [.. Enumerable.Range(0, _pictures.Length)];
        random.Shuffle(order.AsSpan());
        return order;
    }

    private List<int[]> Once(ref SeededRandom random)
    {
        int[] order = Shuffled(ref random);
        List<int[]> batches = [];
        for (int first = 0; first + People <= order.Length; first += People)
        {
            int[] batch = new int[BatchSize];
            for (int i = 0; i < People; i++)
            {
                Choose(_pictures[order[first + i]], batch.AsSpan(i * PicturesEach, PicturesEach), ref random);
            }

            batches.Add(batch);
        }

        return batches;
    }

    // K without replacement; who has fewer gives all of them, again and again.
    private void Choose(int[] pictures, Span<int> chosen, ref SeededRandom random)
    {
        int[] order = Ordered(pictures, ref random);
        if (order.Length >= chosen.Length)
        {
            order.AsSpan(0, chosen.Length).CopyTo(chosen);
            return;
        }

        for (int i = 0; i < chosen.Length; i++)
        {
            // RGA draws each of the K with replacement here; with cameras in play every picture comes before any comes twice.
            chosen[i] = _cameras is null ? pictures[random.Below(pictures.Length)] : order[i % order.Length];
        }
    }

    private List<int[]> Shared(ref SeededRandom random)
    {
        List<int> left = [.. Shuffled(ref random)];
        List<int[]> batches = [];
        while (left.Count >= People)
        {
            int[] batch = new int[BatchSize];
            for (int count = 0; count < People;)
            {
                int[] seen = _pictures[left[0]];
                int camera = _cameras![seen[random.Below(seen.Length)]];
                List<int> together = [.. left.Where(identity => _pictures[identity].Any(picture => _cameras[picture] == camera)).Take(People - count)];
                foreach (int identity in together)
                {
                    ChooseHalf(_pictures[identity], camera, batch.AsSpan(count++ * PicturesEach, PicturesEach), ref random);
                }

                left = [.. left.Except(together)];
            }

            batches.Add(batch);
        }

        return batches;
    }

    // Every other picture from the camera, the rest from the others in turn; who has too few of either gives those again.
    private void ChooseHalf(int[] pictures, int camera, Span<int> chosen, ref SeededRandom random)
    {
        int[] order = Ordered(pictures, ref random);
        int[] here = [.. order.Where(picture => _cameras![picture] == camera)];
        int[] elsewhere = [.. order.Where(picture => _cameras![picture] != camera)];
        for (int i = 0; i < chosen.Length; i++)
        {
            int[] from = i % 2 == 0 || elsewhere.Length == 0 ? here : elsewhere;
            chosen[i] = from[i / 2 % from.Length];
        }
    }

    private List<int[]> Groups(ref SeededRandom random)
    {
        List<Queue<int[]>> left = [];
        foreach (int[] pictures in _pictures)
        {
            left.Add(new Queue<int[]>(Ordered(pictures, ref random).Chunk(PicturesEach).Where(g => g.Length == PicturesEach)));
        }

        List<int[]> batches = [];
        while (left.Count >= People)
        {
            int[] batch = new int[BatchSize];
            for (int i = 0; i < People; i++)
            {
                int drawn = i + random.Below(left.Count - i); // the first i are taken
                (left[i], left[drawn]) = (left[drawn], left[i]);
                left[i].Dequeue().CopyTo(batch, i * PicturesEach);
            }

            left.RemoveAll(q => q.Count == 0);
            batches.Add(batch);
        }

        return batches;
    }

    /// <summary>Random order; with cameras, one picture of each camera (in random order) before the second of any.</summary>
    private int[] Ordered(int[] pictures, ref SeededRandom random)
    {
        int[] order = [.. pictures];
        random.Shuffle(order.AsSpan());
        if (_cameras is null)
        {
            return order;
        }

        // Cameras stand in the order in which the shuffle shows them first, so that none is favoured.
        int[][] byCamera = [.. order.GroupBy(p => _cameras[p]).Select(g => g.ToArray())];
        return [.. byCamera.SelectMany((own, place) => own.Select((picture, round) => (picture, round, place)))
            .OrderBy(p => p.round).ThenBy(p => p.place).Select(p => p.picture)];
    }

    private static void Check(int all, int usable, int people, int picturesEach)
    {
        string shortage = usable < all ? $" ({all - usable} more have fewer than {picturesEach} pictures)" : "";
        string? problem = all switch
        {
            0 => "no labelled pictures to train on. Check the data set with 'pipeline data check'.",
            1 => "one identity only: telling people apart cannot be learned from one. Give pictures of more people.",
            _ when usable < people => $"{usable} identities{shortage}, but a batch takes {people}. Give more people, or lower the people a batch.",
            _ => null,
        };
        if (problem is not null)
        {
            throw new InvalidDataException(problem);
        }
    }
}
