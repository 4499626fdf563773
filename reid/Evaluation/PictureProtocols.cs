using System.Globalization;

namespace Pipeline.Reid.Evaluation;

/// <summary>A way of asking labelled pictures for each other.</summary>
public enum PictureProtocol
{
    /// <summary>Every picture of one side asks, every picture of the other answers.</summary>
    Picture,

    /// <summary>The mean of a person's pictures in one camera (of one tracklet, where there are tracklets) asks, the means of the other side answer.</summary>
    Clip,

    /// <summary>As picture, but right answers show the person from the other side: the view number differs by 3 to 5 of 8.</summary>
    Hard,
}

/// <summary>What one protocol measured in one direction.</summary>
/// <param name="Protocol">The protocol.</param>
/// <param name="Direction">Who asks whom, such as <c>c1 asks c2</c>.</param>
/// <param name="Reverse">The gallery asks the queries.</param>
/// <param name="Gallery">Entries that answer.</param>
/// <param name="Metrics">The measures.</param>
public sealed record ProtocolScore(PictureProtocol Protocol, string Direction, bool Reverse, int Gallery, RetrievalMetrics Metrics);

/// <summary>Scores labelled pictures by every protocol that applies to them. Same pid and same camera are removed throughout.</summary>
public static class PictureProtocols
{
    /// <summary>Scores.</summary>
    /// <param name="features">Unit rows, one a picture.</param>
    /// <param name="pictures">The pictures, in that order.</param>
    /// <param name="protocols">Which protocols; those that do not apply are left out (hard needs view numbers).</param>
    /// <param name="threads">Threads; 0 takes every core.</param>
    /// <param name="taps">How the pictures of a clip are weighed, three numbers a picture (<see cref="PictureFeatures.Taps"/>); null weighs all the same.</param>
    /// <param name="reRanking">Ranks by k-reciprocal re-ranking instead of similarity alone; null does not.</param>
    /// <returns>The given protocols in order, each asked in both directions where the sides differ.</returns>
    /// <exception cref="InvalidDataException">No picture asks, none answers, no query has a right answer, or none can have a wrong one.</exception>
    public static IReadOnlyList<ProtocolScore> Score(
        FeatureRows features, IReadOnlyList<EvaluationPicture> pictures, IReadOnlyList<PictureProtocol> protocols, int threads = 0,
        ReRankingOptions? reRanking = null, float[]? taps = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(protocols);
        Side queries = Side.Of(features, pictures, taps, PictureRole.Gallery);
        Side gallery = Side.Of(features, pictures, taps, PictureRole.Query);
        if (queries.Entries.Count == 0 || gallery.Entries.Count == 0)
        {
            throw new InvalidDataException(
                $"{queries.Entries.Count} pictures ask and {gallery.Entries.Count} answer: both are needed. Give roles query and gallery, or neither.");
        }

        bool both = pictures.Any(picture => picture.Role != PictureRole.Both);
        List<ProtocolScore> scores = [];
        foreach (PictureProtocol protocol in protocols)
        {
            if (protocol == PictureProtocol.Hard && pictures.Any(picture => picture.View is null))
            {
                continue;
            }

            (Side asking, Side answering) = protocol == PictureProtocol.Clip ? (queries.Clips(), gallery.Clips()) : (queries, gallery);
            scores.Add(Ask(protocol, asking, answering, reverse: false, threads, reRanking));
            if (both)
            {
                scores.Add(Ask(protocol, answering, asking, reverse: true, threads, reRanking));
            }
        }

        if (scores.Count > 0 && scores[0].Metrics.ValidQueries == 0)
        {
            throw new InvalidDataException(
                $"no query has a right answer in another camera ({queries.Cameras} ask, {gallery.Cameras} answer). People seen by two cameras are needed.");
        }

        if (pictures.Select(picture => picture.Person).Distinct().Take(2).Count() < 2)
        {
            throw new InvalidDataException($"every picture is of person {pictures[0].Person}: no answer can be wrong, so scores would say nothing. Give pictures of two people or more.");
        }

        return scores;
    }

    private static ProtocolScore Ask(PictureProtocol protocol, Side queries, Side gallery, bool reverse, int threads, ReRankingOptions? reRanking)
    {
        AnswerRule rule = AnswerRules.SameCameraRemoved(queries.Labels, gallery.Labels);
        if (protocol == PictureProtocol.Hard)
        {
            rule = rule.Where((q, g) => Math.Abs(queries.Entries[q].View!.Value - gallery.Entries[g].View!.Value) is >= 3 and <= 5);
        }

        RetrievalMetrics metrics = reRanking is null
            ? RetrievalMetrics.Of(queries.Features, gallery.Features, rule, threads: threads)
            : ReRanking.Of(queries.Features, gallery.Features, reRanking, threads).Score(queries.Features, gallery.Features, rule, threads: threads);
        return new ProtocolScore(protocol, $"{queries.Cameras} asks {gallery.Cameras}", reverse, gallery.Entries.Count, metrics);
    }

    private sealed record Side(FeatureRows Features, IReadOnlyList<EvaluationPicture> Entries, IReadOnlyList<(int Pid, int Camera)> Labels, float[]? Taps)
    {
        public string Cameras => Entries.Select(entry => entry.Camera).Distinct().Count() is > 1 and int many
            ? string.Create(CultureInfo.InvariantCulture, $"{many} cameras")
            : Entries[0].Camera;

        public static Side Of(FeatureRows features, IReadOnlyList<EvaluationPicture> pictures, float[]? taps, PictureRole without)
        {
            int[] rows = [.. pictures.Index().Where(picture => picture.Item.Role != without).Select(picture => picture.Index)];
            return Of(features.Take(rows), [.. rows.Select(row => pictures[row])], pictures, taps is null ? null : new FeatureRows(taps, 3).Take(rows).Values);
        }

        public Side Clips()
        {
            IGrouping<(string, string, int), int>[] clips =
                [.. Entries.Index().GroupBy(entry => (entry.Item.Person, entry.Item.Camera, entry.Item.Tracklet), entry => entry.Index)];
            FeatureRows means = new(new float[clips.Length * Features.Dimension], Features.Dimension);
            for (int i = 0; i < clips.Length; i++)
            {
                float[] own = Features.Take([.. clips[i]]).Values;
                if (Taps is null)
                {
                    TemporalPooling.Average(own, means[i]);
                }
                else
                {
                    ClipFeatures.PoolByAttention(own, new FeatureRows(Taps, 3).Take([.. clips[i]]).Values, means[i]);
                }

                TemporalPooling.TryFinish(means[i]); // opposite pictures cancel out: nobody is like nothing, and the zero row is like nobody
            }

            return new Side(means, [.. clips.Select(clip => Entries[clip.First()])], [.. clips.Select(clip => Labels[clip.First()])], Taps: null);
        }

        private static Side Of(FeatureRows features, IReadOnlyList<EvaluationPicture> entries, IReadOnlyList<EvaluationPicture> all, float[]? taps)
        {
            Dictionary<string, int> people = Numbers(all.Select(picture => picture.Person).Where(person => !IsNobody(person, out _)));
            Dictionary<string, int> cameras = Numbers(all.Select(picture => picture.Camera));
            return new Side(features, entries, [.. entries.Select(entry => (IsNobody(entry.Person, out int pid) ? pid : people[entry.Person], cameras[entry.Camera]))], taps);
        }

        private static bool IsNobody(string person, out int pid) =>
            int.TryParse(person, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out pid) && pid is -1 or 0;

        private static Dictionary<string, int> Numbers(IEnumerable<string> names) =>
            names.Distinct().Order(StringComparer.Ordinal).Index().ToDictionary(name => name.Item, name => name.Index + 1);
    }
}
