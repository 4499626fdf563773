using OpenCvSharp;
using Pipeline.Cli.Doctor;

namespace Pipeline.Cli.Running;

/// <summary>The sample until a rendered site replaces it: one real recording, cut into two cameras that do not overlap.</summary>
internal static class SampleFootage
{
    // Shares of the picture's width. The gap is wider than a person near the camera, so nobody is seen by both at once.
    private const double LeftEnd = 0.45;
    private const double RightStart = 0.55;

    /// <summary>Where set-up leaves it.</summary>
    public static string Folder => Path.Combine(DoctorChecks.CacheFolder(), "sample-vtest");

    /// <summary>Cuts a recording.</summary>
    /// <param name="video">The recording.</param>
    /// <param name="folder">Receives <c>left/left.avi</c> and <c>right/right.avi</c>, frame for frame.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Frames written to each.</returns>
    /// <exception cref="InvalidDataException">The recording cannot be read, or the parts cannot be written.</exception>
    public static int Cut(string video, string folder, CancellationToken cancellationToken)
    {
        using VideoCapture source = new(video);
        if (!source.IsOpened())
        {
            throw new InvalidDataException($"cannot open '{video}'. Name a video that plays.");
        }

        double fps = source.Get(VideoCaptureProperties.Fps);
        using Mat frame = new();
        int frames = 0;
        if (!source.Read(frame) || frame.Empty())
        {
            throw new InvalidDataException($"'{video}' holds no frame. Name a video that plays.");
        }

        // Even widths: the codec halves the chroma.
        int leftWidth = (int)(frame.Width * LeftEnd) & ~1;
        int rightStart = (int)Math.Ceiling(frame.Width * RightStart);
        Rect left = new(0, 0, leftWidth, frame.Height & ~1);
        Rect right = new(rightStart, 0, (frame.Width - rightStart) & ~1, frame.Height & ~1);
        using VideoWriter leftFile = Open(folder, "left", fps, left.Size);
        using VideoWriter rightFile = Open(folder, "right", fps, right.Size);
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            using Mat leftPart = new(frame, left);
            using Mat rightPart = new(frame, right);
            leftFile.Write(leftPart);
            rightFile.Write(rightPart);
            frames++;
        }
        while (source.Read(frame) && !frame.Empty());
        return frames;
    }

    private static VideoWriter Open(string folder, string camera, double fps, Size size)
    {
        string path = Path.Combine(folder, camera, camera + ".avi");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        VideoWriter writer = new(path, FourCC.MJPG, fps, size); // every frame by itself: no second loss that moves
        return writer.IsOpened() ? writer : throw new InvalidDataException($"cannot write '{path}'. Check that the folder is writable and has room.");
    }
}
