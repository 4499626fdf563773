using System.Globalization;
using System.Text;
using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Store;
using Pipeline.Tracker;

namespace Pipeline.Tests.Store;

/// <summary>Made-up decisions, the same on every call: people walk from camera to camera.</summary>
internal static class Footage
{
    public const string Site = "north-store";
    public const string Model = "colour@1";
    public const int Dimension = 8;
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
    public static readonly Camera Entrance = new("entrance", "Entrance", CameraKind.Recorded);
    public static readonly Camera Dock = new("dock", "Loading dock", CameraKind.Recorded);
    public static readonly Camera Yard = new("yard", "Yard", CameraKind.Live);

    public static StoreSetup Setup(string folder, TimeProvider? clock = null) => new()
    {
        Path = System.IO.Path.Combine(folder, "identities.db"),
        Site = Site,
        EncodeJpeg = Encode,
        Clock = clock ?? new FixedClock(Start.AddHours(1)),
    };

    /// <summary>No JPEG, but one to one with the pixels.</summary>
    public static byte[] Encode(Picture picture) =>
        [.. Encoding.ASCII.GetBytes($"{picture.Width}x{picture.Height} "), .. picture.Bgr];

    public static Segment SegmentOf(Camera camera, int ordinal = 0) => new(
        camera, "file", $"{ordinal}.mp4", ordinal, $"digest-{camera.Id}-{ordinal}", Start.AddMinutes(10 * ordinal), TimeSource.FileName);

    public static Tracklet Tracklet(Camera camera, int number, DateTimeOffset endAt, int crops = 2)
    {
        Segment segment = SegmentOf(camera);
        return new Tracklet(camera, endAt.AddSeconds(2))
        {
            Id = ContentId.Create(endAt, Site, camera.Id, segment.Digest, number.ToString(CultureInfo.InvariantCulture)),
            Number = number,
            StartAt = endAt.AddSeconds(-5).AddTicks(7),
            EndAt = endAt,
            Entry = new FootPoint(0.1f * (number % 7), 0.9f),
            Exit = number % 3 == 0 ? null : new FootPoint(0.7f, 1f / 3),
            Segment = segment,
            Offset = endAt - Start,
            Box = new Box(-20, 30, 120, 240),
            BoxAt = endAt.AddSeconds(-1),
            FrameWidth = 640,
            FrameHeight = 480,
            Detections = 25,
            Quality = crops > 0 ? 0.75f : 0,
            Crops = [.. Enumerable.Range(0, crops).Select(i => CropOf(camera, number, i, endAt))],
            BestCrop = crops - 1,
            MediaDigest = segment.Digest,
            Ordinal = number,
        };
    }

    public static Link New(Tracklet tracklet, int person) => Decide(tracklet, person, null, new Decision(null, 0.7f, null, Band.Reject, [], 0));

    public static Link Match(Tracklet tracklet, int person, Tracklet from)
    {
        Candidate candidate = new(PersonId(person), 0.78125f, null, from.Id, Verdict.Accepted);
        return Decide(tracklet, person, from.Id, new Decision(0.78125f, 0.7f, 0.123456f, Band.Accept, [candidate], 3));
    }

    public static Link TooPoor(Tracklet tracklet) => new(tracklet, null, 0, null, false, null, null, null);

    public static Guid PersonId(int person) => ContentId.Create(Start, "person", person.ToString(CultureInfo.InvariantCulture));

    public static LinkGroup Group(params Link[] links) => new(links.Max(link => link.Tracklet.At), links, [], []);

    public static LinkGroup SegmentGroup(Camera camera, int ordinal, byte[] state) =>
        new(Start, [], [new SegmentCheckpoint(new SegmentEnd(SegmentOf(camera, ordinal), Start, 100, 50, null), state)], []);

    /// <summary>A run of many groups: seven people, two cameras in turn, a checkpoint now and then, some tracklets too poor.</summary>
    public static IEnumerable<LinkGroup> Groups(int count)
    {
        Dictionary<int, Tracklet> last = [];
        for (int i = 0; i < count; i++)
        {
            DateTimeOffset at = Start.AddSeconds(10 * i).AddMilliseconds(i % 7);
            List<Link> links = [];
            foreach (Camera camera in i % 3 == 0 ? new[] { Dock, Entrance } : [Entrance])
            {
                int person = ((i * 5) + (camera == Dock ? 1 : 0)) % 7;
                Tracklet tracklet = Tracklet(camera, i + 1, at);
                links.Add((i % 11 == 10, last.TryGetValue(person, out Tracklet? from)) switch
                {
                    (true, _) => TooPoor(tracklet),
                    (_, true) => Match(tracklet, person, from!),
                    _ => New(tracklet, person),
                });
                if (links[^1].IdentityId is not null)
                {
                    last[person] = tracklet;
                }
            }

            SegmentCheckpoint[] checkpoints = i % 5 == 4
                ? [new SegmentCheckpoint(new SegmentEnd(SegmentOf(Entrance, i / 5), at, 100, 50, null), [.. BitConverter.GetBytes(i)])]
                : [];
            yield return new LinkGroup(at, links, checkpoints, []);
        }
    }

    private static Link Decide(Tracklet tracklet, int person, Guid? from, Decision decision) => new(
        tracklet, Feature(person), tracklet.Crops.Count, PersonId(person), from is null, from, decision,
        new PrototypeChange(PersonId(person), tracklet.Id, from));

    /// <summary>One-hot: exact in 16 bits, unit length, every two people at right angles.</summary>
    public static float[] Feature(int person)
    {
        float[] feature = new float[Dimension];
        feature[person] = 1;
        return feature;
    }

    private static Crop CropOf(Camera camera, int number, int index, DateTimeOffset endAt) => new(
        new Picture(2, 3, Encoding.ASCII.GetBytes($"{camera.Id,-8}{number,8}{index,2}"[..18])),
        endAt.AddSeconds(-2 + index),
        0.5f + (0.01f * index));
}
