namespace Pipeline.Rendering.Seeding;

/// <summary>Tileable value noise on a 256 × 256 grid, and hashes of integer cells: what cloth, walls and ground are textured with.</summary>
internal sealed class NoiseField
{
    /// <summary>Cells a side; coordinates wrap round at it.</summary>
    public const int Size = 256;

    private readonly float[] _values = new float[Size * Size];

    private NoiseField(ulong seed, ReadOnlySpan<int> cells, ReadOnlySpan<float> amplitudes)
    {
        SeededRandom random = new(seed);
        for (int octave = 0; octave < cells.Length; octave++)
        {
            AddOctave(random, cells[octave], amplitudes[octave]);
        }
    }

    /// <summary>Broad shapes with some detail: stains, hills, foliage.</summary>
    public static NoiseField Broad { get; } = new(11, [8, 16, 32, 64], [.5f, .3f, .15f, .07f]);

    /// <summary>Fine grain.</summary>
    public static NoiseField Fine { get; } = new(12, [32, 64, 128, 256], [.3f, .3f, .3f, .3f]);

    /// <summary>Ridges, as creases of cloth are.</summary>
    public static NoiseField Creases { get; } = new NoiseField(13, [8, 16, 32], [.6f, .35f, .15f]).Ridged();

    /// <summary>Slope of <see cref="Creases"/> along x, five cells' worth.</summary>
    public static NoiseField CreaseSlopeX { get; } = Creases.Slope(1, 0);

    /// <summary>Slope of <see cref="Creases"/> along y.</summary>
    public static NoiseField CreaseSlopeY { get; } = Creases.Slope(0, 1);

    /// <summary>The value of the cell a point lies in.</summary>
    public float At(float x, float y) => _values[Index(x, y)];

    /// <summary>The value of a cell by <see cref="Index"/>.</summary>
    public float At(int index) => _values[index];

    /// <summary>Index of the cell a point lies in; the same for every field.</summary>
    public static int Index(float x, float y) => (((int)MathF.Floor(y) & 255) * Size) + ((int)MathF.Floor(x) & 255);

    /// <summary>The value between cells, linear.</summary>
    public float Smooth(float x, float y)
    {
        float left = MathF.Floor(x), top = MathF.Floor(y), fx = x - left, fy = y - top;
        int x0 = (int)left & 255, y0 = ((int)top & 255) * Size, x1 = (x0 + 1) & 255, y1 = (y0 + Size) & 0xFFFF;
        float upper = (_values[y0 + x0] * (1 - fx)) + (_values[y0 + x1] * fx);
        float lower = (_values[y1 + x0] * (1 - fx)) + (_values[y1 + x1] * fx);
        return (upper * (1 - fy)) + (lower * fy);
    }

    /// <summary>A hash of an integer cell, in [0, 1).</summary>
    public static float Hash(int x, int y, int salt = 0)
    {
        uint hash = (uint)((x * 374761393) + (y * 668265263) + (salt * 1274126177));
        hash = (hash ^ (hash >> 13)) * 1274126177u;
        hash ^= hash >> 16;
        return (hash & 0xFFFFFF) / 16777216f;
    }

    private void AddOctave(SeededRandom random, int cells, float amplitude)
    {
        float[] corners = new float[cells * cells];
        for (int i = 0; i < corners.Length; i++)
        {
            corners[i] = random.Uniform(-1, 1);
        }

        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                float fx = x * cells / (float)Size, fy = y * cells / (float)Size;
                int x0 = (int)fx, y0 = (int)fy, x1 = (x0 + 1) % cells, y1 = (y0 + 1) % cells;
                fx = Ease(fx - x0);
                fy = Ease(fy - y0);
                float upper = (corners[(y0 * cells) + x0] * (1 - fx)) + (corners[(y0 * cells) + x1] * fx);
                float lower = (corners[(y1 * cells) + x0] * (1 - fx)) + (corners[(y1 * cells) + x1] * fx);
                _values[(y * Size) + x] += amplitude * ((upper * (1 - fy)) + (lower * fy));
            }
        }
    }

    private static float Ease(float t) => t * t * (3 - (2 * t));

    private NoiseField Ridged()
    {
        for (int i = 0; i < _values.Length; i++)
        {
            float ridge = MathF.Min(1, MathF.Abs(_values[i]) * 3.2f);
            _values[i] = (.7f * (1 - (ridge * ridge))) - .35f + (.5f * _values[i]);
        }

        return this;
    }

    private NoiseField Slope(int dx, int dy)
    {
        NoiseField slope = new(0, [], []);
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                float next = _values[(((y + dy) & 255) * Size) + ((x + dx) & 255)];
                float previous = _values[(((y - dy) & 255) * Size) + ((x - dx) & 255)];
                slope._values[(y * Size) + x] = (next - previous) * 5;
            }
        }

        return slope;
    }
}
