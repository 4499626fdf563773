using System.Threading.Channels;
using OpenCvSharp;
using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

/// <summary>A made-up site: people of one colour each walk through cameras that record in segments.</summary>
internal sealed class Scene
{
    internal static readonly DateTimeOffset Start = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);
    private const int Rate = 5;
    private const int SegmentSeconds = 10;

    private readonly List<(string Camera, int Person, double From, double To)> _walks = [];
    private readonly int _seconds;
    private readonly string[] _cameras;

    internal Scene(int seed, int cameras = 3, int people = 5, int seconds = 60)
    {
        Random random = new(seed);
        _seconds = seconds;
        _cameras = [.. Enumerable.Range(0, cameras).Select(camera => $"cam{camera}")];
        for (int person = 0; person < people; person++)
        {
            double at = random.NextDouble() * 10;
            while (at < seconds - 3)
            {
                double stay = 2 + (random.NextDouble() * 8);
                _walks.Add((_cameras[random.Next(cameras)], person, at, Math.Min(at + stay, seconds)));
                at += stay + (random.NextDouble() * 12);
            }
        }
    }

    /// <summary>The merged stream; segments of a camera before the given one are left out, as a resumed run leaves them out.</summary>
    internal IEnumerable<CameraItem> Items(IReadOnlyDictionary<string, int>? firstSegment = null)
    {
        List<(DateTimeOffset At, string Camera, int Order, Func<CameraItem> Make)> items = [];
        foreach (string id in _cameras)
        {
            Camera camera = new(id, id, CameraKind.Recorded);
            int segments = _seconds / SegmentSeconds;
            int first = firstSegment?.GetValueOrDefault(id) ?? 0;
            for (int number = first; number < segments; number++)
            {
                Segment segment = new(
                    camera, "file", $"{number}.mp4", number, $"digest-{id}-{number}", Start.AddSeconds(number * SegmentSeconds), TimeSource.FileName);
                for (int frame = 0; frame < Rate * SegmentSeconds; frame++)
                {
                    (int index, TimeSpan offset) = (frame, TimeSpan.FromSeconds((double)frame / Rate));
                    items.Add((segment.StartAt + offset, id, 0, () => Frame(segment, index, offset)));
                }

                DateTimeOffset end = segment.StartAt + TimeSpan.FromSeconds(SegmentSeconds - (1.0 / Rate));
                items.Add((end, id, 1, () => new SegmentEnd(segment, end, 50, 50, null)));
                if (number == segments - 1)
                {
                    items.Add((end, id, 2, () => new CameraEnd(camera, end)));
                }
            }
        }

        return items.OrderBy(item => item.At).ThenBy(item => item.Camera, StringComparer.Ordinal).ThenBy(item => item.Order).Select(item => item.Make());
    }

    /// <summary>A feature that tells people apart by the colour of the best crop, rounded as clip features are.</summary>
    internal static ClipFeature Embed(CropSet set)
    {
        if (set.Crops.Count == 0)
        {
            return new ClipFeature(set.Key, null, 0);
        }

        float[] vector = new float[8];
        int person = set.Crops[0].Picture.Bgr[0] / 20;
        vector[person % 8] = 1;
        vector[(person + 1 + set.Crops.Count) % 8] += 0.3f; // a little of something else, so that prototypes differ
        float length = MathF.Sqrt(vector.Sum(value => value * value));
        return new ClipFeature(set.Key, [.. vector.Select(value => (float)(Half)(value / length))], set.Crops.Count);
    }

    internal static async Task<List<CropSet>> TrackAsync(
        IEnumerable<CameraItem> items, IReadOnlyDictionary<string, byte[]>? states = null, Action<Camera, DateTimeOffset, int>? people = null)
    {
        Channel<CameraItem> input = Channel.CreateUnbounded<CameraItem>();
        Channel<CropSet> output = Channel.CreateUnbounded<CropSet>();
        foreach (CameraItem item in items)
        {
            await input.Writer.WriteAsync(item);
        }

        input.Writer.Complete();
        await new TrackStage(new TrackerOptions(), "site", states, people).RunAsync(input.Reader, output.Writer, CancellationToken.None);
        return await output.Reader.ReadAllAsync().ToListAsync();
    }

    internal static async Task<List<LinkGroup>> LinkAsync(IEnumerable<ClipFeature> clips, GallerySnapshot snapshot, LinkerOptions? options = null)
    {
        Channel<ClipFeature> input = Channel.CreateUnbounded<ClipFeature>();
        Channel<LinkGroup> output = Channel.CreateUnbounded<LinkGroup>();
        foreach (ClipFeature clip in clips)
        {
            await input.Writer.WriteAsync(clip);
        }

        input.Writer.Complete();
        Linker linker = new(options ?? new LinkerOptions(), 0.8f, snapshot);
        await new LinkStage(linker, snapshot.Decided).RunAsync(input.Reader, output.Writer, CancellationToken.None);
        return await output.Reader.ReadAllAsync().ToListAsync();
    }

    private DetectedFrame Frame(Segment segment, int number, TimeSpan offset)
    {
        DateTimeOffset at = segment.StartAt + offset;
        double seconds = (at - Start).TotalSeconds;
        Mat picture = new(240, 320, MatType.CV_8UC3, Scalar.All(0));
        List<Detection> detections = [];
        foreach ((_, int person, double from, double to) in _walks.Where(walk => walk.Camera == segment.Camera.Id && walk.From <= seconds && seconds < walk.To))
        {
            Box box = new(10 + (float)(25 * (seconds - from)), 10 + (person * 26), 40, 100);
            using Mat part = picture[new Rect((int)box.X, (int)box.Y, Math.Min(40, 320 - (int)box.X), 100)];
            part.SetTo(Scalar.All((20 * person) + 5));
            detections.Add(new Detection(box, 0.9f));
        }

        return new DetectedFrame(new Frame(segment, number, offset, at, picture), detections, detections.Count == 0);
    }
}
