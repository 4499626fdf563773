namespace Pipeline.Tracker;

/// <summary>The three best of many numbers, and their mean: it bears one bad crop among good ones, and one lucky pair among bad ones.</summary>
internal static class TopThree
{
    /// <summary>Puts a number in its place among the three best so far, best first.</summary>
    internal static void Add(Span<float> best, float value)
    {
        if (value > best[0])
        {
            (best[0], best[1], best[2]) = (value, best[0], best[1]);
        }
        else if (value > best[1])
        {
            (best[1], best[2]) = (value, best[1]);
        }
        else if (value > best[2])
        {
            best[2] = value;
        }
    }

    /// <summary>The mean of as many of them as there are; negative infinity for none.</summary>
    internal static float Mean(ReadOnlySpan<float> best, int count) => count switch
    {
        0 => float.NegativeInfinity,
        1 => best[0],
        2 => (best[0] + best[1]) / 2,
        _ => (best[0] + best[1] + best[2]) / 3,
    };
}
