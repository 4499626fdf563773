using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using Pipeline.Inference;

namespace Pipeline.Reid;

/// <summary>
/// A colour layout: where on the body which colours are. No network, nothing learnt, every constant set by hand; the baseline that trained weights
/// must beat, and what runs until there are some.
/// </summary>
/// <remarks>
/// Per crop: (1) shrink to 40 x 96; (2) weigh each pixel by how unlike it is to the colours at the crop's left and right edge in nearby rows, and by
/// how near to the middle it is: that is mostly the person; (3) equalise every channel's histogram over these weights, which takes out brightness,
/// contrast and tint of a camera (Finlayson et al. 2005, "Illuminant and device invariant colour using histogram equalisation"), mixed with
/// the stretched original (less of it in the lightness, half in the colours), so that black clothes stay black and grey ones grey; (4) in each of 24 overlapping stripes, soft histograms of lightness by red-green and of
/// lightness by yellow-blue; (5) power 0.6, unit length per stripe, mean taken off, so that strangers come out near zero rather than near one.
/// The parts follow the classic hand-made descriptors (stripes: Gray and Tao 2008; weighting by the body's axis: Farenzena et al. 2010).
/// </remarks>
public sealed class ColourEmbedder : IEmbedder
{
    /// <summary>The name to ask for it by.</summary>
    public const string Name = "colour";

    private const int Width = 40;
    private const int Height = 96;
    private const int Pixels = Width * Height;
    private const int EdgeColumns = 2; // left and right
    private const int EdgeReach = 6; // rows up and down, in steps of EdgeStep
    private const int EdgeStep = 3;
    private const double EdgeSpread = 25; // levels: how far from the edge's colours a pixel is half a person
    private const double AxisSpread = 0.26; // of the width
    private const float LightEqualised = 0.85f;
    private const float ColourEqualised = 0.2f;
    private const int LeastRange = 40; // levels: a crop of one colour is not stretched into noise
    private const int Stripes = 24;
    private const int LightBins = 8;
    private const int ColourBins = 5;
    private const int Bins = LightBins * ColourBins;
    private const float ColourReach = 0.5f; // opponent values beyond this fall into the last bin
    private const float Power = 0.6f;

    private static readonly string _modelId = Identify();
    private static readonly float[] _unlike = Unlike();
    private static readonly float[] _axis = Axis();

    private readonly Resampler _resampler = new();
    private readonly byte[] _small = new byte[3 * Pixels];
    private readonly float[] _weights = new float[Pixels];
    private readonly float[] _light = new float[3 * 256]; // of channel c and pixel level p at 256·c + p: its share in the lightness
    private readonly float[] _colour = new float[3 * 256]; // the same for the two colour differences
    private readonly float[] _histogram = new float[256];

    /// <summary><c>colour-layout@sha256:</c> and a digest of its constants: what was made with others is not compared.</summary>
    public string ModelId => _modelId;

    /// <inheritdoc/>
    public int Dimension => 2 * Stripes * Bins;

    /// <inheritdoc/>
    public string? Notice => "no network: colour layout; people dressed alike are one to it";

    /// <inheritdoc/>
    public float DefaultThreshold => 0.82f;

    /// <inheritdoc/>
    public float DefaultSameCameraExtra => 0.12f; // measured: in one light, strangers in dark clothes reach 0.953, and a person who comes back has a median of 0.95

    /// <inheritdoc/>
    public void Embed(IReadOnlyList<Picture> pictures, Span<float> embeddings)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (embeddings.Length != pictures.Count * Dimension)
        {
            throw new ArgumentException($"{pictures.Count} embeddings of {Dimension} are {pictures.Count * Dimension} floats, got {embeddings.Length}", nameof(embeddings));
        }

        for (int i = 0; i < pictures.Count; i++)
        {
            One(pictures[i], embeddings.Slice(i * Dimension, Dimension));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing to give back: all memory is managed.
    }

    private void One(Picture picture, Span<float> embedding)
    {
        _resampler.Resize(picture.Bgr, picture.Width, picture.Height, _small, Width, Height, Interpolation.PillowBilinear);
        Weigh();
        for (int channel = 0; channel < 3; channel++)
        {
            Equalise(channel);
        }

        embedding.Clear();
        Span<float> redGreen = embedding[..(Stripes * Bins)];
        Span<float> yellowBlue = embedding[(Stripes * Bins)..];
        Count(redGreen, yellowBlue);
        Finish(redGreen);
        Finish(yellowBlue);
    }

    private void Weigh()
    {
        ReadOnlySpan<byte> small = _small;
        Span<int> edge = stackalloc int[3 * 2 * EdgeColumns * ((2 * EdgeReach / EdgeStep) + 1)];
        for (int y = 0; y < Height; y++)
        {
            int colours = 0;
            for (int dy = -EdgeReach; dy <= EdgeReach; dy += EdgeStep)
            {
                int row = Math.Clamp(y + dy, 0, Height - 1) * Width;
                for (int k = 0; k < 2 * EdgeColumns; k++)
                {
                    int at = 3 * (row + (k < EdgeColumns ? k : Width - (2 * EdgeColumns) + k));
                    (edge[colours], edge[colours + 1], edge[colours + 2]) = (small[at], small[at + 1], small[at + 2]);
                    colours += 3;
                }
            }

            for (int x = 0; x < Width; x++)
            {
                int at = 3 * ((y * Width) + x);
                (int b, int g, int r) = (small[at], small[at + 1], small[at + 2]);
                int nearest = _unlike.Length - 1;
                for (int k = 0; k < colours; k += 3)
                {
                    (int db, int dg, int dr) = (b - edge[k], g - edge[k + 1], r - edge[k + 2]);
                    nearest = Math.Min(nearest, (db * db) + (dg * dg) + (dr * dr));
                }

                _weights[(y * Width) + x] = _unlike[nearest] * _axis[x];
            }
        }
    }

    private void Equalise(int channel)
    {
        Span<float> weighted = _histogram;
        Span<int> plain = stackalloc int[256];
        weighted.Clear();
        plain.Clear();
        for (int i = 0; i < Pixels; i++)
        {
            byte level = _small[(3 * i) + channel];
            weighted[level] += _weights[i];
            plain[level]++;
        }

        int low = Quantile(plain, 0.02);
        int range = Math.Max(Quantile(plain, 0.98) - low, LeastRange);
        float total = 0;
        foreach (float weight in weighted)
        {
            total += weight;
        }

        float below = 0;
        for (int level = 0; level < 256; level++)
        {
            float stretched = Math.Clamp((level - low) / (float)range, 0, 1);
            float equalised = total > 0 ? (below + (weighted[level] / 2)) / total : stretched;
            below += weighted[level];
            _light[(256 * channel) + level] = stretched + (LightEqualised * (equalised - stretched));
            _colour[(256 * channel) + level] = stretched + (ColourEqualised * (equalised - stretched));
        }
    }

    private static int Quantile(ReadOnlySpan<int> histogram, double share)
    {
        int seen = 0;
        for (int level = 0; level < 256; level++)
        {
            seen += histogram[level];
            if (seen > share * Pixels)
            {
                return level;
            }
        }

        return 255;
    }

    private void Count(Span<float> redGreen, Span<float> yellowBlue)
    {
        for (int y = 0; y < Height; y++)
        {
            float at = Math.Clamp((((y + 0.5f) / Height) * Stripes) - 0.5f, 0, Stripes - 1);
            int stripe = Math.Min((int)at, Stripes - 2);
            float lower = at - stripe;
            for (int x = 0; x < Width; x++)
            {
                int i = (y * Width) + x;
                (int blueAt, int greenAt, int redAt) = (_small[3 * i], 256 + _small[(3 * i) + 1], 512 + _small[(3 * i) + 2]);
                (float b, float g, float r) = (_colour[blueAt], _colour[greenAt], _colour[redAt]);
                (int light, float lighter) = Bin((_light[redAt] + _light[greenAt] + _light[blueAt]) / 3, LightBins);
                (int red, float redder) = Bin((r - g + ColourReach) / (2 * ColourReach), ColourBins);
                (int yellow, float yellower) = Bin((((r + g) / 2) - b + ColourReach) / (2 * ColourReach), ColourBins);
                float weight = _weights[i];
                int first = (stripe * Bins) + (light * ColourBins);
                Spread(redGreen[(first + red)..], weight * (1 - lower), lighter, redder);
                Spread(redGreen[(first + Bins + red)..], weight * lower, lighter, redder);
                Spread(yellowBlue[(first + yellow)..], weight * (1 - lower), lighter, yellower);
                Spread(yellowBlue[(first + Bins + yellow)..], weight * lower, lighter, yellower);
            }
        }
    }

    private static (int Index, float Further) Bin(float value, int bins)
    {
        float at = Math.Clamp(value, 0, 1) * (bins - 1);
        int index = Math.Min((int)at, bins - 2);
        return (index, at - index);
    }

    private static void Spread(Span<float> bins, float weight, float lighter, float further)
    {
        bins[0] += weight * (1 - lighter) * (1 - further);
        bins[1] += weight * (1 - lighter) * further;
        bins[ColourBins] += weight * lighter * (1 - further);
        bins[ColourBins + 1] += weight * lighter * further;
    }

    // Every part has the same length in the end; a stripe without a person in it stays zero.
    private static void Finish(Span<float> part)
    {
        for (int stripe = 0; stripe < Stripes; stripe++)
        {
            Span<float> bins = part.Slice(stripe * Bins, Bins);
            float squares = 0;
            for (int i = 0; i < Bins; i++)
            {
                bins[i] = bins[i] > 0 ? MathF.Pow(bins[i], Power) : 0;
                squares += bins[i] * bins[i];
            }

            if (squares < 1e-9f)
            {
                bins.Clear();
                continue;
            }

            TensorPrimitives.Divide(bins, MathF.Sqrt(squares), bins);
            float sum = 0;
            foreach (float value in bins)
            {
                sum += value;
            }

            TensorPrimitives.Subtract(bins, sum / Bins, bins);
        }

        float total = 0;
        foreach (float value in part)
        {
            total += value * value;
        }

        if (total > 0)
        {
            TensorPrimitives.Divide(part, MathF.Sqrt(total), part);
        }
    }

    private static string Identify()
    {
        const int Revision = 1; // raise when the arithmetic changes
        string constants = string.Create(
            CultureInfo.InvariantCulture,
            $"{Revision} {Width} {Height} {EdgeColumns} {EdgeReach} {EdgeStep} {EdgeSpread} {AxisSpread} {LightEqualised} {ColourEqualised} {LeastRange} {Stripes} {LightBins} {ColourBins} {ColourReach} {Power}");
        return $"colour-layout@sha256:{ShortDigest.Of(Encoding.ASCII.GetBytes(constants))}";
    }

    // Indexed by squared distance; further away is a person for certain.
    private static float[] Unlike()
    {
        float[] values = new float[(int)(16 * EdgeSpread * EdgeSpread)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(1 - Math.Exp(-i / (2 * EdgeSpread * EdgeSpread)));
        }

        return values;
    }

    private static float[] Axis()
    {
        float[] values = new float[Width];
        for (int x = 0; x < Width; x++)
        {
            double off = (((x + 0.5) / Width) - 0.5) / AxisSpread;
            values[x] = (float)Math.Exp(-off * off / 2);
        }

        return values;
    }
}
