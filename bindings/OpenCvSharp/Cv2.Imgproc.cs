using OpenCvSharp.Internal;

namespace OpenCvSharp;

public static partial class Cv2
{
    /// <summary>Changes the size, to <paramref name="dsize"/> or, when that is empty, by the factors.</summary>
    public static void Resize(
        InputArray src, OutputArray dst, Size dsize, double fx = 0, double fy = 0, InterpolationFlags interpolation = InterpolationFlags.Linear) =>
        Bridge.Check(ImgprocNative.Resize(In(src), Out(dst), dsize.Width, dsize.Height, fx, fy, (int)interpolation));
}
