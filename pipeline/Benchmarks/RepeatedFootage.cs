using System.Globalization;
using Pipeline.Cli.Linking;
using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Tracker;

namespace Pipeline.Cli.Benchmarks;

/// <summary>The tracklets of a run over and over, later each time: a long time from a short one, with nothing decoded or embedded again.</summary>
/// <param name="tracklets">Tracklets with their features.</param>
/// <param name="identities">Whom each was linked to.</param>
/// <param name="every">Time from one turn to the next; at least as long as the footage.</param>
/// <param name="strangers">
/// Share of the people who are somebody else on each turn, 0 to 1: their features are shuffled, with signs changed, alike for one person on one turn.
/// That leaves the similarities of one person's tracklets as they are and makes them unlike everybody else's.
/// </param>
internal sealed class RepeatedFootage(IReadOnlyList<GivenTracklet> tracklets, IReadOnlyDictionary<Guid, Guid> identities, TimeSpan every, double strangers)
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Shortest time between two turns in which nobody is in two of them.</summary>
    /// <param name="tracklets">The tracklets.</param>
    public static TimeSpan Length(IReadOnlyList<GivenTracklet> tracklets) =>
        TimeSpan.FromSeconds(Math.Ceiling((tracklets.Max(one => one.Tracklet.At) - tracklets.Min(one => one.Tracklet.StartAt)).TotalSeconds) + 2);

    /// <summary>One turn: clips in the order in which they are known, and which tracklet each one is a copy of; of strangers none.</summary>
    /// <param name="turn">From 0.</param>
    public IEnumerable<(ClipFeature Clip, Guid? Regular)> Turn(int turn)
    {
        DateTimeOffset first = tracklets.Min(one => one.Tracklet.StartAt);
        foreach (GivenTracklet one in tracklets.OrderBy(one => one.Tracklet.At).ThenBy(one => one.Tracklet.Camera.Id, StringComparer.Ordinal).ThenBy(one => one.Tracklet.Number))
        {
            TimeSpan shift = s_start + (turn * every) - first;
            Guid person = identities.GetValueOrDefault(one.Tracklet.Id, one.Tracklet.Id);
            Random random = new(HashCode(person, turn));
            bool stranger = turn > 0 && random.NextDouble() < strangers;
            Tracklet later = one.Tracklet with
            {
                At = one.Tracklet.At + shift,
                Id = ContentId.Create(one.Tracklet.EndAt + shift, one.Tracklet.Id.ToString(), turn.ToString(CultureInfo.InvariantCulture)),
                StartAt = one.Tracklet.StartAt + shift,
                EndAt = one.Tracklet.EndAt + shift,
                BoxAt = one.Tracklet.BoxAt + shift,
                Segment = one.Tracklet.Segment with { TimeSource = TimeSource.FileName }, // the copies have a clock
                Crops = [],
                BestCrop = -1,
            };
            yield return (new ClipFeature(later, stranger && one.Feature is { } feature ? Shuffled(feature, random) : one.Feature, one.Frames), stranger ? null : one.Tracklet.Id);
        }
    }

    // The same on every machine and in every run, which object.GetHashCode is not.
    private static int HashCode(Guid person, int turn) => BitConverter.ToInt32(person.ToByteArray(), 12) ^ (turn * 486187739);

    private static float[] Shuffled(float[] feature, Random random)
    {
        float[] shuffled = [.. feature];
        random.Shuffle(shuffled);
        for (int i = 0; i < shuffled.Length; i++)
        {
            shuffled[i] = random.Next(2) == 0 ? shuffled[i] : -shuffled[i];
        }

        return shuffled;
    }
}
