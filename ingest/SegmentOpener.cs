using Pipeline.Files;

namespace Pipeline.Ingest;

/// <summary>Opens segments, and finds words for those that cannot be opened.</summary>
internal static class SegmentOpener
{
    private const string LeaveOut = "Check that it plays, or take it out of the folder.";

    /// <summary>Opens a segment, or says why not.</summary>
    internal static IFrameSource? Open(SegmentPlan plan, int threads, out string? problem)
    {
        problem = null;
        if (plan.ImageFps > 0)
        {
            return new ImageSource(plan);
        }

        string file = plan.Files[0];
        try
        {
            problem = BeforeOpening(file);
            if (problem is not null)
            {
                return null;
            }

            VideoSource? source = VideoSource.File(file, threads);
            problem = source is null ? NotAVideo(file) : null;
            return source;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OpenCvSharp.OpenCVException)
        {
            problem = $"cannot be read: {Shown.Line(e.Message)} Give the right to read it, or take it out of the folder.";
            return null;
        }
    }

    private static string? BeforeOpening(string file)
    {
        FileInfo info = new(file);
        info = info.Exists ? info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info : info;
        if (!info.Exists)
        {
            return Shown.IsUtf8(file) ? "is gone since the folder was listed, or a link to nothing. Put it back, or run again." : $"cannot be opened. {Shown.NotUtf8}";
        }

        if (RegularFile.Fault(file) is { } fault)
        {
            return $"{fault}. {LeaveOut}";
        }

        File.OpenRead(file).Dispose(); // says what OpenCV does not: that it may not be read
        return null;
    }

    private static string NotAVideo(string file)
    {
        Span<byte> head = stackalloc byte[4096];
        using FileStream stream = File.OpenRead(file);
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (!head.ContainsAnyExcept(Text))
        {
            return $"is text, not a video. {LeaveOut}";
        }

        if (head.Length > 8 && head[4..8].SequenceEqual("ftyp"u8) && !CaptureTime.HasMovieIndex(stream))
        {
            return "is cut off or damaged: the index at its end (moov) cannot be read, as when a recorder loses power. Repair it, or take it out.";
        }

        return $"holds no pictures, or none that can be decoded. {LeaveOut}";
    }

    private static readonly System.Buffers.SearchValues<byte> Text =
        System.Buffers.SearchValues.Create([9, 10, 13, .. Enumerable.Range(32, 95).Select(b => (byte)b)]);
}
