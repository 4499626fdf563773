using System.Buffers.Binary;

namespace Pipeline.Rendering.Assets;

/// <summary>A real place all round, in linear light.</summary>
internal sealed class Panorama
{
    private readonly float[] _rgb;
    private readonly int _width;
    private readonly int _height;
    private readonly float _gain;

    private Panorama(string name, int width, int height, float[] rgb)
    {
        Name = name;
        _width = width;
        _height = height;
        _rgb = rgb;
        // Every 37th sample is enough of a histogram; its 70th hundredth becomes a middling brightness.
        float[] some = [.. rgb.Where((_, i) => i % 37 == 0).Order()];
        _gain = .45f / MathF.Max(.02f, some[some.Length * 7 / 10]);
    }

    /// <summary>Name of the place.</summary>
    public string Name { get; }

    /// <summary>True for a place under a roof.</summary>
    public bool Indoor => AssetList.IndoorPlaces.Contains(Name);

    /// <summary>Reads all panoramas but the night, in order of their names.</summary>
    public static IReadOnlyList<Panorama> ReadAll(AssetFolder folder) =>
    [
        .. Directory.EnumerateFiles(folder.Panoramas, "*.pano").Order(StringComparer.Ordinal).Select(Read).Where(p => p.Name != AssetList.NightPlace),
    ];

    /// <summary>Light from a direction: <paramref name="turn"/> in whole turns, <paramref name="down"/> from 0 (zenith) to 1.</summary>
    public Vector3 Towards(float turn, float down)
    {
        float u = (turn - MathF.Floor(turn)) * _width, v = Math.Clamp((down * _height) - .5f, 0, _height - 1.1f);
        int x = Math.Min((int)u, _width - 1), y = (int)v, next = (x + 1) % _width;
        Vector3 upper = Vector3.Lerp(At(x, y), At(next, y), u - x), lower = Vector3.Lerp(At(x, y + 1), At(next, y + 1), u - x);
        return Vector3.Lerp(upper, lower, v - y);
    }

    private static Panorama Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int width = BinaryPrimitives.ReadInt32LittleEndian(file), height = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4));
        float[] rgb = new float[3 * width * height];
        Buffer.BlockCopy(file, 8, rgb, 0, 4 * rgb.Length);
        return new Panorama(Path.GetFileNameWithoutExtension(path), width, height, rgb);
    }

    private Vector3 At(int x, int y)
    {
        int i = ((y * _width) + x) * 3;
        return Vector3.Min(new Vector3(3), new Vector3(_rgb[i], _rgb[i + 1], _rgb[i + 2]) * _gain);
    }
}
