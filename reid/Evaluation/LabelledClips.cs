namespace Pipeline.Reid.Evaluation;

/// <summary>Clips made of labelled pictures, as the tracker would hand them on: some pictures of one person in one camera, pooled.</summary>
/// <param name="Features">Unit rows.</param>
/// <param name="People">Name of the person per clip.</param>
/// <param name="Cameras">Name of the camera per clip.</param>
public sealed record LabelledClips(FeatureRows Features, IReadOnlyList<string> People, IReadOnlyList<string> Cameras)
{
    /// <summary>Pairs beyond this are thinned out evenly: millions of comparisons of the same people add nothing.</summary>
    public const int MostPairs = 4_000_000;

    /// <summary>Makes clips. Junk and distractors (<c>-1</c>, <c>0</c>) are nobody and are left out.</summary>
    /// <param name="features">Unit rows, one a picture.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="length">Pictures of a clip at most; 1 takes pictures as they are.</param>
    public static LabelledClips Of(FeatureRows features, IReadOnlyList<EvaluationPicture> pictures, int length)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        int[][] clips =
        [
            .. pictures.Index().Where(picture => picture.Item.Person.TrimStart('0') is not ("" or "-1"))
                .GroupBy(picture => (picture.Item.Person, picture.Item.Camera, picture.Item.Tracklet), picture => picture.Index)
                .SelectMany(group => group.Chunk(length)),
        ];
        List<float> rows = [];
        List<int> first = [];
        float[] mean = new float[features.Dimension];
        foreach (int[] clip in clips)
        {
            TemporalPooling.Average(features.Take(clip).Values, mean);
            if (TemporalPooling.TryFinish(mean))
            {
                rows.AddRange(mean);
                first.Add(clip[0]);
            }
        }

        return new LabelledClips(
            new FeatureRows([.. rows], features.Dimension), [.. first.Select(i => pictures[i].Person)], [.. first.Select(i => pictures[i].Camera)]);
    }

    /// <summary>All pairs of clips, each two once. Two clips of one person in one camera are left out: they may be parts of one track.</summary>
    public IReadOnlyList<ScoredPair> Pairs()
    {
        Dictionary<string, int> numbers = People.Distinct().Order(StringComparer.Ordinal).Index().ToDictionary(name => name.Item, name => name.Index);
        long all = Features.Count * (Features.Count - 1L) / 2;
        int stride = (int)((all + MostPairs - 1) / MostPairs);
        List<ScoredPair> pairs = [];
        long count = 0;
        for (int i = 0; i < Features.Count; i++)
        {
            for (int j = i + 1; j < Features.Count; j++)
            {
                bool same = People[i] == People[j];
                if ((same && Cameras[i] == Cameras[j]) || (!same && count++ % Math.Max(1, stride) != 0))
                {
                    continue;
                }

                pairs.Add(new ScoredPair(CosineSearch.Dot(Features[i], Features[j]), same, numbers[People[i]], numbers[People[j]], Cameras[i], Cameras[j]));
            }
        }

        return pairs;
    }
}
