using OpenCvSharp.Internal;

namespace OpenCvSharp;

public static partial class Cv2
{
    /// <summary>Absolute difference.</summary>
    public static void Absdiff(InputArray src1, InputArray src2, OutputArray dst) =>
        Bridge.Check(CoreNative.Absdiff(In(src1), In(src2), Out(dst)));

    /// <summary>Mean of each channel.</summary>
    public static Scalar Mean(InputArray src, InputArray? mask = null)
    {
        Bridge.Check(CoreNative.Mean(In(src), out Scalar mean, Optional(mask)));
        return mean;
    }

    /// <summary>Number of elements that are not 0; one channel.</summary>
    public static int CountNonZero(InputArray mtx)
    {
        Bridge.Check(CoreNative.CountNonZero(In(mtx), out int count));
        return count;
    }
}
