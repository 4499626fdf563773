using System.Numerics;

namespace Pipeline.Reid.Data;

/// <summary>The working memory of an <see cref="Augmenter"/>, for one thread at a time.</summary>
internal sealed class AugmenterWork
{
    private const double SharpeningReach = 1; // sigma in pixels of the unsharp mask, about what cheap cameras do

    private const double DarkestVeil = 120; // of 255: what spreads over a picture is the light of its bright parts

    private readonly AugmentationOptions _options;
    private readonly int _height;
    private readonly int _width;
    private readonly int _keptHeight;
    private readonly int _keptWidth;
    private readonly bool _blueFirst;
    private readonly double _blackPoint;
    private readonly float[] _plain = new float[3 * 256]; // the network's number of channel c (of the input) and level v, at 256·c + v
    private readonly float[] _table = new float[3 * 256];
    private readonly float[] _factor = new float[3]; // number = level × factor + shift
    private readonly float[] _shift = new float[3];
    private readonly Resampler _resampler = new();
    private readonly byte[] _whole;
    private byte[] _small = [];
    private readonly float[] _planes;
    private readonly float[] _scratch;
    private readonly float[] _blurred;
    private readonly float[] _weights = new float[PlaneFilters.LargestReach + 1];
    private readonly JpegArtefacts _jpeg;

    public AugmenterWork(Augmenter owner)
    {
        Preprocessing how = owner.Preprocessing;
        new CropTensor(how with { Layout = TensorLayout.Nhwc }).Levels.CopyTo(_plain);
        _options = owner.Options;
        (_height, _width, _blueFirst, _blackPoint) = (how.Height, how.Width, how.Bgr, how.BlackPoint);
        (_keptHeight, _keptWidth) = (_height + owner.MarginHeight, _width + owner.MarginWidth);
        for (int c = 0; c < 3; c++)
        {
            _factor[c] = (float)(how.Scale / how.Std[c]);
            _shift[c] = -how.Mean[c] / how.Std[c];
        }

        int padded = (_height + (2 * _options.Padding)) * (_width + (2 * _options.Padding));
        _whole = new byte[3 * (_options.Translation == Translation.Padded ? padded : _height * _width)];
        _planes = new float[3 * _height * _width];
        _scratch = new float[(_height * _width) + (2 * PlaneFilters.LargestReach)];
        _blurred = new float[_height * _width];
        _jpeg = new JpegArtefacts(_width, _height);
    }

    private int Pixels => _height * _width;

    /// <summary>Makes one input.</summary>
    /// <param name="picture">The kept picture.</param>
    /// <param name="random">The picture's own.</param>
    /// <param name="camera">That of the camera whose light and colours the picture gets; null: its own.</param>
    /// <param name="input">Receives it.</param>
    public void Write(ReadOnlySpan<byte> picture, SeededRandom random, SeededRandom? camera, Span<float> input)
    {
        SeededRandom shared = camera ?? default;
        ref SeededRandom light = ref camera is null ? ref random : ref shared;
        Source source = Shift(picture, ref random);
        bool mirrored = random.Chance(_options.FlipProbability);
        source = Coarse(source, ref random);
        bool levels = Levels(source, ref light);
        Later later = Later.Draw(_options, ref light, ref random);
        if (later.Any || _blackPoint > 0)
        {
            ToPlanes(source, mirrored, levels);
            Change(later);
            TakeOffBlack();
            Finish(input);
        }
        else
        {
            Straight(source, mirrored, levels, input);
        }

        Erase(input, ref random);
    }

    private Source Shift(ReadOnlySpan<byte> picture, ref SeededRandom random)
    {
        bool shifted = random.Chance(_options.TranslationProbability);
        (double u, double v) = (random.Unit(), random.Unit());
        (int spareX, int spareY) = (_keptWidth - _width, _keptHeight - _height);
        switch (shifted ? _options.Translation : Translation.None)
        {
            case Translation.Margin:
                return Source.Of(picture, _keptWidth, (int)(u * (spareX + 1)), (int)(v * (spareY + 1)));
            case Translation.Enlarged: // rounded as Python does: half to even, both ends half as likely
                return Source.Of(picture, _keptWidth, (int)Math.Round(u * spareX), (int)Math.Round(v * spareY));
            case Translation.Padded:
                int border = 2 * _options.Padding;
                Pad(picture);
                return Source.Of(_whole, _width + border, (int)(u * (border + 1)), (int)(v * (border + 1)));
            default:
                if (spareX + spareY == 0)
                {
                    return Source.Of(picture, _width, 0, 0);
                }

                Span<byte> whole = _whole.AsSpan(0, 3 * Pixels);
                _resampler.Resize(picture, _keptWidth, _keptHeight, whole, _width, _height, Interpolation.PillowBilinear);
                return Source.Of(whole, _width, 0, 0);
        }
    }

    private void Pad(ReadOnlySpan<byte> picture)
    {
        int stride = 3 * (_width + (2 * _options.Padding));
        Array.Clear(_whole);
        for (int y = 0; y < _height; y++)
        {
            picture.Slice(3 * _width * y, 3 * _width).CopyTo(_whole.AsSpan(((y + _options.Padding) * stride) + (3 * _options.Padding)));
        }
    }

    private Source Coarse(Source source, ref SeededRandom random)
    {
        bool coarse = random.Chance(_options.CoarseProbability);
        double share = random.Between(_options.CoarseMin, _options.CoarseMax);
        if (!coarse)
        {
            return source;
        }

        int length = 3 * Pixels;
        (int width, int height) = (Math.Max(1, (int)(_width * share)), Math.Max(1, (int)(_height * share)));
        if (_small.Length < 2 * length)
        {
            _small = new byte[2 * length];
        }

        Span<byte> cut = _small.AsSpan(0, length);
        Span<byte> small = _small.AsSpan(length, 3 * width * height);
        for (int y = 0; y < _height; y++)
        {
            source.Row(y, _width).CopyTo(cut[(3 * _width * y)..]);
        }

        _resampler.Resize(cut, _width, _height, small, width, height, Interpolation.PillowBilinear);
        _resampler.Resize(small, width, height, cut, _width, _height, Interpolation.PillowBilinear);
        return Source.Of(cut, _width, 0, 0);
    }

    /// <summary>Fills the table with what happens to each level; false when nothing does.</summary>
    private bool Levels(Source source, ref SeededRandom random)
    {
        double contrast = Drawn(_options.ContrastProbability, _options.ContrastMin, _options.ContrastMax, ref random);
        bool lit = random.Chance(_options.LightProbability);
        double light = random.Between(_options.LightMin, _options.LightMax);
        double shift = random.Between(-_options.LightShift, _options.LightShift);
        bool cast = random.Chance(_options.ChannelProbability);
        Span<double> gains = stackalloc double[3];
        for (int c = 0; c < 3; c++)
        {
            double gain = random.Between(1 - _options.ChannelGain, 1 + _options.ChannelGain);
            gains[c] = (lit ? light : 1) * (cast ? gain : 1);
        }

        Span<double> veils = stackalloc double[3];
        double veil = Veil(veils, ref random);
        double gamma = Drawn(_options.GammaProbability, _options.GammaMin, _options.GammaMax, ref random);
        shift = lit ? shift : 0;
        if (contrast == 1 && !lit && !cast && veil == 0 && gamma == 1)
        {
            return false;
        }

        double mean = contrast == 1 ? 0 : Mean(source);
        for (int c = 0; c < 3; c++)
        {
            for (int v = 0; v < 256; v++)
            {
                double level = ((((v - mean) * contrast) + mean) * gains[c]) + shift;
                level = (level * (1 - veil)) + (veils[c] * veil);
                _table[(256 * c) + v] = (float)(gamma == 1 ? level : 255 * Math.Pow(Math.Clamp(level, 0, 255) / 255, gamma));
            }
        }

        return true;
    }

    // The veil's share, 0 for none, and its levels of red, green and blue.
    private double Veil(Span<double> levels, ref SeededRandom random)
    {
        bool veiled = random.Chance(_options.VeilProbability);
        double share = random.Between(0, _options.VeilMax);
        double bright = random.Between(DarkestVeil, 255);
        foreach (ref double level in levels)
        {
            level = Math.Min(255, bright * random.Between(1 - _options.VeilTint, 1 + _options.VeilTint));
        }

        return veiled ? share : 0;
    }

    private static double Drawn(double probability, double low, double high, ref SeededRandom random)
    {
        bool drawn = random.Chance(probability);
        double value = random.Between(low, high);
        return drawn ? value : 1;
    }

    private double Mean(Source source)
    {
        long sum = 0;
        for (int y = 0; y < _height; y++)
        {
            ReadOnlySpan<byte> row = source.Row(y, _width);
            Vector<uint> sums = Vector<uint>.Zero;
            int x = 0;
            for (; x <= row.Length - Vector<byte>.Count; x += Vector<byte>.Count)
            {
                Vector.Widen(new Vector<byte>(row[x..]), out Vector<ushort> low, out Vector<ushort> high);
                Vector.Widen(low + high, out Vector<uint> lower, out Vector<uint> upper);
                sums += lower + upper;
            }

            sum += Vector.Sum(sums);
            for (; x < row.Length; x++)
            {
                sum += row[x];
            }
        }

        return sum / (3.0 * Pixels);
    }

    // Bytes to the network's numbers in one pass.
    private void Straight(Source source, bool mirrored, bool levels, Span<float> input)
    {
        for (int c = 0; c < 3; c++)
        {
            Span<float> table = _table.AsSpan(256 * c, 256);
            if (!levels)
            {
                _plain.AsSpan(256 * (_blueFirst ? 2 - c : c), 256).CopyTo(table);
                continue;
            }

            for (int v = 0; v < 256; v++)
            {
                table[v] = Number(table[v], c);
            }
        }

        ReadOnlySpan<float> reds = _table.AsSpan(0, 256);
        ReadOnlySpan<float> greens = _table.AsSpan(256, 256);
        ReadOnlySpan<float> blues = _table.AsSpan(512, 256);
        (int first, int last) = _blueFirst ? (2, 0) : (0, 2);
        for (int y = 0; y < _height; y++)
        {
            ReadOnlySpan<byte> row = source.Row(y, _width);
            Span<float> to = input.Slice(3 * _width * y, 3 * _width);
            for (int x = 0; x + 2 < to.Length; x += 3)
            {
                int at = mirrored ? row.Length - 3 - x : x;
                to[x + first] = reds[row[at]];
                to[x + 1] = greens[row[at + 1]];
                to[x + last] = blues[row[at + 2]];
            }
        }
    }

    private float Number(float level, int colour)
    {
        int channel = _blueFirst ? 2 - colour : colour;
        return (Math.Clamp(level, 0, 255) * _factor[channel]) + _shift[channel];
    }

    private void ToPlanes(Source source, bool mirrored, bool levels)
    {
        if (!levels)
        {
            for (int i = 0; i < _table.Length; i++)
            {
                _table[i] = i % 256;
            }
        }

        ReadOnlySpan<float> reds = _table.AsSpan(0, 256);
        ReadOnlySpan<float> greens = _table.AsSpan(256, 256);
        ReadOnlySpan<float> blues = _table.AsSpan(512, 256);
        for (int y = 0; y < _height; y++)
        {
            ReadOnlySpan<byte> row = source.Row(y, _width);
            Span<float> red = _planes.AsSpan(y * _width, _width);
            Span<float> green = _planes.AsSpan(Pixels + (y * _width), _width);
            Span<float> blue = _planes.AsSpan((2 * Pixels) + (y * _width), _width);
            for (int x = 0; x < red.Length; x++)
            {
                int at = 3 * (mirrored ? red.Length - 1 - x : x);
                red[x] = reds[row[at]];
                green[x] = greens[row[at + 1]];
                blue[x] = blues[row[at + 2]];
            }
        }
    }

    private void Change(Later later)
    {
        Span<float> red = _planes.AsSpan(0, Pixels);
        Span<float> green = _planes.AsSpan(Pixels, Pixels);
        Span<float> blue = _planes.AsSpan(2 * Pixels, Pixels);
        if (later.Saturation != 1)
        {
            PlaneFilters.Saturate(red, green, blue, (float)later.Saturation);
        }

        if (later.Blur > 0)
        {
            ReadOnlySpan<float> weights = _weights.AsSpan(0, PlaneFilters.Gaussian(later.Blur, _weights) + 1);
            PlaneFilters.Blur(red, _width, weights, _scratch);
            PlaneFilters.Blur(green, _width, weights, _scratch);
            PlaneFilters.Blur(blue, _width, weights, _scratch);
        }

        if (later.Sharpening > 0)
        {
            ReadOnlySpan<float> weights = _weights.AsSpan(0, PlaneFilters.Gaussian(SharpeningReach, _weights) + 1);
            PlaneFilters.Sharpen(red, _width, weights, (float)later.Sharpening, _scratch, _blurred);
            PlaneFilters.Sharpen(green, _width, weights, (float)later.Sharpening, _scratch, _blurred);
            PlaneFilters.Sharpen(blue, _width, weights, (float)later.Sharpening, _scratch, _blurred);
        }

        if (later.Noise > 0)
        {
            PlaneFilters.AddNoise(_planes, (float)later.Noise, later.NoiseEntry);
        }

        if (later.Jpeg > 0)
        {
            _jpeg.Apply(red, green, blue, later.Jpeg);
        }
    }

    // As CropTensor does, whatever was done to the picture before: it is what the network will be served.
    private void TakeOffBlack()
    {
        if (_blackPoint == 0)
        {
            return;
        }

        Span<int> histogram = stackalloc int[256];
        for (int c = 0; c < 3; c++)
        {
            Span<float> plane = _planes.AsSpan(c * Pixels, Pixels);
            histogram.Clear();
            foreach (float level in plane)
            {
                histogram[(int)(Math.Clamp(level, 0, 255) + 0.5f)]++;
            }

            int black = BlackLevel.Of(histogram, _blackPoint);
            foreach (ref float level in plane)
            {
                level = BlackLevel.Stretched(level, black);
            }
        }
    }

    private void Finish(Span<float> input)
    {
        for (int c = 0; c < 3; c++)
        {
            int channel = _blueFirst ? 2 - c : c;
            Span<float> plane = _planes.AsSpan(c * Pixels, Pixels);
            (float factor, Vector<float> shift) = (_factor[channel], new(_shift[channel]));
            int i = 0;
            for (; i <= plane.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> level = Vector.Min(Vector.Max(new Vector<float>(plane[i..]), Vector<float>.Zero), new Vector<float>(255));
                ((level * factor) + shift).CopyTo(plane[i..]);
            }

            for (; i < plane.Length; i++)
            {
                plane[i] = Number(plane[i], c);
            }
        }

        ReadOnlySpan<float> red = _planes.AsSpan(_blueFirst ? 2 * Pixels : 0, Pixels);
        ReadOnlySpan<float> green = _planes.AsSpan(Pixels, red.Length);
        ReadOnlySpan<float> blue = _planes.AsSpan(_blueFirst ? 0 : 2 * Pixels, red.Length);
        for (int i = 0; i < red.Length; i++)
        {
            Span<float> to = input.Slice(3 * i, 3);
            to[0] = red[i];
            to[1] = green[i];
            to[2] = blue[i];
        }
    }

    // Up to a hundred tries for a rectangle that fits, as RGA does.
    private void Erase(Span<float> input, ref SeededRandom random)
    {
        if (!random.Chance(_options.ErasingProbability))
        {
            return;
        }

        for (int i = 0; i < 100; i++)
        {
            double area = random.Between(_options.ErasingAreaMin, _options.ErasingAreaMax) * Pixels;
            double ratio = random.Between(_options.ErasingRatioMin, _options.ErasingRatioMax);
            (int height, int width) = ((int)Math.Round(Math.Sqrt(area * ratio)), (int)Math.Round(Math.Sqrt(area / ratio)));
            if (height < _height && width < _width)
            {
                Fill(input, random.Below(_height - height + 1), random.Below(_width - width + 1), height, width, ref random);
                return;
            }
        }
    }

    private void Fill(Span<float> input, int top, int left, int height, int width, ref SeededRandom random)
    {
        Span<float> colour = stackalloc float[3];
        Colour(colour, ref random);
        for (int y = top; y < top + height; y++)
        {
            Span<float> row = input.Slice(3 * ((y * _width) + left), 3 * width);
            for (int x = 0; x + 2 < row.Length; x += 3)
            {
                if (_options.ErasingFill == ErasingFill.Noise)
                {
                    Colour(colour, ref random);
                }

                colour.CopyTo(row[x..]);
            }
        }
    }

    private void Colour(Span<float> colour, ref SeededRandom random)
    {
        if (_options.ErasingFill == ErasingFill.Mean)
        {
            return; // zeros
        }

        ReadOnlySpan<double> stated = [_options.ErasingRed, _options.ErasingGreen, _options.ErasingBlue];
        for (int c = 0; c < 3; c++)
        {
            double level = _options.ErasingFill == ErasingFill.Stated ? stated[c] : random.Between(0, 255);
            colour[_blueFirst ? 2 - c : c] = Number((float)level, c);
        }
    }

    /// <summary>A window of the input's size in a picture.</summary>
    private readonly ref struct Source
    {
        private readonly ReadOnlySpan<byte> _bytes;
        private readonly int _stride;

        private Source(ReadOnlySpan<byte> bytes, int stride)
        {
            _bytes = bytes;
            _stride = stride;
        }

        public static Source Of(ReadOnlySpan<byte> picture, int width, int left, int top) => new(picture[(3 * ((top * width) + left))..], 3 * width);

        public ReadOnlySpan<byte> Row(int y, int width) => _bytes.Slice(y * _stride, 3 * width);
    }

    /// <summary>What is done to a picture beyond changes of single levels.</summary>
    private readonly record struct Later(double Saturation, double Blur, double Sharpening, double Noise, int NoiseEntry, int Jpeg)
    {
        public bool Any => Saturation != 1 || Blur > 0 || Sharpening > 0 || Noise > 0 || Jpeg > 0;

        public static Later Draw(AugmentationOptions options, ref SeededRandom light, ref SeededRandom random)
        {
            double saturation = Drawn(options.SaturationProbability, options.SaturationMin, options.SaturationMax, ref light);
            saturation = light.Chance(options.GreyProbability) ? 0 : saturation;
            bool blurred = random.Chance(options.BlurProbability);
            double blur = random.Between(options.BlurMin, options.BlurMax);
            bool noisy = random.Chance(options.NoiseProbability);
            double noise = random.Between(0, options.NoiseMax);
            int entry = random.Below(1 << 30);
            bool coded = random.Chance(options.JpegProbability);
            int quality = options.JpegMin + random.Below(options.JpegMax - options.JpegMin + 1);
            bool sharpened = random.Chance(options.SharpeningProbability);
            double sharpening = random.Between(0, options.SharpeningMax);
            return new Later(saturation, blurred ? blur : 0, sharpened ? sharpening : 0, noisy ? noise : 0, entry, coded ? quality : 0);
        }
    }
}
