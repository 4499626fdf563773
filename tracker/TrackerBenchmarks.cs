using Pipeline.Detector;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Tracker;

/// <summary>What the tracker and the linker cost, measured on given data.</summary>
public static class TrackerBenchmarks
{
    /// <summary>Frames associated in a second, reading and writing left out.</summary>
    /// <param name="detections">MOTChallenge detections.</param>
    /// <param name="framesPerSecond">Rate of the frames.</param>
    /// <param name="options">Settings.</param>
    /// <param name="clock">Measures.</param>
    public static double AssociationRate(IEnumerable<MotRow> detections, double framesPerSecond, TrackerOptions options, TimeProvider clock)
    {
        ILookup<int, Detection> byFrame = detections.ToLookup(
            row => row.Frame, row => new Detection(new Box((float)row.X, (float)row.Y, (float)row.Width, (float)row.Height), (float)row.Confidence));
        Detection[][] frames = [.. Enumerable.Range(1, byFrame.Max(frame => frame.Key)).Select(frame => byFrame[frame].ToArray())];
        CameraTracker tracker = new(options);
        long start = clock.GetTimestamp();
        for (int frame = 0; frame < frames.Length; frame++)
        {
            tracker.Update(DateTimeOffset.UnixEpoch.AddSeconds((frame + 1) / framesPerSecond), frames[frame]);
        }

        return frames.Length / clock.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Mean time of deciding one tracklet against a gallery of one prototype an identity, each seen once, long ago.</summary>
    /// <param name="prototypes">Prototypes in the gallery.</param>
    /// <param name="dimension">Length of a feature.</param>
    /// <param name="tracklets">Tracklets as decided by a run, whose features are made up here.</param>
    /// <param name="together">How many of them become known at once.</param>
    /// <param name="clock">Measures.</param>
    public static TimeSpan LinkCost(int prototypes, int dimension, IReadOnlyList<Tracklet> tracklets, int together, TimeProvider clock)
    {
        Random random = new(1);
        Linker linker = new(new LinkerOptions { MinQuality = 0, ForgetAfter = TimeSpan.FromDays(3650) }, 0.9f, GallerySnapshot.Empty);
        DateTimeOffset seen = tracklets.Min(one => one.StartAt).AddDays(-1);
        for (int number = 0; number < prototypes; number++)
        {
            Guid id = ContentId.Create(seen, $"{number}");
            linker.Gallery.Add(linker.Gallery.Create(id), new KnownSighting(id, "elsewhere", seen, seen, HasClock: true), Unit(random, dimension));
        }

        Reid.ClipFeature[] clips = [.. tracklets.Select(tracklet => new Reid.ClipFeature(tracklet, Unit(random, dimension), 1))];
        long start = clock.GetTimestamp();
        foreach (Reid.ClipFeature[] moment in clips.Chunk(together))
        {
            linker.Decide(moment);
        }

        return clock.GetElapsedTime(start) / Math.Max(1, clips.Length);
    }

    /// <summary>Time of scoring a made-up site: per camera, per pair, per person, all as one.</summary>
    /// <param name="cameras">Cameras.</param>
    /// <param name="frames">Frames of each.</param>
    /// <param name="people">People in view of each.</param>
    /// <param name="clock">Measures.</param>
    public static TimeSpan ScoringCost(int cameras, int frames, int people, TimeProvider clock)
    {
        MotSequence[] site = [.. Enumerable.Range(1, cameras).Select(camera =>
        {
            Random random = new(camera);
            MotRow[] truth = [.. from frame in Enumerable.Range(1, frames) from person in Enumerable.Range(1, people) select Walker(frame, person, 0)];
            // The output trembles, and every half minute it takes everybody for somebody new.
            MotRow[] found = [.. truth.Select(row => Walker(row.Frame, row.Id, 6 * random.NextDouble()) with { Id = row.Id + (people * (row.Frame / 750)) })];
            return new MotSequence($"cam{camera}", truth, found, frames);
        })];
        long start = clock.GetTimestamp();
        _ = SiteScores.Of(site);
        return clock.GetElapsedTime(start);
    }

    private static MotRow Walker(int frame, int person, double off) =>
        new(frame, person, ((frame * (1 + (person % 3))) % 1800) + off, 100 * person, 40, 95, 1, 1);

    private static float[] Unit(Random random, int dimension)
    {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++)
        {
            vector[i] = random.NextSingle() - 0.5f;
        }

        float length = System.Numerics.Tensors.TensorPrimitives.Norm<float>(vector);
        System.Numerics.Tensors.TensorPrimitives.Divide<float>(vector, length, vector);
        return vector;
    }
}
