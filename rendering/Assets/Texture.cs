namespace Pipeline.Rendering.Assets;

/// <summary>A square RGBA texture in memory.</summary>
internal sealed class Texture
{
    private readonly byte[] _rgba;
    private readonly int _size;

    private Texture(byte[] rgba)
    {
        _rgba = rgba;
        _size = (int)Math.Sqrt(rgba.Length / 4);
        double sum = 0, count = 1;
        for (int i = 0; i < rgba.Length; i += 4)
        {
            if (rgba[i + 3] > 100)
            {
                sum += (rgba[i] * .3) + (rgba[i + 1] * .59) + (rgba[i + 2] * .11);
                count++;
            }
        }

        MeanLight = (float)(sum / count / 255);
    }

    /// <summary>Mean of <see cref="Light"/> over its opaque part.</summary>
    public float MeanLight { get; }

    /// <summary>Reads what <see cref="TextureBaking"/> wrote.</summary>
    public static Texture Read(string path) => new(File.ReadAllBytes(path));

    /// <summary>Display colour, 0 to 1.</summary>
    public Vector3 Colour(float u, float v)
    {
        int i = Index(u, v);
        return new Vector3(_rgba[i], _rgba[i + 1], _rgba[i + 2]) / 255f;
    }

    /// <summary>Brightness, 0 to 1.</summary>
    public float Light(float u, float v)
    {
        int i = Index(u, v);
        return ((_rgba[i] * .3f) + (_rgba[i + 1] * .59f) + (_rgba[i + 2] * .11f)) / 255f;
    }

    /// <summary>Opacity, 0 to 255.</summary>
    public byte Alpha(float u, float v) => _rgba[Index(u, v) + 3];

    private int Index(float u, float v)
    {
        int x = Math.Clamp((int)(u * _size), 0, _size - 1), y = Math.Clamp((int)((1 - v) * _size), 0, _size - 1);
        return ((y * _size) + x) * 4;
    }
}
