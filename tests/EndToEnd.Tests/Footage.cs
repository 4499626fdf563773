using OpenCvSharp;

namespace Pipeline.Tests.EndToEnd;

/// <summary>A folder of one test: recordings made there, and results.</summary>
internal sealed class Footage : IDisposable
{
    internal string Root { get; } = Directory.CreateTempSubdirectory("end-to-end-").FullName;

    internal string In(params string[] parts) => Path.Combine([Root, .. parts]);

    internal string File(params string[] parts)
    {
        string path = In(parts);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>A grey square that moves: footage without people, for what is not about them.</summary>
    internal string Video(string[] parts, int frames = 10, int width = 96, int height = 128)
    {
        string path = File(parts);
        using VideoWriter writer = new(path, path.EndsWith(".avi", StringComparison.Ordinal) ? FourCC.MJPG : FourCC.MP4V, 10, new Size(width, height));
        for (int i = 0; i < frames; i++)
        {
            using Mat picture = Picture(i, width, height);
            writer.Write(picture);
        }

        return path;
    }

    internal static Mat Picture(int i, int width, int height)
    {
        Mat picture = new(height, width, MatType.CV_8UC3, Scalar.All(90));
        Span<byte> pixels = picture.AsSpan<byte>();
        for (int y = 20; y < 60; y++)
        {
            pixels.Slice(((y * width) + (2 * i)) * 3, 60).Fill(200);
        }

        return picture;
    }

    /// <summary>
    /// A real recording as two cameras of several segments: the left part with times in its file names, the right part without, so that
    /// its capture times hang from segment to segment.
    /// </summary>
    /// <param name="segments">Segments of each camera.</param>
    /// <param name="framesEach">Frames of a segment, 10 a second.</param>
    /// <param name="leftWithoutBlue">The left camera is blind for blue.</param>
    internal string People(int segments = 4, int framesEach = 60, bool leftWithoutBlue = false)
    {
        string folder = In("people");
        using VideoCapture capture = new(TestData.Shared("data", "recordings", "vtest", "cam1", "vtest.avi"), VideoCaptureAPIs.FFMPEG, []);
        using Mat frame = new();
        DateTime start = new(2024, 5, 1, 12, 0, 0);
        for (int i = 0; i < segments; i++)
        {
            string time = start.AddSeconds(i * framesEach / 10.0).ToString("yyyy-MM-dd_HH-mm-ss", System.Globalization.CultureInfo.InvariantCulture);
            using VideoWriter left = new(File("people", "left", $"{time}.avi"), FourCC.MJPG, 10, new Size(340, 576));
            using VideoWriter right = new(File("people", "right", $"part{i}.avi"), FourCC.MJPG, 10, new Size(340, 576));
            for (int n = 0; n < framesEach && capture.Read(frame); n++)
            {
                using Mat part = new(frame, new Rect(0, 0, 340, 576));
                using Mat west = part.Clone();
                using Mat east = new(frame, new Rect(428, 0, 340, 576));
                Span<byte> pixels = west.AsSpan<byte>();
                for (int blue = 0; leftWithoutBlue && blue < pixels.Length; blue += 3)
                {
                    pixels[blue] = 0;
                }

                left.Write(west);
                right.Write(east);
            }
        }

        return folder;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
