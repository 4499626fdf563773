using OpenCvSharp;

namespace Pipeline.Ingest;

/// <summary>
/// Reads one segment: grabs every frame, and retrieves those that the analysis rate asks for. Which these are follows from the timestamps
/// alone: time since the first frame is cut into cells of 1/fps, and the first frame of each cell is due.
/// </summary>
internal sealed class VideoDecoder(
    Segment segment, IFrameSource source, double fps, FramePool pool, DateTimeOffset? notBefore, CameraProgress progress) : IDisposable
{
    // Containers round timestamps to a millisecond: a frame at 199.9 belongs to the cell that starts at 200.
    private const double ToleranceMs = 1;
    private const double ExactShare = 0.99;
    private const int EditedFrames = 2; // edit lists hide a frame or two at the ends
    private const double GuessedShare = 0.95;
    private const double GuessedMs = 500;

    private readonly SegmentClock _clock = new(source.AnnouncedFps);
    private long _lastCell = -1;
    private long _damaged;
    private long _overlapping;
    private string? _failure;

    /// <summary>Frames that the decoder gave.</summary>
    internal long Decoded { get; private set; }

    /// <summary>Frames that were passed on.</summary>
    internal long Analysed { get; private set; }

    /// <summary>Capture time of the last frame, passed on or not; null before the first.</summary>
    internal DateTimeOffset? LastAt { get; private set; }

    /// <summary>The next frame that is due; null at the end.</summary>
    internal Frame? Next()
    {
        try
        {
            while (source.Grab())
            {
                if (Take() is { } frame)
                {
                    return frame;
                }
            }
        }
        catch (OpenCVException e)
        {
            _failure = Shown.Line(e.Message);
        }

        return null;
    }

    /// <summary>Whether the decoder gave less than the segment holds. Asked at the end.</summary>
    internal bool IsCutOff => _failure is not null || Decoded == 0 || IsShort();

    /// <summary>What went wrong, in one line without the file's name; null when all was read. Asked at the end.</summary>
    internal string? Problem()
    {
        List<string> faults = [];
        if (_failure is not null)
        {
            faults.Add($"cannot be decoded to its end: {_failure}");
        }

        if (Decoded == 0)
        {
            faults.Add("gave no frame");
        }
        else if (IsShort())
        {
            faults.Add($"is cut off or damaged: {Decoded} of {source.AnnouncedFrames} announced frames could be read");
        }

        AddCount(faults, _damaged, "frame is damaged and was left out", "frames are damaged and were left out");
        AddCount(faults, _clock.Backward, "frame is not later than the one before and was left out", "frames are not later than the one before and were left out");
        AddCount(faults, _clock.Jumps, "jump of its clock (back, or by more than a day); time was counted on from there", "jumps of its clock (back, or by more than a day); time was counted on from there");
        AddCount(faults, _overlapping, "frame overlaps with the segment before and was left out", "frames overlap with the segment before and were left out");
        if (faults.Count == 0)
        {
            return null;
        }

        return source.FirstFault is { } first
            ? $"{string.Join("; ", faults)}; the first: {first}. Put pictures in their place, or take them out of the folder."
            : $"{string.Join("; ", faults)}. Check that it plays, or record it again.";
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();

    private static void AddCount(List<string> faults, long count, string one, string many)
    {
        if (count > 0)
        {
            faults.Add(count == 1 ? $"1 {one}" : $"{count} {many}");
        }
    }

    // Headers count short of the truth at times (MPEG-1 does), and of containers without an index the count is a guess from length and rate.
    private bool IsShort()
    {
        if (source.CountIsExact)
        {
            return Decoded < (source.AnnouncedFrames * ExactShare) - EditedFrames;
        }

        double announcedMs = source.AnnouncedFps > 0 ? source.AnnouncedFrames * 1000 / source.AnnouncedFps : 0;
        return Decoded < source.AnnouncedFrames * GuessedShare && _clock.Last < (announcedMs * GuessedShare) - GuessedMs;
    }

    private Frame? Take()
    {
        long number = Decoded++;
        progress.CountDecoded();
        if (!_clock.Advance(source.Milliseconds))
        {
            return null;
        }

        TimeSpan offset = TimeSpan.FromTicks((long)Math.Round(_clock.Last * 1000) * (TimeSpan.TicksPerMillisecond / 1000));
        DateTimeOffset at = segment.StartAt + offset;
        if (notBefore is { } limit && at <= limit)
        {
            _overlapping++;
            return null;
        }

        LastAt = at;
        progress.Reach(at, offset);
        long cell = fps > 0 ? (long)Math.Floor((_clock.Last + ToleranceMs) * fps / 1000) : number;
        if (cell <= _lastCell)
        {
            return null;
        }

        Mat picture = pool.Rent(source.Size);
        if (!source.Retrieve(picture))
        {
            _damaged++;
            progress.CountDecodeError();
            pool.Return(picture);
            return null; // the next frame of the cell takes its place
        }

        _lastCell = cell;
        Analysed++;
        progress.CountAnalysed();
        return new Frame(segment, number, offset, at, picture, pool.Return);
    }
}
