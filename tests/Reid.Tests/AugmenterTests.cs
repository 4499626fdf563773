using System.Diagnostics;
using Pipeline.Reid;
using Pipeline.Reid.Data;
using Xunit.Abstractions;

namespace Pipeline.Tests.Reid;

public sealed class AugmenterTests(ITestOutputHelper output)
{
    private static readonly Preprocessing _small = new() { Height = 48, Width = 24 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_any_change_the_input_is_that_of_CropTensor_to_the_bit(bool blueFirst)
    {
        Preprocessing how = blueFirst
            ? _small with { Bgr = true, Scale = 1, Mean = [103.939f, 116.779f, 123.68f], Std = [1, 1, 1], Layout = TensorLayout.Nhwc }
            : _small with { Layout = TensorLayout.Nhwc };
        Picture picture = Pictures.Noise(24, 48, 5);
        float[] wanted = new float[3 * 24 * 48];
        new CropTensor(how).Write(picture, wanted);

        Assert.Equal(wanted, Made(new Augmenter(AugmentationOptions.Nothing, how, 1), Red(picture)));

        new CropTensor(how).Write(picture, wanted, mirrored: true);
        Assert.Equal(wanted, Made(new Augmenter(AugmentationOptions.Nothing with { FlipProbability = 1 }, how, 1), Red(picture)));
    }

    [Fact]
    public void With_a_black_point_the_input_is_nearly_that_of_CropTensor()
    {
        Preprocessing how = _small with { Layout = TensorLayout.Nhwc, BlackPoint = 0.05 };
        Picture picture = Pictures.Noise(24, 48, 5);
        float[] wanted = new float[3 * 24 * 48];
        new CropTensor(how).Write(picture, wanted);

        Assert.All(wanted.Zip(Made(new Augmenter(AugmentationOptions.Nothing, how, 1), Red(picture))), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Neutral_changes_give_nearly_the_same_by_the_longer_way()
    {
        AugmentationOptions neutral = AugmentationOptions.Nothing with
        {
            SaturationProbability = 1, SaturationMin = 1.000001, SaturationMax = 1.000001, NoiseProbability = 1, NoiseMax = 1e-5,
        };
        byte[] picture = Red(Pictures.Noise(24, 48, 6));

        float[] plain = Made(new Augmenter(AugmentationOptions.Nothing, _small, 1), picture);
        float[] longer = Made(new Augmenter(neutral, _small, 1), picture);

        Assert.All(plain.Zip(longer), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void A_place_gives_the_same_picture_every_time_and_other_places_other_ones()
    {
        Augmenter augmenter = new(Everything(), _small, 11, 6, 3);
        byte[] picture = Red(Pictures.Noise(27, 54, 7));

        float[] first = Made(augmenter, picture, 1, 2, 3);

        Assert.Equal(first, Made(new Augmenter(Everything(), _small, 11, 6, 3), picture, 1, 2, 3));
        Assert.All(
            new[] { (2, 2, 3), (1, 3, 3), (1, 2, 4) },
            place => Assert.NotEqual(first, Made(augmenter, picture, place.Item1, place.Item2, place.Item3)));
        Assert.All(first, v => Assert.InRange(v, -2.2f, 2.7f)); // levels 0 to 255, normalised
    }

    [Fact]
    public void Pictures_of_one_camera_share_its_colours_and_those_of_two_do_not()
    {
        AugmentationOptions levelsOnly = AugmentationOptions.Nothing with
        {
            Cameras = 3, ContrastProbability = 1, LightProbability = 1, ChannelProbability = 1, VeilProbability = 1, GammaProbability = 1, SaturationProbability = 1,
        };
        Augmenter augmenter = new(levelsOnly, _small, 11);
        byte[] picture = Red(Pictures.Noise(24, 48, 7));

        float[][] made = [.. Enumerable.Range(0, 9).Select(place => Made(augmenter, picture, 1, 2, place))];

        Assert.All(Enumerable.Range(0, 6), i => Assert.Equal(made[i], made[i + 3]));
        Assert.NotEqual(made[0], made[1]);
        Assert.NotEqual(made[1], made[2]);
        Assert.NotEqual(made[0], Made(augmenter, picture, 1, 3, 0)); // the next batch has other cameras
        Augmenter shifting = new(levelsOnly with { FlipProbability = 0.5 }, _small, 11); // what is no matter of colour stays each picture's own
        Assert.Equal(2, Enumerable.Range(0, 20).Select(i => Made(shifting, picture, 1, 2, 3 * i)).Select(m => m[0]).Distinct().Count());
    }

    [Fact]
    public void The_crop_lies_anywhere_within_the_margin()
    {
        byte[] picture = new byte[3 * 27 * 54];
        for (int i = 0; i < picture.Length; i++)
        {
            (picture[i], int x, int y) = (0, i / 3 % 27, i / 81);
            picture[i] = (byte)(i % 3 == 0 ? x : y);
        }

        Preprocessing levels = _small with { Scale = 1, Mean = [0, 0, 0], Std = [1, 1, 1] };
        HashSet<(int, int)> margin = Corners(Translation.Margin, 1);
        HashSet<(int, int)> enlarged = Corners(Translation.Enlarged, 1);

        Assert.Equal(4 * 7, margin.Count);
        Assert.Equal(4 * 7, enlarged.Count);

        HashSet<(int, int)> Corners(Translation how, double probability)
        {
            Augmenter augmenter = new(AugmentationOptions.Nothing with { Translation = how, TranslationProbability = probability }, levels, 3, 6, 3);
            return [.. Enumerable.Range(0, 1000).Select(i => Made(augmenter, picture, 0, 0, i)).Select(m => ((int)m[0], (int)m[1]))];
        }
    }

    [Fact]
    public void A_padded_crop_shows_black_borders()
    {
        byte[] white = new byte[3 * 24 * 48];
        Array.Fill(white, (byte)255);
        Preprocessing levels = _small with { Scale = 1, Mean = [0, 0, 0], Std = [1, 1, 1] };
        AugmentationOptions padded = AugmentationOptions.Nothing with { Translation = Translation.Padded, Padding = 4 };

        float[][] made = [.. Enumerable.Range(0, 400).Select(i => Made(new Augmenter(padded, levels, 3), white, 0, 0, i))];

        int[] blackRows = [.. made.Select(m => Enumerable.Range(0, 48).Count(y => m.AsSpan(72 * y, 72).IndexOf(255f) < 0))];
        Assert.Equal([0, 1, 2, 3, 4], blackRows.Distinct().Order());
    }

    [Theory]
    [InlineData(ErasingFill.Mean)]
    [InlineData(ErasingFill.Stated)]
    [InlineData(ErasingFill.Colour)]
    [InlineData(ErasingFill.Noise)]
    public void Erasing_fills_one_rectangle_of_the_stated_size(ErasingFill fill)
    {
        AugmentationOptions options = AugmentationOptions.Rga with { Translation = Translation.None, FlipProbability = 0, ErasingProbability = 1, ErasingFill = fill };
        byte[] picture = Red(Pictures.Noise(24, 48, 8));
        float[] plain = Made(new Augmenter(AugmentationOptions.Nothing, _small, 1), picture);

        for (int i = 0; i < 50; i++)
        {
            float[] erased = Made(new Augmenter(options, _small, 2), picture, 0, 0, i);
            int[] changed = [.. Enumerable.Range(0, 24 * 48).Where(p => !plain.AsSpan(3 * p, 3).SequenceEqual(erased.AsSpan(3 * p, 3)))];
            (int left, int right) = (changed.Min(p => p % 24), changed.Max(p => p % 24));
            (int top, int bottom) = (changed.Min(p => p / 24), changed.Max(p => p / 24));
            int area = (right - left + 1) * (bottom - top + 1);
            Assert.InRange(area, 0.01 * 24 * 48, 0.45 * 24 * 48); // 2 to 40 %, sides rounded
            Assert.InRange(changed.Length, area * 0.99, area); // a random picture hits the colour of a pixel now and then
            if (fill == ErasingFill.Mean)
            {
                Assert.All(changed, p => Assert.Equal(new float[3], erased[(3 * p)..(3 * p + 3)]));
            }
        }
    }

    [Fact]
    public void A_veil_lifts_black_to_its_colour_and_takes_the_same_share_of_contrast_from_every_channel()
    {
        Augmenter augmenter = new(
            AugmentationOptions.Nothing with { VeilProbability = 1, VeilMax = 0.5 }, _small with { Scale = 1, Mean = [0, 0, 0], Std = [1, 1, 1] }, 1);
        byte[] halves = [.. Enumerable.Range(0, 24 * 48).SelectMany(p => p < 12 * 48 ? new byte[3] : [255, 255, 255])];
        List<float> lifts = [];
        for (int i = 0; i < 50; i++)
        {
            float[] veiled = Made(augmenter, halves, place: i);
            (float[] black, float[] white) = (veiled[..3], veiled[^3..]);
            double share = 1 - ((white[0] - black[0]) / 255);
            Assert.InRange(share, 0, 0.5);
            Assert.Equal(white[0] - black[0], white[1] - black[1], 0.01);
            Assert.Equal(white[0] - black[0], white[2] - black[2], 0.01);
            Assert.All(black, level => Assert.InRange(level, share * 120 * 0.64, (share * 255) + 0.01));
            lifts.Add(black.Max() - black.Min());
        }

        Assert.InRange(lifts.Max(), 10, 128); // some veils have a colour
    }

    [Fact]
    public void Grey_takes_the_colour_and_keeps_the_light()
    {
        float[] grey = Made(
            new Augmenter(AugmentationOptions.Nothing with { GreyProbability = 1 }, _small with { Scale = 1, Mean = [0, 0, 0], Std = [1, 1, 1] }, 1),
            Red(Pictures.Person(24, 48, (10, 200, 30), (10, 200, 30))));

        int middle = 3 * ((24 * 24) + 12);
        Assert.Equal(grey[middle], grey[middle + 1], 1e-3);
        Assert.Equal(grey[middle], grey[middle + 2], 1e-3);
        Assert.InRange(grey[middle], (0.114 * 10) + (0.587 * 200) + (0.299 * 30), (0.114 * 18) + (0.587 * 208) + (0.299 * 38));
    }

    [Fact]
    public void Blur_keeps_the_mean_and_takes_the_grain_as_the_plain_formula_does()
    {
        const double sigma = 1.3;
        float[] plane = [.. Enumerable.Range(0, 20 * 30).Select(i => (float)((i * 7919) % 256))];
        float[] weights = new float[PlaneFilters.LargestReach + 1];
        int reach = PlaneFilters.Gaussian(sigma, weights);
        float[] blurred = [.. plane];

        PlaneFilters.Blur(blurred, 20, weights.AsSpan(0, reach + 1), new float[1000]);

        for (int y = 0; y < 30; y++)
        {
            for (int x = 0; x < 20; x++)
            {
                double sum = 0;
                for (int v = -reach; v <= reach; v++)
                {
                    for (int u = -reach; u <= reach; u++)
                    {
                        sum += weights[Math.Abs(u)] * (double)weights[Math.Abs(v)] * plane[(20 * Math.Clamp(y + v, 0, 29)) + Math.Clamp(x + u, 0, 19)];
                    }
                }

                Assert.Equal(sum, blurred[(20 * y) + x], 1e-3);
            }
        }
    }

    [Theory]
    [InlineData(20)]
    [InlineData(75)]
    public void Jpeg_artefacts_are_about_those_of_a_real_encoder(int quality)
    {
        Picture picture = Pictures.Person(64, 128, (30, 60, 200), (150, 90, 40));
        Picture coded = PictureIo.Decode(PictureIo.ToJpeg(picture, quality))!;
        float[][] planes = [.. Enumerable.Range(0, 3).Select(c => picture.Bgr.Where((_, i) => i % 3 == 2 - c).Select(b => (float)b).ToArray())];

        new JpegArtefacts(64, 128).Apply(planes[0], planes[1], planes[2], quality);

        double ours = 0, change = 0;
        for (int i = 0; i < coded.Bgr.Length; i++)
        {
            ours += Math.Abs(coded.Bgr[i] - planes[2 - (i % 3)][i / 3]);
            change += Math.Abs(coded.Bgr[i] - picture.Bgr[i]);
        }

        output.WriteLine($"quality {quality}: the encoder changes {change / coded.Bgr.Length:0.00} levels, ours differs from it by {ours / coded.Bgr.Length:0.00}");
        Assert.InRange(ours, 0, 0.5 * change);
    }

    [Fact]
    public void Options_say_what_is_wrong_with_them_and_the_margin_must_fit()
    {
        AugmentationOptions wrong = new() { FlipProbability = 1.5, ContrastMin = 2, ContrastMax = 1, JpegMin = 0, LightShift = double.NaN };

        Assert.Equal(
            [
                ("augmentation.flip_probability", "0 to 1, got 1.5"),
                ("augmentation.contrast_max", "2 (its minimum) to 10, got 1"),
                ("augmentation.jpeg_min", "1 to 100, got 0"),
                ("augmentation.light_shift", "0 to 255, got NaN"),
            ],
            wrong.Problems());
        Assert.Empty(AugmentationOptions.Rga.Problems());
        Assert.Empty(AugmentationOptions.AdaptiveReid.Problems());
        Assert.Empty(new AugmentationOptions().Problems());
        Assert.Contains("without a margin", Assert.Throws<InvalidDataException>(() => new Augmenter(new(), _small, 1)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "Set the margin to 0", Assert.Throws<InvalidDataException>(() => new Augmenter(AugmentationOptions.AdaptiveReid, _small, 1, 2, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_allocated_for_a_picture_once_warm()
    {
        Augmenter augmenter = new(Everything(), _small, 11, 6, 3);
        byte[] picture = Red(Pictures.Noise(27, 54, 7));
        float[] input = new float[augmenter.Length];
        for (int i = 0; i < 50; i++)
        {
            augmenter.Write(picture, 0, 0, i, input);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            augmenter.Write(picture, 0, 1, i, input);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 * 64); // the bag may make a node
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("rga")]
    [InlineData("recipe for rendered people")]
    [InlineData("blur")]
    [InlineData("coarse")]
    [InlineData("jpeg")]
    [InlineData("noise")]
    [InlineData("gamma")]
    [InlineData("everything at once")]
    public void Speed_is_printed(string name)
    {
        Preprocessing how = new() { Height = 192, Width = 96 };
        AugmentationOptions nothing = AugmentationOptions.Nothing with { Translation = Translation.Margin };
        AugmentationOptions options = name switch
        {
            "nothing" => nothing,
            "rga" => AugmentationOptions.Rga,
            "everything at once" => Everything(),
            "blur" => nothing with { BlurProbability = 1 },
            "coarse" => nothing with { CoarseProbability = 1 },
            "jpeg" => nothing with { JpegProbability = 1 },
            "noise" => nothing with { NoiseProbability = 1 },
            "gamma" => nothing with { GammaProbability = 1 },
            _ => new AugmentationOptions(),
        };
        Augmenter augmenter = new(options, how, 1, 24, 12);
        byte[] picture = Red(Pictures.Noise(108, 216, 7));
        float[] input = new float[augmenter.Length];
        int made = 0;
        for (; made < 200; made++)
        {
            augmenter.Write(picture, 0, 0, made, input);
        }

        // Time of the processor, not of the clock: other work on the machine does not count.
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        for (int i = 0; i < 300; i++)
        {
            augmenter.Write(picture, 0, 1, i, input);
        }

        double seconds = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
        output.WriteLine($"{name}: {300 / seconds:0} pictures of 192x96 a second on one core");
        Assert.Equal(200, made);
    }

    internal static AugmentationOptions Everything() => new()
    {
        CoarseProbability = 1, GammaProbability = 1, SaturationProbability = 1, BlurProbability = 1, NoiseProbability = 1, JpegProbability = 1, ErasingProbability = 1,
    };

    private static float[] Made(Augmenter augmenter, byte[] picture, int epoch = 0, int step = 0, int place = 0)
    {
        float[] input = new float[augmenter.Length];
        augmenter.Write(picture, epoch, step, place, input);
        return input;
    }

    /// <summary>Red first, as pictures are kept for training.</summary>
    private static byte[] Red(Picture picture) => [.. picture.Bgr.Chunk(3).SelectMany(p => new[] { p[2], p[1], p[0] })];
}
