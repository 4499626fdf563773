using System.Globalization;
using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Tracker;

namespace Pipeline.Cli.Benchmarks;

/// <summary>Material for measurements that need no footage; the same on every call.</summary>
internal static class MadeUp
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly Camera Place = new("benchmark", "benchmark", CameraKind.Recorded);
    private static readonly Segment Footage = new(Place, "file", "0.mp4", 0, "benchmark", Start, TimeSource.FileName);

    /// <summary>Fills rows with unit vectors.</summary>
    /// <param name="rows">Row-major.</param>
    /// <param name="dimension">Length of a row.</param>
    public static void Fill(Span<float> rows, int dimension)
    {
        Random random = new(1);
        for (int from = 0; from < rows.Length; from += dimension)
        {
            Span<float> row = rows.Slice(from, dimension);
            float squares = 0;
            for (int i = 0; i < dimension; i++)
            {
                row[i] = random.NextSingle() - 0.5f;
                squares += row[i] * row[i];
            }

            float length = MathF.Sqrt(squares);
            for (int i = 0; i < dimension; i++)
            {
                row[i] = (float)(Half)(row[i] / length);
            }
        }
    }

    /// <summary>A tracklet of two seconds, one after the other.</summary>
    /// <param name="number">From 1.</param>
    /// <param name="crops">Pictures that it has.</param>
    public static Tracklet Tracklet(int number, int crops)
    {
        DateTimeOffset end = Start.AddSeconds(3 * number);
        return new Tracklet(Place, end.AddSeconds(1))
        {
            Id = ContentId.Create(end, "benchmark", number.ToString(CultureInfo.InvariantCulture)),
            Number = number,
            StartAt = end.AddSeconds(-2),
            EndAt = end,
            Entry = null,
            Exit = null,
            Segment = Footage,
            Offset = end - Start,
            Box = new Box(100, 100, 90, 220),
            BoxAt = end.AddSeconds(-1),
            FrameWidth = 1920,
            FrameHeight = 1080,
            Detections = 10,
            Quality = 0.8f,
            Crops = [.. Enumerable.Range(0, crops).Select(i => Picture(number, i, end.AddSeconds(-2 + i)))],
            BestCrop = crops - 1,
            MediaDigest = "benchmark",
            Ordinal = number,
        };
    }

    private static Crop Picture(int number, int index, DateTimeOffset at)
    {
        byte[] pixels = new byte[3 * 90 * 220];
        new Random((number * 100) + index).NextBytes(pixels);
        return new Crop(new Picture(90, 220, pixels), at, 0.8f);
    }
}
