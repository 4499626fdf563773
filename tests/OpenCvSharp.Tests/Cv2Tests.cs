namespace Pipeline.Tests.Bindings;

public class Cv2Tests
{
    [Fact]
    public void Version_and_build_are_those_of_the_library()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+", Cv2.GetVersionString());
        Assert.Contains("Video I/O", Cv2.GetBuildInformation(), StringComparison.Ordinal);
    }

    [Fact]
    public void Number_of_threads_is_what_was_set()
    {
        int before = Cv2.GetNumThreads();

        Cv2.SetNumThreads(1);
        int after = Cv2.GetNumThreads();
        Cv2.SetNumThreads(before);

        Assert.Equal(1, after);
    }

    [Fact]
    public void Resize_by_area_is_the_mean()
    {
        using Mat source = Bytes(2, 2, 0, 10, 20, 30);
        using Mat target = new();

        Cv2.Resize(source, target, new Size(1, 1), 0, 0, InterpolationFlags.Area);

        Assert.Equal([15], Values(target));
    }

    [Fact]
    public void CvtColor_exchanges_channels_and_weighs_luma()
    {
        using Mat source = new(1, 1, MatType.CV_8UC3, new Scalar(10, 20, 30));
        using Mat swapped = new();
        using Mat grey = new();

        Cv2.CvtColor(source, swapped, ColorConversionCodes.BGR2RGB);
        Cv2.CvtColor(source, grey, ColorConversionCodes.BGR2GRAY);

        Assert.Equal(new Vec3b(30, 20, 10), swapped.Get<Vec3b>(0, 0));
        Assert.Equal(22, grey.Get<byte>(0, 0)); // 0.114 * 10 + 0.587 * 20 + 0.299 * 30 = 21.85
    }

    [Fact]
    public void CopyMakeBorder_puts_the_value_around()
    {
        using Mat source = Bytes(1, 1, 5);
        using Mat target = new();

        Cv2.CopyMakeBorder(source, target, 0, 1, 1, 0, BorderTypes.Constant, new Scalar(114));

        Assert.Equal([114, 5, 114, 114], Values(target));
    }

    [Fact]
    public void Filters_of_an_impulse_are_their_kernels()
    {
        using Mat impulse = Bytes(3, 3, 0, 0, 0, 0, 90, 0, 0, 0, 0);
        using Mat blurred = new();
        using Mat gauss = new();
        using Mat median = new();

        Cv2.Blur(impulse, blurred, new Size(3, 3), null, BorderTypes.Constant);
        Cv2.GaussianBlur(impulse, gauss, new Size(3, 1), 0, 0, BorderTypes.Constant);
        Cv2.MedianBlur(impulse, median, 3);

        Assert.Equal(10, blurred.Get<byte>(1, 1));
        Assert.Equal(45, gauss.Get<byte>(1, 1)); // 1/4, 1/2, 1/4
        Assert.Equal(0, Cv2.CountNonZero(median));
    }

    [Fact]
    public void Derivatives_of_a_slope_and_a_peak()
    {
        using Mat slope = Bytes(3, 3, 0, 10, 20, 0, 10, 20, 0, 10, 20);
        using Mat peak = Bytes(3, 3, 0, 0, 0, 0, 8, 0, 0, 0, 0);
        using Mat dx = new();
        using Mat laplacian = new();

        Cv2.Sobel(slope, dx, MatType.CV_16S, 1, 0);
        Cv2.Laplacian(peak, laplacian, MatType.CV_64F);

        Assert.Equal(80, dx.Get<short>(1, 1)); // (1 + 2 + 1) * (20 - 0)
        Assert.Equal(-32, laplacian.Get<double>(1, 1));
    }

    [Fact]
    public void Threshold_is_returned_and_applied()
    {
        using Mat source = Bytes(1, 4, 10, 11, 200, 201);
        using Mat target = new();

        double fixedThreshold = Cv2.Threshold(source, target, 11, 255, ThresholdTypes.Binary);
        double found = Cv2.Threshold(source, target, 0, 255, ThresholdTypes.Binary | ThresholdTypes.Otsu);

        Assert.Equal(11, fixedThreshold);
        Assert.InRange(found, 11, 199);
        Assert.Equal([0, 0, 255, 255], Values(target));
    }

    [Fact]
    public void Arithmetic_saturates_and_masks()
    {
        using Mat a = Bytes(1, 3, 10, 200, 0b1100);
        using Mat b = Bytes(1, 3, 30, 100, 0b1010);
        using Mat mask = Bytes(1, 3, 0, 0, 1);
        using Mat difference = new();
        using Mat sum = new();
        using Mat and = new(1, 3, MatType.CV_8UC1, new Scalar(0));
        using Mat or = new();

        Cv2.Absdiff(a, b, difference);
        Cv2.AddWeighted(a, 1, b, 2, 1, sum);
        Cv2.BitwiseAnd(a, b, and, mask);
        Cv2.BitwiseOr(a, b, or);

        Assert.Equal([20, 100, 2], Values(difference));
        Assert.Equal([71, 255, 33], Values(sum));
        Assert.Equal([0, 0, 0b1000], Values(and));
        Assert.Equal([10 | 30, 200 | 100, 0b1110], Values(or));
    }

    [Fact]
    public void Morphology_grows_and_shrinks()
    {
        using Mat dot = Bytes(3, 3, 0, 0, 0, 0, 1, 0, 0, 0, 0);
        using Mat cross = Cv2.GetStructuringElement(MorphShapes.Cross, new Size(3, 3));
        using Mat grown = new();
        using Mat shrunk = new();
        using Mat opened = new();

        Cv2.Dilate(dot, grown, cross);
        Cv2.Erode(grown, shrunk, cross);
        Cv2.MorphologyEx(dot, opened, MorphTypes.Open, null);

        Assert.Equal(5, Cv2.CountNonZero(cross));
        Assert.Equal([0, 1, 0, 1, 1, 1, 0, 1, 0], Values(grown));
        Assert.Equal(Values(dot), Values(shrunk));
        Assert.Equal(0, Cv2.CountNonZero(opened));
    }

    [Fact]
    public void Connected_components_have_boxes_and_areas()
    {
        using Mat image = Bytes(2, 5, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0);
        using Mat labels = new();
        using Mat stats = new();
        using Mat centroids = new();

        int four = Cv2.ConnectedComponentsWithStats(image, labels, stats, centroids, PixelConnectivity.Connectivity4);
        int eight = Cv2.ConnectedComponentsWithStats(image, labels, stats, centroids);

        Assert.Equal((4, 2), (four, eight));
        Assert.Equal([0, 0, 4, 2, 4], stats.Row(1).AsSpan<int>().ToArray());
        Assert.Equal(1.5, centroids.At<double>(1, 0));
    }

    [Fact]
    public void Turns_and_mirrors()
    {
        using Mat source = Bytes(1, 2, 1, 2);
        using Mat turned = new();
        using Mat mirrored = new();

        Cv2.Rotate(source, turned, RotateFlags.Rotate90Clockwise);
        Cv2.Flip(source, mirrored, FlipMode.Y);

        Assert.Equal((2, 1), (turned.Rows, turned.Cols));
        Assert.Equal([1, 2], Values(turned));
        Assert.Equal([2, 1], Values(mirrored));
    }

    [Fact]
    public void Statistics_count_the_masked_pixels()
    {
        using Mat source = Bytes(1, 4, 1, 3, 100, 0);
        using Mat mask = Bytes(1, 4, 1, 1, 0, 0);

        Cv2.MeanStdDev(source, out Scalar mean, out Scalar deviation, mask);

        Assert.Equal((2, 1), (mean.Val0, deviation.Val0));
        Assert.Equal(26, Cv2.Mean(source)[0]);
        Assert.Equal(3, Cv2.CountNonZero(source));
    }

    [Fact]
    public void Channels_split_and_merge()
    {
        using Mat source = new(1, 1, MatType.CV_8UC3, new Scalar(1, 2, 3));
        using Mat merged = new();

        Mat[] parts = Cv2.Split(source);
        Cv2.Merge([parts[2], parts[1], parts[0]], merged);

        Assert.Equal([1, 2, 3], parts.Select(p => (int)p.Get<byte>(0, 0)));
        Assert.Equal(new Vec3b(3, 2, 1), merged.Get<Vec3b>(0, 0));
    }

    [Fact]
    public void Pictures_survive_a_lossless_format_in_memory_and_on_disk()
    {
        using Mat source = Bytes(2, 2, 1, 2, 3, 250);
        string file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "ä.png");

        byte[] png = source.ToBytes(".png");
        Assert.True(Cv2.ImWrite(file, source));
        using Mat decoded = Cv2.ImDecode(png, ImreadModes.Grayscale);
        using Mat read = Cv2.ImRead(file, ImreadModes.Grayscale);

        Assert.Equal(Values(source), Values(decoded));
        Assert.Equal(Values(source), Values(read));
        Assert.True(source.ToBytes(".jpg", new ImageEncodingParam(ImwriteFlags.JpegQuality, 20)).Length > 0);
    }

    [Fact]
    public void What_is_no_picture_decodes_to_nothing_and_an_unknown_format_is_refused()
    {
        using Mat source = Bytes(1, 1, 0);
        using Mat nothing = Cv2.ImDecode("no picture"u8, ImreadModes.Color);
        using Mat absent = Cv2.ImRead("/does/not/exist.png");

        Assert.True(nothing.Empty());
        Assert.True(absent.Empty());
        Assert.Throws<OpenCVException>(() => source.ToBytes(".nonsense"));
    }

    [Fact]
    public void Drawing_touches_the_pixels_named()
    {
        using Mat canvas = new(20, 20, MatType.CV_8UC1, new Scalar(0));

        Cv2.Rectangle(canvas, new Rect(2, 2, 3, 3), Scalar.White, -1);
        int filled = Cv2.CountNonZero(canvas);
        Cv2.Rectangle(canvas, new Point(10, 10), new Point(12, 12), Scalar.White);
        int outlined = Cv2.CountNonZero(canvas);
        Cv2.Line(canvas, new Point(0, 19), new Point(19, 19), Scalar.White);
        int lined = Cv2.CountNonZero(canvas);
        Cv2.PutText(canvas, "x", new Point(0, 18), HersheyFonts.HersheyPlain, 1, Scalar.White);

        Assert.Equal((9, 17, 37), (filled, outlined, lined));
        Assert.True(Cv2.CountNonZero(canvas) > 37);
    }

    [Fact]
    public void Bounding_rect_holds_every_point() =>
        Assert.Equal(new Rect(1, 2, 5, 6), Cv2.BoundingRect([new Point(1, 7), new Point(5, 2)]));

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
        mat.SetArray(values);
        return mat;
    }

    private static byte[] Values(Mat mat) => mat.GetArray(out byte[] values) ? values : [];
}
