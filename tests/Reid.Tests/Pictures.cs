using Pipeline.Reid;

namespace Pipeline.Tests.Reid;

/// <summary>Made-up pictures.</summary>
internal static class Pictures
{
    /// <summary>Every byte from a fixed generator.</summary>
    public static Picture Noise(int width, int height, int seed)
    {
        byte[] bytes = new byte[3 * width * height];
        new Random(seed).NextBytes(bytes);
        return new Picture(width, height, bytes);
    }

    /// <summary>A person of two colours (blue, green, red) before a grey wall.</summary>
    public static Picture Person(int width, int height, (byte B, byte G, byte R) top, (byte B, byte G, byte R) bottom, double light = 1)
    {
        byte[] bytes = new byte[3 * width * height];
        for (int i = 0; i < bytes.Length; i += 3)
        {
            int x = i / 3 % width;
            int y = i / 3 / width;
            bool inside = Math.Abs(x - (width / 2)) < width / 4;
            (byte B, byte G, byte R) colour = inside ? (y < height / 2 ? top : bottom) : ((byte)120, (byte)120, (byte)120);
            int grain = (x * 7 + y * 13) % 9;
            bytes[i] = Level(colour.B, grain, light);
            bytes[i + 1] = Level(colour.G, grain, light);
            bytes[i + 2] = Level(colour.R, grain, light);
        }

        return new Picture(width, height, bytes);
    }

    private static byte Level(byte value, int grain, double light) => (byte)Math.Clamp((value + grain) * light, 0, 255);
}
