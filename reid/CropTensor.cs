namespace Pipeline.Reid;

/// <summary>
/// The one way from a crop to a network's input, for the pipeline, for evaluation and for training. Keeps its working memory: one instance per thread.
/// </summary>
public sealed class CropTensor
{
    private readonly Preprocessing _how;
    private readonly Resampler _resampler = new();
    private readonly byte[] _resized;
    private readonly float[] _values = new float[3 * 256]; // of channel c (as in the tensor) and pixel p at 256·c + p

    /// <summary>Checks the settings and prepares the values of all 256 pixel levels.</summary>
    /// <exception cref="ArgumentException">A size is below 1, or mean or std are not three usable numbers.</exception>
    public CropTensor(Preprocessing how)
    {
        ArgumentNullException.ThrowIfNull(how);
        if (how.Width < 1 || how.Height < 1 || how.Mean.Count != 3 || how.Std.Count != 3 || how.Std.Any(s => s is not > 0) || how.BlackPoint is not (>= 0 and <= 0.5))
        {
            throw new ArgumentException($"needs sizes above 0, three means, three std above 0 and a black point of 0 to 0.5, got {how}", nameof(how));
        }

        _how = how;
        _resized = new byte[3 * how.Width * how.Height];
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = Value(i % 256, i / 256);
        }
    }

    /// <summary>The network's number of channel c (as in the tensor) and level v, at 256·c + v.</summary>
    internal ReadOnlySpan<float> Levels => _values;

    /// <summary>Floats of one crop.</summary>
    public int Length => _resized.Length;

    /// <summary>Resizes, normalises and orders one crop.</summary>
    /// <param name="picture">The crop, any size.</param>
    /// <param name="tensor">Receives <see cref="Length"/> floats.</param>
    /// <param name="mirrored">Left and right changed, for averaging with the mirrored crop.</param>
    /// <exception cref="ArgumentException">The tensor has another length, or the picture's bytes do not fit its size.</exception>
    public void Write(Picture picture, Span<float> tensor, bool mirrored = false)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (tensor.Length != Length)
        {
            throw new ArgumentException($"a crop of {_how.Width}x{_how.Height} has {Length} floats, got {tensor.Length}", nameof(tensor));
        }

        _resampler.Resize(picture.Bgr, picture.Width, picture.Height, _resized, _how.Width, _how.Height, _how.Interpolation);
        bool planes = _how.Layout == TensorLayout.Nchw;
        for (int c = 0; c < 3; c++)
        {
            ReadOnlySpan<byte> from = _resized.AsSpan(_how.Bgr ? c : 2 - c);
            if (_how.BlackPoint > 0)
            {
                TakeOffBlack(from, c);
            }

            Span<float> to = planes ? tensor.Slice(c * Length / 3, Length / 3) : tensor[c..];
            Fill(from, _values.AsSpan(256 * c, 256), to, planes ? 1 : 3, mirrored);
        }
    }

    // Single precision at every step, as torchvision computes what the networks were trained on.
    private float Value(double level, int channel) => ((float)(level * _how.Scale) - _how.Mean[channel]) / _how.Std[channel];

    private void TakeOffBlack(ReadOnlySpan<byte> levels, int channel)
    {
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        for (int i = 0; i < levels.Length; i += 3)
        {
            histogram[levels[i]]++;
        }

        int black = BlackLevel.Of(histogram, _how.BlackPoint);
        for (int level = 0; level < 256; level++)
        {
            _values[(256 * channel) + level] = Value(BlackLevel.Stretched(level, black), channel);
        }
    }

    private void Fill(ReadOnlySpan<byte> from, ReadOnlySpan<float> values, Span<float> to, int stride, bool mirrored)
    {
        int width = _how.Width;
        for (int y = 0; y < _how.Height; y++)
        {
            ReadOnlySpan<byte> row = from[(3 * width * y)..];
            Span<float> result = to[(stride * width * y)..];
            if (mirrored)
            {
                for (int x = 0; x < width; x++)
                {
                    result[x * stride] = values[row[3 * (width - 1 - x)]];
                }
            }
            else
            {
                for (int x = 0; x < width; x++)
                {
                    result[x * stride] = values[row[3 * x]];
                }
            }
        }
    }
}
