namespace Pipeline.Reid.Data;

/// <summary>
/// Which pictures of a tracklet make a clip. Indices count from 0 along the tracklet.
/// </summary>
/// <remarks>Consecutive and dense as in Video-Person-ReID (Gao and Nevatia 2018, arXiv 1805.02104), evenly as in deep-person-reid.</remarks>
public static class ClipSampler
{
    /// <summary>The last place where a training clip may begin.</summary>
    /// <param name="count">Pictures of the tracklet, at least 1.</param>
    /// <param name="frames">Pictures of a clip, at least 1.</param>
    /// <remarks>One less than there is room for: the official code never draws the last window, and the published numbers come from it.</remarks>
    public static int LastBegin(int count, int frames)
    {
        Check(count, frames);
        return Math.Max(0, count - frames - 1);
    }

    /// <summary>A training clip: consecutive pictures; a tracklet that is too short repeats from its start.</summary>
    /// <param name="count">Pictures of the tracklet, at least 1.</param>
    /// <param name="frames">Pictures of a clip, at least 1.</param>
    /// <param name="begin">Where it begins, 0 to <see cref="LastBegin"/>.</param>
    public static int[] Consecutive(int count, int frames, int begin)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(begin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(begin, LastBegin(count, frames));
        int length = Math.Min(frames, count - begin);
        return [.. Enumerable.Range(0, frames).Select(i => begin + (i % length))];
    }

    /// <summary>All clips of a tracklet for the test: consecutive and not overlapping; the last one is filled with its own pictures again.</summary>
    /// <param name="count">Pictures of the tracklet, at least 1.</param>
    /// <param name="frames">Pictures of a clip, at least 1.</param>
    public static IReadOnlyList<int[]> Dense(int count, int frames)
    {
        Check(count, frames);
        List<int[]> clips = [];
        for (int begin = 0; begin < count; begin += frames)
        {
            int length = Math.Min(frames, count - begin);
            clips.Add([.. Enumerable.Range(0, frames).Select(i => begin + (i % length))]);
        }

        return clips;
    }

    /// <summary>One clip over the whole tracklet: every (n/T)-th picture of the first n that T divides; a short tracklet repeats its last picture.</summary>
    /// <param name="count">Pictures of the tracklet, at least 1.</param>
    /// <param name="frames">Pictures of a clip, at least 1.</param>
    public static int[] Evenly(int count, int frames)
    {
        Check(count, frames);
        int step = count / frames;
        return [.. Enumerable.Range(0, frames).Select(i => step == 0 ? Math.Min(i, count - 1) : i * step)];
    }

    private static void Check(int count, int frames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
    }
}
