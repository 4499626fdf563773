namespace Pipeline.Reid;

/// <summary>
/// Takes off the veil of light that haze, glare and cheap lenses lay over a picture, and its colour with it: in each channel the darkest pixels
/// are taken for black (dark-object subtraction, Chavez, Remote Sensing of Environment 24, 1988). What black looks like is the camera's, not the person's.
/// </summary>
internal static class BlackLevel
{
    /// <summary>A picture without anything dark keeps at least half of its levels.</summary>
    private const int Highest = 128;

    /// <summary>The lowest level that at least a share of the pixels do not exceed, 0 to 128.</summary>
    /// <param name="histogram">How many pixels of the channel have each of the 256 levels.</param>
    /// <param name="share">Share of the pixels, 0 to 1.</param>
    public static int Of(ReadOnlySpan<int> histogram, double share)
    {
        long pixels = 0;
        foreach (int count in histogram)
        {
            pixels += count;
        }

        double asked = share * pixels;
        long dark = 0;
        for (int level = 0; level < Highest; level++)
        {
            dark += histogram[level];
            if (dark >= asked)
            {
                return level;
            }
        }

        return Highest;
    }

    /// <summary>A level where black is 0 again and white stays 255.</summary>
    public static float Stretched(float level, int black) => Math.Max(0, (level - black) * (255f / (255 - black)));
}
