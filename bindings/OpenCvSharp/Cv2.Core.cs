using OpenCvSharp.Internal;

namespace OpenCvSharp;

public static partial class Cv2
{
    /// <summary>Puts a border around a picture.</summary>
    public static void CopyMakeBorder(
        InputArray src, OutputArray dst, int top, int bottom, int left, int right, BorderTypes borderType, Scalar? value = null) =>
        Bridge.Check(CoreNative.CopyMakeBorder(In(src), Out(dst), top, bottom, left, right, (int)borderType, value ?? default));

    /// <summary>Absolute difference.</summary>
    public static void Absdiff(InputArray src1, InputArray src2, OutputArray dst) =>
        Bridge.Check(CoreNative.Absdiff(In(src1), In(src2), Out(dst)));

    /// <summary>Bitwise and.</summary>
    public static void BitwiseAnd(InputArray src1, InputArray src2, OutputArray dst, InputArray? mask = null) =>
        Bridge.Check(CoreNative.BitwiseAnd(In(src1), In(src2), Out(dst), Optional(mask)));

    /// <summary>Bitwise or.</summary>
    public static void BitwiseOr(InputArray src1, InputArray src2, OutputArray dst, InputArray? mask = null) =>
        Bridge.Check(CoreNative.BitwiseOr(In(src1), In(src2), Out(dst), Optional(mask)));

    /// <summary>src1 * alpha + src2 * beta + gamma, saturated.</summary>
    public static void AddWeighted(
        InputArray src1, double alpha, InputArray src2, double beta, double gamma, OutputArray dst, int dtype = -1) =>
        Bridge.Check(CoreNative.AddWeighted(In(src1), alpha, In(src2), beta, gamma, Out(dst), dtype));

    /// <summary>Turns by quarters.</summary>
    public static void Rotate(InputArray src, OutputArray dst, RotateFlags rotateCode) =>
        Bridge.Check(CoreNative.Rotate(In(src), Out(dst), (int)rotateCode));

    /// <summary>Mirrors.</summary>
    public static void Flip(InputArray src, OutputArray dst, FlipMode flipCode) =>
        Bridge.Check(CoreNative.Flip(In(src), Out(dst), (int)flipCode));

    /// <summary>Mean and standard deviation (of the population) of each channel.</summary>
    public static void MeanStdDev(InputArray src, out Scalar mean, out Scalar stddev, InputArray? mask = null) =>
        Bridge.Check(CoreNative.MeanStdDev(In(src), out mean, out stddev, Optional(mask)));

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

    /// <summary>Channels as Mats of their own.</summary>
    public static void Split(Mat src, out Mat[] mv) => mv = Split(src);

    /// <summary>Channels as Mats of their own.</summary>
    public static Mat[] Split(Mat src)
    {
        ArgumentNullException.ThrowIfNull(src);
        Mat[] parts = new Mat[src.Channels()];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = new Mat();
            Bridge.Check(CoreNative.ExtractChannel(src.Handle, parts[i].Handle, i));
        }

        return parts;
    }

    /// <summary>One Mat of the channels of several.</summary>
    public static unsafe void Merge(Mat[] mv, Mat dst)
    {
        ArgumentNullException.ThrowIfNull(mv);
        ArgumentNullException.ThrowIfNull(dst);
        nint[] parts = Array.ConvertAll(mv, part => part.Handle.DangerousGetHandle());
        fixed (nint* first = parts)
        {
            Bridge.Check(CoreNative.Merge(first, parts.Length, dst.Handle));
        }

        GC.KeepAlive(mv); // the raw pointers above
    }
}
