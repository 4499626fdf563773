using System.Runtime.InteropServices;

namespace OpenCvSharp.Internal;

/// <summary>Imports of native/imgproc.cpp (imgproc), one line each.</summary>
internal static unsafe partial class ImgprocNative
{
    [LibraryImport(Bridge.Library, EntryPoint = "imgproc_resize")]
    internal static partial int Resize(MatHandle src, MatHandle dst, int width, int height, double fx, double fy, int interpolation);
}
