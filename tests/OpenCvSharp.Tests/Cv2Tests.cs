namespace Pipeline.Tests.Bindings;

public class Cv2Tests
{
    [Fact]
    public void Version_is_that_of_the_library() => Assert.Matches(@"^\d+\.\d+\.\d+", Cv2.GetVersionString());

    [Fact]
    public void Resize_by_area_is_the_mean()
    {
        using Mat source = Bytes(2, 2, 0, 10, 20, 30);
        using Mat target = new();

        Cv2.Resize(source, target, new Size(1, 1), 0, 0, InterpolationFlags.Area);

        Assert.Equal([15], Values(target));
    }

    [Fact]
    public void Differences_have_no_sign()
    {
        using Mat a = Bytes(1, 2, 10, 200);
        using Mat b = Bytes(1, 2, 30, 100);
        using Mat difference = new();

        Cv2.Absdiff(a, b, difference);

        Assert.Equal([20, 100], Values(difference));
    }

    [Fact]
    public void Statistics_count_the_masked_pixels()
    {
        using Mat source = Bytes(1, 4, 1, 3, 100, 0);
        using Mat mask = Bytes(1, 4, 1, 1, 0, 0);

        Assert.Equal(2, Cv2.Mean(source, mask)[0]);
        Assert.Equal(26, Cv2.Mean(source)[0]);
        Assert.Equal(3, Cv2.CountNonZero(source));
    }

    [Fact]
    public void Pictures_survive_a_lossless_format()
    {
        using Mat source = Bytes(2, 2, 1, 2, 3, 250);
        string file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "ä.png");

        byte[] png = source.ToBytes(".png");
        File.WriteAllBytes(file, png);
        using Mat decoded = Cv2.ImDecode(png, ImreadModes.Grayscale);
        using Mat read = Cv2.ImRead(file, ImreadModes.Grayscale);

        Assert.Equal(Values(source), Values(decoded));
        Assert.Equal(Values(source), Values(read));
        Assert.True(source.ToBytes(".jpg", [(int)ImwriteFlags.JpegQuality, 20]).Length > 0);
    }

    [Fact]
    public void What_is_no_picture_decodes_to_nothing_and_an_unknown_format_is_refused()
    {
        using Mat source = Bytes(1, 1, 0);
        using Mat nothing = Cv2.ImDecode("no picture"u8.ToArray(), ImreadModes.Color);
        using Mat absent = Cv2.ImRead("/does/not/exist.png");

        Assert.True(nothing.Empty());
        Assert.True(absent.Empty());
        Assert.Throws<OpenCVException>(() => source.ToBytes(".nonsense"));
    }

    [Fact]
    public void Null_and_empty_inputs_are_errors_not_crashes()
    {
        using Mat empty = new();
        using Mat target = new();

        Assert.Throws<ArgumentNullException>(() => Cv2.Resize((Mat)null!, target, new Size(1, 1)));
        OpenCVException refused = Assert.Throws<OpenCVException>(() => Cv2.Resize(empty, target, new Size(1, 1)));
        Assert.Contains("empty", refused.Message, StringComparison.Ordinal);
    }

    private static Mat Bytes(int rows, int cols, params byte[] values)
    {
        Mat mat = new(rows, cols, MatType.CV_8UC1);
        values.CopyTo(mat.AsSpan<byte>());
        return mat;
    }

    private static byte[] Values(Mat mat) => mat.AsSpan<byte>().ToArray();
}
