using System.Globalization;
using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Tracker;
using Pipeline.Tracker.Evaluation;

using Box = Pipeline.Detector.Box;

namespace Pipeline.Cli.Linking;

/// <summary>A tracklet that is not made from pictures here.</summary>
/// <param name="Tracklet">The tracklet.</param>
/// <param name="Feature">Its clip feature; null without.</param>
/// <param name="Frames">Vectors that went into it.</param>
/// <param name="Rows">Its boxes, where they are known.</param>
internal sealed record GivenTracklet(Tracklet Tracklet, float[]? Feature, int Frames, IReadOnlyList<MotRow> Rows);

/// <summary>From boxes that somebody else found, tracked or not, to tracklets.</summary>
/// <param name="site">Part of all ids.</param>
/// <param name="framesPerSecond">Rate of the frames.</param>
/// <param name="longestGap">A track that is not seen for more frames than this is two.</param>
/// <param name="tracker">Settings of tracking, for boxes without ids.</param>
internal sealed class GivenTracks(string site, double framesPerSecond, int longestGap, TrackerOptions tracker)
{
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Capture time of a frame.</summary>
    /// <param name="frame">Number, from 1.</param>
    public DateTimeOffset At(int frame) => Epoch + TimeSpan.FromTicks((long)Math.Round((frame - 1) * TimeSpan.TicksPerSecond / framesPerSecond));

    /// <summary>Makes the tracklets of a camera, by their ends.</summary>
    /// <param name="camera">The camera.</param>
    /// <exception cref="InvalidDataException">Some rows have ids and some have none, or an id is twice in a frame.</exception>
    public IReadOnlyList<GivenTracklet> Of(GivenCamera camera)
    {
        bool[] named = [.. camera.Rows.Select(row => row.Id > 0).Distinct()];
        if (named.Length > 1)
        {
            throw new InvalidDataException($"'{camera.File}': ids above 0 in every row (tracks), or -1 in every row (detections), are needed, got both. Correct it.");
        }

        IEnumerable<List<int>> tracks = named is [true] ? Split(camera) : Tracked(camera);
        List<GivenTracklet> tracklets = [];
        foreach (List<int> track in tracks.OrderBy(rows => camera.Rows[rows[^1]].Frame).ThenBy(rows => camera.Rows[rows[0]].Frame).ThenBy(rows => camera.Rows[rows[0]].Id))
        {
            tracklets.Add(Make(camera, track, tracklets.Count + 1));
        }

        return tracklets;
    }

    private IEnumerable<List<int>> Split(GivenCamera camera)
    {
        foreach (IGrouping<int, int> track in Enumerable.Range(0, camera.Rows.Count).GroupBy(row => camera.Rows[row].Id).OrderBy(group => group.Key))
        {
            List<int> piece = [];
            foreach (int row in track.OrderBy(row => camera.Rows[row].Frame))
            {
                int gap = piece.Count == 0 ? 1 : camera.Rows[row].Frame - camera.Rows[piece[^1]].Frame;
                if (gap == 0)
                {
                    throw new InvalidDataException($"'{camera.File}': id {track.Key} is twice in frame {camera.Rows[row].Frame}. Each id may have one box a frame.");
                }

                if (gap > longestGap)
                {
                    yield return piece;
                    piece = [];
                }

                piece.Add(row);
            }

            yield return piece;
        }
    }

    private IEnumerable<List<int>> Tracked(GivenCamera camera)
    {
        ILookup<int, int> byFrame = Enumerable.Range(0, camera.Rows.Count).ToLookup(row => camera.Rows[row].Frame);
        CameraTracker following = new(tracker);
        SortedDictionary<int, List<int>> tracks = [];
        HashSet<int> confirmed = [];
        int last = camera.Rows.Count == 0 ? 0 : camera.Rows.Max(row => row.Frame);
        for (int frame = 1; frame <= last; frame++)
        {
            int[] rows = [.. byFrame[frame]];
            foreach (TrackedBox box in following.Update(At(frame), [.. rows.Select(row => ToDetection(camera.Rows[row]))]))
            {
                if (!tracks.TryGetValue(box.Key, out List<int>? track))
                {
                    tracks[box.Key] = track = [];
                }

                track.Add(rows[box.Detection]);
                if (box.Number > 0)
                {
                    confirmed.Add(box.Key);
                }
            }
        }

        return tracks.Where(track => confirmed.Contains(track.Key)).Select(track => track.Value);
    }

    private GivenTracklet Make(GivenCamera camera, List<int> track, int number)
    {
        MotRow[] rows = [.. track.Select(row => camera.Rows[row])];
        (DateTimeOffset start, DateTimeOffset end) = (At(rows[0].Frame), At(rows[^1].Frame));
        MotRow best = rows.MaxBy(row => row.Confidence * row.Width * row.Height);
        int width = (int)Math.Ceiling(camera.Rows.Max(row => Math.Max(1, row.X + row.Width)));
        int height = (int)Math.Ceiling(camera.Rows.Max(row => Math.Max(1, row.Y + row.Height)));
        float[]? feature = Feature(camera.Features, track, rows);
        string digest = string.Create(CultureInfo.InvariantCulture, $"{camera.Ref}:{rows[0].Frame}-{rows[^1].Frame}:{best.X:R},{best.Y:R}");
        return new GivenTracklet(
            new Tracklet(camera.Camera, end)
            {
                Id = ContentId.Create(end, "tracklet", site, camera.Camera.Id, digest, number.ToString(CultureInfo.InvariantCulture)),
                Number = number,
                StartAt = start,
                EndAt = end,
                Entry = FootPoint.Of(ToBox(rows[0]), width, height),
                Exit = FootPoint.Of(ToBox(rows[^1]), width, height),
                Segment = new Segment(camera.Camera, "boxes", camera.Ref, 0, digest, Epoch, TimeSource.Order),
                Offset = At(best.Frame) - Epoch,
                Box = ToBox(best),
                BoxAt = At(best.Frame),
                FrameWidth = width,
                FrameHeight = height,
                Detections = rows.Length,
                Quality = 1,
                Crops = [],
                BestCrop = -1,
                MediaDigest = digest,
                Ordinal = number - 1,
            },
            feature,
            feature is null ? 0 : track.Count,
            rows);
    }

    private static float[]? Feature(GivenFeatures? features, List<int> track, MotRow[] rows)
    {
        if (features is null)
        {
            return null;
        }

        float[] mean = new float[features.Dimension];
        for (int i = 0; i < track.Count; i++)
        {
            ReadOnlySpan<float> row = features.Row(track[i]);
            float norm = MathF.Sqrt(System.Numerics.Tensors.TensorPrimitives.Dot(row, row));
            if (float.IsFinite(norm) && norm > 1e-12f)
            {
                float weight = (float)Math.Clamp(rows[i].Confidence, 0.05, 1) / norm;
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(row, weight, mean, mean);
            }
        }

        return TemporalPooling.TryFinish(mean) ? mean : null;
    }

    private static Detection ToDetection(MotRow row) =>
        new(ToBox(row), (float)row.Confidence);

    private static Box ToBox(MotRow row) => new((float)row.X, (float)row.Y, (float)row.Width, (float)row.Height);
}
