using Pipeline.Reid;
using Xunit.Abstractions;

namespace Pipeline.Tests.Reid;

public sealed class CropTensorTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("resize_small")]
    public void Resize_gives_the_reference_integers(string name) => Check(TestData.Golden("preprocess", name + ".safetensors"));

    [SkippableFact]
    public void Resize_gives_the_reference_integers_on_all_seven_crops() =>
        Check(TestData.Shared("golden", "preprocess", "resize.safetensors"));

    [SkippableFact]
    public void Write_matches_the_normalised_tensors_of_torchvision()
    {
        Golden golden = new(TestData.Shared("golden", "preprocess", "resize.safetensors"));
        foreach (string name in golden.Names.Where(n => n.StartsWith("tensor.", StringComparison.Ordinal)))
        {
            CropTensor tensor = new(new Preprocessing());
            float[] got = new float[tensor.Length];

            tensor.Write(ToBgr(golden, "raw." + name[7..]), got);

            double worst = golden.Floats(name).Zip(got, (a, b) => Math.Abs(a - (double)b)).Max();
            output.WriteLine($"| preprocess/resize {name} | {worst:e1} | 4e-7 |");
            Assert.InRange(worst, 0, 4e-7);
        }
    }

    [Fact]
    public void Write_matches_the_caffe_mode_input_of_AdaptiveReID()
    {
        Golden golden = new(TestData.Golden("preprocess", "adaptive_reid.safetensors"));
        CropTensor tensor = new(new Preprocessing
        {
            Height = 384, Width = 128, Mean = [103.939f, 116.779f, 123.68f], Std = [1, 1, 1], Scale = 1, Bgr = true,
            Interpolation = Interpolation.OpenCvLinear, Layout = TensorLayout.Nhwc,
        });
        float[] got = new float[tensor.Length];

        tensor.Write(ToBgr(golden, "raw"), got);

        float[] wanted = golden.Floats("input_hwc_bgr");
        double worst = 0;
        for (int i = 0; i < wanted.Length; i++)
        {
            (int y, int x, int c) = (i / 48 * 8, i / 3 % 16 * 8, i % 3);
            worst = Math.Max(worst, Math.Abs(wanted[i] - got[(((y * 128) + x) * 3) + c]));
        }

        output.WriteLine($"| preprocess/adaptive_reid | {worst:e1} | 2e-5 |");
        Assert.InRange(worst, 0, 2e-5); // float spacing at 128 is 1.5e-5
        byte[] resized = new byte[384 * 128 * 3];
        new Resampler().Resize(golden.Bytes("raw"), 64, 128, resized, 128, 384, Interpolation.OpenCvLinear);
        Assert.Equal(golden.Bytes("resized"), resized);
    }

    [Theory]
    [InlineData(TensorLayout.Nchw)]
    [InlineData(TensorLayout.Nhwc)]
    public void Write_mirrored_is_Write_of_the_mirrored_picture(TensorLayout layout)
    {
        Picture picture = Pictures.Noise(128, 256, 3);
        byte[] turned = new byte[picture.Bgr.Length];
        for (int i = 0; i < turned.Length; i++)
        {
            (int y, int x, int c) = (i / 384, i / 3 % 128, i % 3);
            turned[(((y * 128) + 127 - x) * 3) + c] = picture.Bgr[i];
        }

        CropTensor tensor = new(new Preprocessing { Layout = layout });
        float[] mirrored = new float[tensor.Length];
        float[] wanted = new float[tensor.Length];
        tensor.Write(picture, mirrored, mirrored: true);
        tensor.Write(picture with { Bgr = turned }, wanted);

        Assert.Equal(wanted, mirrored);
    }

    [Fact]
    public void A_black_point_takes_off_a_white_veil_and_leaves_a_picture_without_one_as_it_is()
    {
        CropTensor plain = new(new Preprocessing { Height = 32, Width = 16 });
        CropTensor without = new(new Preprocessing { Height = 32, Width = 16, BlackPoint = 0.01 });
        Picture picture = Pictures.Noise(16, 32, 3); // some of its pixels are black
        Picture veiled = picture with { Bgr = [.. picture.Bgr.Select(v => (byte)Math.Round((v * 0.7) + (255 * 0.3)))] };

        Assert.All(Made(plain, picture).Zip(Made(without, picture)), pair => Assert.Equal(pair.First, pair.Second, 0.1)); // a step of 255 is 0.017
        Assert.All(Made(plain, picture).Zip(Made(without, veiled)), pair => Assert.Equal(pair.First, pair.Second, 0.1));
    }

    [Fact]
    public void A_black_point_takes_the_colour_out_of_black_and_spares_a_picture_without_anything_dark()
    {
        CropTensor tensor = new(new Preprocessing { Height = 32, Width = 16, BlackPoint = 0.01, Scale = 1, Mean = [0, 0, 0], Std = [1, 1, 1] });
        Picture blue = new(16, 32, [.. Enumerable.Range(0, 16 * 32).SelectMany(i => i < 256 ? new byte[] { 90, 40, 30 } : [250, 240, 245])]);
        Picture bright = new(16, 32, [.. Enumerable.Repeat((byte)240, 3 * 16 * 32)]);

        float[] dark = Made(tensor, blue);

        Assert.All((int[])[0, 512, 1024], at => Assert.Equal(0, dark[at]));
        Assert.All(Made(tensor, bright), level => Assert.Equal((240 - 128) * 255f / 127, level, 0.01f));
    }

    [Fact]
    public void Resize_halves_as_OpenCV_does_by_the_mean_of_four()
    {
        byte[] source = [1, 10, 100, 2, 20, 200, 3, 30, 100, 4, 40, 201]; // 2x2
        byte[] target = new byte[3];

        new Resampler().Resize(source, 2, 2, target, 1, 1, Interpolation.OpenCvLinear);

        Assert.Equal([3, 25, 150], target); // (10 + 2) >> 2, (100 + 2) >> 2, (601 + 2) >> 2
    }

    [Fact]
    public void Resize_refuses_bytes_that_do_not_fit_the_size()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(
            () => new Resampler().Resize(new byte[11], 2, 2, new byte[3], 1, 1, Interpolation.PillowBilinear));

        Assert.Contains("a 2x2 picture has 12 bytes, got 11", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_instance_gives_the_same_tensor_whatever_it_resized_before()
    {
        Resampler used = new();
        byte[] again = new byte[3 * 128 * 256];
        byte[] fresh = new byte[again.Length];
        foreach (Interpolation how in Enum.GetValues<Interpolation>())
        {
            foreach ((int w, int h) in ((int, int)[])[(300, 31), (5, 700), (128, 9), (60, 256), (1, 1)])
            {
                Picture picture = Pictures.Noise(w, h, w);
                used.Resize(picture.Bgr, w, h, again, 128, 256, how);
                new Resampler().Resize(picture.Bgr, w, h, fresh, 128, 256, how);
                Assert.Equal(fresh, again);
            }
        }
    }

    private void Check(string path)
    {
        Golden golden = new(path);
        int compared = 0;
        foreach (string name in golden.Names.Where(n => n.StartsWith("pil_", StringComparison.Ordinal) || n.StartsWith("cv2_", StringComparison.Ordinal)))
        {
            string raw = "raw." + name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
            int[] from = golden.Shape(raw);
            int[] to = golden.Shape(name);
            byte[] got = new byte[to[0] * to[1] * 3];
            Interpolation how = name.StartsWith("cv2", StringComparison.Ordinal) ? Interpolation.OpenCvLinear
                : name.Contains("bicubic", StringComparison.Ordinal) ? Interpolation.PillowBicubic : Interpolation.PillowBilinear;

            new Resampler().Resize(golden.Bytes(raw), from[1], from[0], got, to[1], to[0], how);

            byte[] wanted = golden.Bytes(name);
            int worst = wanted.Zip(got, (a, b) => Math.Abs(a - b)).Max();
            output.WriteLine($"| preprocess/resize {name} | {worst} | 0 |");
            Assert.Equal(0, worst);
            compared++;
        }

        Assert.True(compared > 5);
    }

    private static float[] Made(CropTensor tensor, Picture picture)
    {
        float[] made = new float[tensor.Length];
        tensor.Write(picture, made);
        return made;
    }

    private static Picture ToBgr(Golden golden, string name)
    {
        int[] shape = golden.Shape(name);
        byte[] bytes = golden.Bytes(name);
        for (int i = 0; i < bytes.Length; i += 3)
        {
            (bytes[i], bytes[i + 2]) = (bytes[i + 2], bytes[i]);
        }

        return new Picture(shape[1], shape[0], bytes);
    }
}
