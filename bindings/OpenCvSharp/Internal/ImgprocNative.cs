using System.Runtime.InteropServices;

namespace OpenCvSharp.Internal;

/// <summary>Imports of native/imgproc.cpp (imgproc), one line each.</summary>
internal static unsafe partial class ImgprocNative
{
    [LibraryImport(Bridge.Library, EntryPoint = "imgproc_resize")]
    internal static partial int Resize(MatHandle src, MatHandle dst, int width, int height, double fx, double fy, int interpolation);

    [LibraryImport(Bridge.Library, EntryPoint = "imgproc_cvt_color")]
    internal static partial int CvtColor(MatHandle src, MatHandle dst, int code, int channels);

    [LibraryImport(Bridge.Library, EntryPoint = "imgproc_gaussian_blur")]
    internal static partial int GaussianBlur(MatHandle src, MatHandle dst, int width, int height, double x, double y, int border);

    [LibraryImport(Bridge.Library, EntryPoint = "imgproc_blur")]
    internal static partial int Blur(MatHandle src, MatHandle dst, int width, int height, int ax, int ay, int border);

    [LibraryImport(Bridge.Library, EntryPoint = "imgproc_median_blur")]
    internal static partial int MedianBlur(MatHandle src, MatHandle dst, int size);

    [LibraryImport(Bridge.Library, EntryPoint = "imgproc_laplacian")]
    internal static partial int Laplacian(MatHandle src, MatHandle dst, int depth, int size, double scale, double delta, int border);

    [LibraryImport(Bridge.Library, EntryPoint = "imgproc_sobel")]
    internal static partial int Sobel(
        MatHandle src, MatHandle dst, int depth, int x, int y, int size, double scale, double delta, int border);

    [LibraryImport(Bridge.Library, EntryPoint = "imgproc_threshold")]
    internal static partial int Threshold(MatHandle src, MatHandle dst, double threshold, double maximum, int type, out double used);

    [LibraryImport(Bridge.Library, EntryPoint = "imgproc_morphology")]
    internal static partial int Morphology(
        MatHandle src, MatHandle dst, int op, MatHandle element, int ax, int ay, int iterations, int border, Scalar* value);

    [LibraryImport(Bridge.Library, EntryPoint = "imgproc_structuring_element")]
    internal static partial int StructuringElement(int shape, int width, int height, int ax, int ay, out MatHandle element);

    [LibraryImport(Bridge.Library, EntryPoint = "imgproc_connected_components")]
    internal static partial int ConnectedComponents(
        MatHandle image, MatHandle labels, MatHandle stats, MatHandle centroids, int connectivity, int type, out int count);

    [LibraryImport(Bridge.Library, EntryPoint = "imgproc_bounding_rect")]
    internal static partial int BoundingRect(ReadOnlySpan<int> points, int count, out Rect rect);

    [LibraryImport(Bridge.Library, EntryPoint = "imgproc_rectangle")]
    internal static partial int Rectangle(
        MatHandle image, int x, int y, int width, int height, in Scalar colour, int thickness, int line, int shift);

    [LibraryImport(Bridge.Library, EntryPoint = "imgproc_rectangle_corners")]
    internal static partial int RectangleCorners(
        MatHandle image, int x1, int y1, int x2, int y2, in Scalar colour, int thickness, int line, int shift);

    [LibraryImport(Bridge.Library, EntryPoint = "imgproc_line")]
    internal static partial int Line(
        MatHandle image, int x1, int y1, int x2, int y2, in Scalar colour, int thickness, int line, int shift);

    [LibraryImport(Bridge.Library, EntryPoint = "imgproc_put_text", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int PutText(
        MatHandle image, string text, int x, int y, int font, double scale, in Scalar colour, int thickness, int line, int bottomLeft);
}
