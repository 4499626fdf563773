using System.Runtime.InteropServices;

namespace Pipeline.Rendering.Sites.Filming;

/// <summary>Noise of a sensor: one large pattern, laid over each frame at another place.</summary>
internal sealed class FilmNoise
{
    private const int Margin = 64;
    private readonly byte[] _more;
    private readonly byte[] _less;
    private readonly int _width;
    private readonly int _height;
    private readonly int _stride;

    /// <summary>Makes the pattern.</summary>
    /// <param name="width">Elements a row of the frames.</param>
    /// <param name="height">Rows.</param>
    /// <param name="deviation">Standard deviation, of 255.</param>
    /// <param name="random">Its stream.</param>
    public FilmNoise(int width, int height, float deviation, SeededRandom random)
    {
        (_width, _height, _stride) = (3 * width, height, 3 * (width + Margin));
        _more = new byte[_stride * (height + Margin)];
        _less = new byte[_more.Length];
        for (int i = 0; i < _more.Length; i += 3)
        {
            float bright = random.Normal() * deviation, colour = deviation * .4f;
            for (int c = 0; c < 3; c++)
            {
                int value = (int)MathF.Round(bright + (random.Normal() * colour));
                (_more[i + c], _less[i + c]) = ((byte)Math.Max(0, value), (byte)Math.Max(0, -value));
            }
        }
    }

    /// <summary>Lays it over a frame.</summary>
    public void Add(Span<byte> bgr, SeededRandom random)
    {
        int start = (random.Below(Margin) * _stride) + (3 * random.Below(Margin));
        for (int y = 0; y < _height; y++)
        {
            AddRow(bgr.Slice(y * _width, _width), _more.AsSpan(start + (y * _stride), _width), _less.AsSpan(start + (y * _stride), _width));
        }
    }

    // Saturating, with what the machine has for it.
    private static void AddRow(Span<byte> row, ReadOnlySpan<byte> more, ReadOnlySpan<byte> less)
    {
        int i = 0;
        Vector<byte> all = new(255);
        Span<Vector<byte>> wide = MemoryMarshal.Cast<byte, Vector<byte>>(row);
        ReadOnlySpan<Vector<byte>> wideMore = MemoryMarshal.Cast<byte, Vector<byte>>(more), wideLess = MemoryMarshal.Cast<byte, Vector<byte>>(less);
        for (; i < wide.Length; i++)
        {
            Vector<byte> raised = Vector.Min(wide[i], all - wideMore[i]) + wideMore[i];
            wide[i] = Vector.Max(raised, wideLess[i]) - wideLess[i];
        }

        for (i *= Vector<byte>.Count; i < row.Length; i++)
        {
            row[i] = (byte)Math.Clamp(row[i] + more[i] - less[i], 0, 255);
        }
    }
}
