namespace Pipeline.Tests.Bindings;

public class MatTests
{
    [Fact]
    public void A_new_mat_is_empty()
    {
        using Mat mat = new();

        Assert.True(mat.Empty());
        Assert.Equal(0, mat.Total());
        Assert.False(mat.IsDisposed);
    }

    [Fact]
    public void Size_type_and_step_are_those_asked_for()
    {
        using Mat mat = new(3, 5, MatType.CV_8UC3, new Scalar(1, 2, 3));

        Assert.Equal((3, 5, 5, 3), (mat.Rows, mat.Cols, mat.Width, mat.Height));
        Assert.Equal(new Size(5, 3), mat.Size());
        Assert.Equal(MatType.CV_8UC3, mat.Type());
        Assert.Equal((3, MatType.CV_8U, 3, 15L), (mat.Channels(), mat.Depth(), mat.ElemSize(), mat.Total()));
        Assert.True(mat.IsContinuous());
        Assert.NotEqual(0, mat.Data);
        Assert.Equal([1, 2, 3], mat.AsSpan<byte>()[^3..].ToArray());
    }

    [Fact]
    public void A_part_shares_the_pixels_of_the_whole()
    {
        using Mat whole = new(4, 4, MatType.CV_8UC1, new Scalar(0));
        using Mat part = new(whole, new Rect(1, 2, 2, 1));

        part.SetTo(new Scalar(9));

        Assert.Equal([9, 9], whole.AsSpan<byte>()[9..11].ToArray());
        Assert.Equal(2, Cv2.CountNonZero(whole));
    }

    [Fact]
    public void A_part_outlives_the_whole()
    {
        Mat whole = new(4, 4, MatType.CV_8UC1, new Scalar(7));
        using Mat part = whole[new Rect(1, 1, 2, 2)];

        whole.Dispose();

        Assert.Equal(4, Cv2.CountNonZero(part));
    }

    [Fact]
    public void A_part_outside_of_the_whole_is_refused_with_the_words_of_OpenCV()
    {
        using Mat whole = new(4, 4, MatType.CV_8UC1);

        OpenCVException refused = Assert.Throws<OpenCVException>(() => new Mat(whole, new Rect(3, 3, 2, 2)));

        Assert.Contains("roi.x", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.StsAssert, refused.Status);
        Assert.NotEqual(0, refused.Line);
    }

    [Fact]
    public void Pixel_data_is_not_copied()
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6];
        using Mat mat = Mat.FromPixelData(2, 3, MatType.CV_8UC1, pixels);

        mat.Set(1, 2, (byte)60);

        Assert.Equal(60, pixels[5]);
        Assert.Equal(4, mat.AsSpan<byte>()[3]);
    }

    [Fact]
    public void Pixel_data_may_have_a_step()
    {
        byte[] pixels = [1, 2, 0, 0, 3, 4];
        using Mat mat = Mat.FromPixelData(2, 2, MatType.CV_8UC1, pixels, 4);

        Assert.False(mat.IsContinuous());
        Assert.True(mat.AsSpan<byte>().IsEmpty);
        using Mat compact = mat.Clone();
        Assert.Equal([1, 2, 3, 4], compact.AsSpan<byte>().ToArray());
        Assert.Equal(mat.Data + 4, mat.Ptr(1));
    }

    [Fact]
    public void AsSpan_is_the_pixels()
    {
        using Mat mat = new(2, 2, MatType.CV_32FC1, new Scalar(0.5));

        mat.AsSpan<float>()[3] = 2;

        Assert.Equal([0.5f, 0.5f, 0.5f, 2f], mat.AsSpan<float>().ToArray());
    }

    [Fact]
    public void Copies_are_independent_and_masks_are_kept()
    {
        using Mat source = Mat.FromPixelData(1, 3, MatType.CV_8UC1, new byte[] { 1, 2, 3 });
        using Mat mask = Mat.FromPixelData(1, 3, MatType.CV_8UC1, new byte[] { 255, 0, 255 });
        using Mat target = new(1, 3, MatType.CV_8UC1, new Scalar(9));
        using Mat clone = source.Clone();

        source.CopyTo(target, mask);
        source.SetTo(new Scalar(0), mask);

        Assert.Equal([1, 9, 3], target.AsSpan<byte>().ToArray());
        Assert.Equal([0, 2, 0], source.AsSpan<byte>().ToArray());
        Assert.Equal([1, 2, 3], clone.AsSpan<byte>().ToArray());
    }

    [Fact]
    public void Reshape_keeps_the_elements()
    {
        using Mat mat = new(2, 3, MatType.CV_8UC1, new Scalar(5));
        using Mat column = mat.Reshape(1, 6);

        Assert.Equal((6, 1), (column.Rows, column.Cols));
        Assert.Equal(mat.Data, column.Data);
    }

    [Fact]
    public void A_disposed_mat_refuses_work()
    {
        Mat mat = new(1, 1, MatType.CV_8UC1);

        mat.Dispose();
        mat.Dispose();

        Assert.True(mat.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => mat.Rows);
    }

    [Fact]
    public void Types_are_OpenCVs_numbers()
    {
        Assert.Equal(16, (int)MatType.CV_8UC3);
        Assert.Equal("CV_8UC3", MatType.CV_8UC3.ToString());
        Assert.Equal("CV_32FC(7)", MatType.CV_32FC(7).ToString());
        Assert.Throws<OpenCvSharpException>(() => MatType.MakeType(0, 512));
    }

    [Fact]
    public void Rectangles_have_a_hull_and_may_meet()
    {
        Rect a = new(0, 0, 4, 4), b = new(2, 1, 4, 2);

        Assert.Equal(new Rect(0, 0, 6, 4), a.Union(b));
        Assert.True(a.IntersectsWith(b));
        Assert.False(a.IntersectsWith(new Rect(4, 0, 1, 1)));
    }
}
