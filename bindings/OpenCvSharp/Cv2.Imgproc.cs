using System.Runtime.InteropServices;
using OpenCvSharp.Internal;

namespace OpenCvSharp;

public static partial class Cv2
{
    private static readonly Point Centre = new(-1, -1);

    /// <summary>Changes the size, to <paramref name="dsize"/> or, when that is empty, by the factors.</summary>
    public static void Resize(
        InputArray src, OutputArray dst, Size dsize, double fx = 0, double fy = 0, InterpolationFlags interpolation = InterpolationFlags.Linear) =>
        Bridge.Check(ImgprocNative.Resize(In(src), Out(dst), dsize.Width, dsize.Height, fx, fy, (int)interpolation));

    /// <summary>Converts to another colour space.</summary>
    public static void CvtColor(InputArray src, OutputArray dst, ColorConversionCodes code, int dstCn = 0) =>
        Bridge.Check(ImgprocNative.CvtColor(In(src), Out(dst), (int)code, dstCn));

    /// <summary>Gaussian blur; a sigma of 0 follows from the size and the other way round.</summary>
    public static void GaussianBlur(
        InputArray src, OutputArray dst, Size ksize, double sigmaX, double sigmaY = 0, BorderTypes borderType = BorderTypes.Default) =>
        Bridge.Check(ImgprocNative.GaussianBlur(In(src), Out(dst), ksize.Width, ksize.Height, sigmaX, sigmaY, (int)borderType));

    /// <summary>Mean over a box.</summary>
    public static void Blur(
        InputArray src, OutputArray dst, Size ksize, Point? anchor = null, BorderTypes borderType = BorderTypes.Default)
    {
        Point at = anchor ?? Centre;
        Bridge.Check(ImgprocNative.Blur(In(src), Out(dst), ksize.Width, ksize.Height, at.X, at.Y, (int)borderType));
    }

    /// <summary>Median over a square of odd size.</summary>
    public static void MedianBlur(InputArray src, OutputArray dst, int ksize) =>
        Bridge.Check(ImgprocNative.MedianBlur(In(src), Out(dst), ksize));

    /// <summary>Sum of the second derivatives.</summary>
    public static void Laplacian(
        InputArray src,
        OutputArray dst,
        MatType ddepth,
        int ksize = 1,
        double scale = 1,
        double delta = 0,
        BorderTypes borderType = BorderTypes.Default) =>
        Bridge.Check(ImgprocNative.Laplacian(In(src), Out(dst), ddepth.Value, ksize, scale, delta, (int)borderType));

    /// <summary>Derivatives.</summary>
    public static void Sobel(
        InputArray src,
        OutputArray dst,
        MatType ddepth,
        int xorder,
        int yorder,
        int ksize = 3,
        double scale = 1,
        double delta = 0,
        BorderTypes borderType = BorderTypes.Default) =>
        Bridge.Check(ImgprocNative.Sobel(In(src), Out(dst), ddepth.Value, xorder, yorder, ksize, scale, delta, (int)borderType));

    /// <summary>Applies a threshold and returns it.</summary>
    public static double Threshold(InputArray src, OutputArray dst, double thresh, double maxval, ThresholdTypes type)
    {
        Bridge.Check(ImgprocNative.Threshold(In(src), Out(dst), thresh, maxval, (int)type, out double used));
        return used;
    }

    /// <summary>Minimum under the element; null is a square of 3.</summary>
    public static void Erode(
        InputArray src,
        OutputArray dst,
        InputArray? element,
        Point? anchor = null,
        int iterations = 1,
        BorderTypes borderType = BorderTypes.Constant,
        Scalar? borderValue = null) =>
        MorphologyEx(src, dst, MorphTypes.Erode, element, anchor, iterations, borderType, borderValue);

    /// <summary>Maximum under the element; null is a square of 3.</summary>
    public static void Dilate(
        InputArray src,
        OutputArray dst,
        InputArray? element,
        Point? anchor = null,
        int iterations = 1,
        BorderTypes borderType = BorderTypes.Constant,
        Scalar? borderValue = null) =>
        MorphologyEx(src, dst, MorphTypes.Dilate, element, anchor, iterations, borderType, borderValue);

    /// <summary>A morphological operation; a null element is a square of 3.</summary>
    public static unsafe void MorphologyEx(
        InputArray src,
        OutputArray dst,
        MorphTypes op,
        InputArray? element,
        Point? anchor = null,
        int iterations = 1,
        BorderTypes borderType = BorderTypes.Constant,
        Scalar? borderValue = null)
    {
        Point at = anchor ?? Centre;
        Scalar border = borderValue ?? default;
        Bridge.Check(ImgprocNative.Morphology(
            In(src), Out(dst), (int)op, Optional(element), at.X, at.Y, iterations, (int)borderType, borderValue is null ? null : &border));
    }

    /// <summary>An element for morphology, anchored in its middle.</summary>
    public static Mat GetStructuringElement(MorphShapes shape, Size ksize) => GetStructuringElement(shape, ksize, Centre);

    /// <summary>An element for morphology.</summary>
    public static Mat GetStructuringElement(MorphShapes shape, Size ksize, Point anchor)
    {
        Bridge.Check(ImgprocNative.StructuringElement((int)shape, ksize.Width, ksize.Height, anchor.X, anchor.Y, out MatHandle element));
        return new(element);
    }

    /// <summary>Numbers the connected areas; 0 is the background. Statistics: left, top, width, height, area, one row a label (int).</summary>
    public static int ConnectedComponentsWithStats(
        InputArray image,
        OutputArray labels,
        OutputArray stats,
        OutputArray centroids,
        PixelConnectivity connectivity = PixelConnectivity.Connectivity8) =>
        ConnectedComponentsWithStats(image, labels, stats, centroids, connectivity, MatType.CV_32S);

    /// <summary>Numbers the connected areas; 0 is the background. Statistics: left, top, width, height, area, one row a label (int).</summary>
    public static int ConnectedComponentsWithStats(
        InputArray image, OutputArray labels, OutputArray stats, OutputArray centroids, PixelConnectivity connectivity, MatType ltype)
    {
        Bridge.Check(ImgprocNative.ConnectedComponents(
            In(image), Out(labels), Out(stats), Out(centroids), (int)connectivity, ltype.Value, out int count));
        return count;
    }

    /// <summary>Smallest upright rectangle around points.</summary>
    public static Rect BoundingRect(IEnumerable<Point> curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        Point[] points = [.. curve];
        Bridge.Check(ImgprocNative.BoundingRect(MemoryMarshal.Cast<Point, int>(points), points.Length, out Rect rect));
        return rect;
    }

    /// <summary>Draws a rectangle; a negative thickness fills it.</summary>
    public static void Rectangle(
        InputOutputArray img, Point pt1, Point pt2, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Bridge.Check(ImgprocNative.RectangleCorners(Out(img), pt1.X, pt1.Y, pt2.X, pt2.Y, color, thickness, (int)lineType, shift));

    /// <summary>Draws a rectangle; a negative thickness fills it.</summary>
    public static void Rectangle(
        InputOutputArray img, Rect rect, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Bridge.Check(ImgprocNative.Rectangle(
            Out(img), rect.X, rect.Y, rect.Width, rect.Height, color, thickness, (int)lineType, shift));

    /// <summary>Draws a rectangle; a negative thickness fills it.</summary>
    public static void Rectangle(
        Mat img, Rect rect, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Rectangle((InputOutputArray)img, rect, color, thickness, lineType, shift);

    /// <summary>Draws a rectangle; a negative thickness fills it.</summary>
    public static void Rectangle(
        Mat img, Point pt1, Point pt2, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Rectangle((InputOutputArray)img, pt1, pt2, color, thickness, lineType, shift);

    /// <summary>Draws a line.</summary>
    public static void Line(
        InputOutputArray img, Point pt1, Point pt2, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Bridge.Check(ImgprocNative.Line(Out(img), pt1.X, pt1.Y, pt2.X, pt2.Y, color, thickness, (int)lineType, shift));

    /// <summary>Writes text; the origin is its lower left corner.</summary>
    public static void PutText(
        InputOutputArray img,
        string text,
        Point org,
        HersheyFonts fontFace,
        double fontScale,
        Scalar color,
        int thickness = 1,
        LineTypes lineType = LineTypes.Link8,
        bool bottomLeftOrigin = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        Bridge.Check(ImgprocNative.PutText(
            Out(img), text, org.X, org.Y, (int)fontFace, fontScale, color, thickness, (int)lineType, bottomLeftOrigin ? 1 : 0));
    }
}
