using OpenCvSharp;
using Pipeline.Ingest;

namespace Pipeline.Tests.Detector.Support;

/// <summary>Drawn pictures and frames of made-up cameras.</summary>
internal static class Pictures
{
    public static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A grey room of 320 x 240 with a weak pattern, and somebody dark in it when <paramref name="x"/> is not negative.</summary>
    public static Mat Room(int x = -1)
    {
        Mat picture = new(240, 320, MatType.CV_8UC3, Scalar.All(120));
        Span<byte> levels = picture.AsSpan<byte>();
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = (byte)(120 + (i / 3 % 7));
        }

        if (x >= 0)
        {
            using Mat person = picture[new Rect(x, 80, 40, 120)];
            person.SetTo(Scalar.All(20));
        }

        return picture;
    }

    public static Camera Camera(string id = "a", CameraKind kind = CameraKind.Recorded) => new(id, id, kind);

    public static Segment Segment(Camera camera, int ordinal = 0) => new(camera, "file", $"{ordinal}.mp4", ordinal, "", Start, TimeSource.Sidecar);

    public static Frame Frame(Segment segment, double seconds, int x = -1, Action<Mat>? release = null) =>
        new(segment, (long)(seconds * 10), TimeSpan.FromSeconds(seconds), Start.AddSeconds(seconds), Room(x), release);
}
