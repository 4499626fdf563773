using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Reid.Data;

/// <summary>
/// What JPEG does to a picture, without the file: colours halved in resolution, blocks of 8 × 8 through the cosine transform, rounded to the steps of a
/// quality as libjpeg scales the tables of the standard (ITU T.81, K.1 and K.2). Colours are enlarged by repetition.
/// </summary>
internal sealed class JpegArtefacts
{
    private static readonly float[] _cosines = Cosines();

    private static readonly int[] _lightSteps =
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ];

    private static readonly int[] _colourSteps =
    [
        17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    ];

    private readonly int _width;
    private readonly int _height;
    private readonly int _stride; // of the padded light plane; half of it for colours
    private readonly float[] _light;
    private readonly float[] _blue;
    private readonly float[] _red;
    private readonly float[] _steps = new float[64];

    /// <summary>Prepares for one size.</summary>
    public JpegArtefacts(int width, int height)
    {
        (_width, _height) = (width, height);
        _stride = (width + 15) & ~15;
        int rows = (height + 15) & ~15;
        _light = new float[_stride * rows];
        _blue = new float[_light.Length / 4];
        _red = new float[_light.Length / 4];
    }

    /// <summary>Changes three planes of levels in place.</summary>
    public void Apply(Span<float> red, Span<float> green, Span<float> blue, int quality)
    {
        ToLightAndColours(red, green, blue);
        Steps(_lightSteps, quality);
        Round(_light, _stride);
        Steps(_colourSteps, quality);
        Round(_blue, _stride / 2);
        Round(_red, _stride / 2);
        for (int y = 0; y < _height; y++)
        {
            ReadOnlySpan<float> light = _light.AsSpan(y * _stride, _width);
            ReadOnlySpan<float> blues = _blue.AsSpan(y / 2 * (_stride / 2), _stride / 2);
            ReadOnlySpan<float> reds = _red.AsSpan(y / 2 * (_stride / 2), _stride / 2);
            for (int x = 0; x < light.Length; x++)
            {
                int at = (y * _width) + x;
                (float b, float r) = (blues[x >> 1], reds[x >> 1]);
                float level = light[x] + 128;
                red[at] = level + (1.402f * r);
                green[at] = level - (0.344136f * b) - (0.714136f * r);
                blue[at] = level + (1.772f * b);
            }
        }
    }

    // Borders repeat, so that the blocks beyond the picture cost no ringing within.
    private void ToLightAndColours(ReadOnlySpan<float> red, ReadOnlySpan<float> green, ReadOnlySpan<float> blue)
    {
        Array.Clear(_blue);
        Array.Clear(_red);
        int rows = _light.Length / _stride;
        for (int y = 0; y < rows; y++)
        {
            int from = Math.Min(y, _height - 1) * _width;
            Span<float> blues = _blue.AsSpan(y / 2 * (_stride / 2), _stride / 2);
            Span<float> reds = _red.AsSpan(y / 2 * (_stride / 2), _stride / 2);
            Span<float> light = _light.AsSpan(y * _stride, _stride);
            for (int x = 0; x < light.Length; x++)
            {
                int at = from + Math.Min(x, _width - 1);
                (float r, float g, float b) = (Math.Clamp(red[at], 0, 255), Math.Clamp(green[at], 0, 255), Math.Clamp(blue[at], 0, 255));
                float level = (0.299f * r) + (0.587f * g) + (0.114f * b);
                light[x] = level - 128;
                blues[x >> 1] += 0.25f * 0.564334f * (b - level);
                reds[x >> 1] += 0.25f * 0.713267f * (r - level);
            }
        }
    }

    private void Steps(int[] table, int quality)
    {
        int scale = quality < 50 ? 5000 / quality : 200 - (2 * quality);
        for (int i = 0; i < 64; i++)
        {
            _steps[i] = Math.Clamp(((table[i] * scale) + 50) / 100, 1, 255);
        }
    }

    // F = C X C', rounded to steps, then X = C' F C; eight columns at a time, so that nothing is transposed.
    private void Round(Span<float> plane, int stride)
    {
        Span<Vector256<float>> block = stackalloc Vector256<float>[8];
        Span<Vector256<float>> half = stackalloc Vector256<float>[8];
        ReadOnlySpan<Vector256<float>> steps = MemoryMarshal.Cast<float, Vector256<float>>(_steps);
        ReadOnlySpan<Vector256<float>> forward = MemoryMarshal.Cast<float, Vector256<float>>(_cosines.AsSpan(0, 64)); // row u: C[u, *]
        ReadOnlySpan<Vector256<float>> turned = MemoryMarshal.Cast<float, Vector256<float>>(_cosines.AsSpan(64, 64)); // row k: C[*, k]
        for (int top = 0; top < plane.Length; top += 8 * stride)
        {
            for (int left = 0; left < stride; left += 8)
            {
                for (int k = 0; k < 8; k++)
                {
                    block[k] = Vector256.Create<float>(plane.Slice(top + (k * stride) + left, 8));
                }

                Multiply(forward, block, half);
                Multiply(half, turned, block);
                for (int u = 0; u < 8; u++)
                {
                    block[u] = Vector256.Round(block[u] / steps[u]) * steps[u];
                }

                Multiply(turned, block, half);
                Multiply(half, forward, block);
                for (int k = 0; k < 8; k++)
                {
                    block[k].CopyTo(plane.Slice(top + (k * stride) + left, 8));
                }
            }
        }
    }

    private static void Multiply(ReadOnlySpan<Vector256<float>> left, ReadOnlySpan<Vector256<float>> right, Span<Vector256<float>> product)
    {
        ReadOnlySpan<float> factors = MemoryMarshal.Cast<Vector256<float>, float>(left);
        Vector256<float> r0 = right[0], r1 = right[1], r2 = right[2], r3 = right[3], r4 = right[4], r5 = right[5], r6 = right[6], r7 = right[7];
        for (int i = 0; i < 8; i++)
        {
            ReadOnlySpan<float> row = factors.Slice(8 * i, 8);
            product[i] = (r0 * row[0]) + (r1 * row[1]) + (r2 * row[2]) + (r3 * row[3]) + (r4 * row[4]) + (r5 * row[5]) + (r6 * row[6]) + (r7 * row[7]);
        }
    }

    private static float[] Cosines()
    {
        float[] both = new float[128];
        for (int u = 0; u < 8; u++)
        {
            for (int k = 0; k < 8; k++)
            {
                double value = Math.Sqrt(u == 0 ? 0.125 : 0.25) * Math.Cos(((2 * k) + 1) * u * Math.PI / 16);
                both[(8 * u) + k] = (float)value;
                both[64 + (8 * k) + u] = (float)value;
            }
        }

        return both;
    }
}
