using OpenCvSharp.Internal;

namespace OpenCvSharp;

/// <summary>OpenCV's functions. Outputs are made to fit; inputs may be outputs where OpenCV allows it.</summary>
public static partial class Cv2
{
    /// <summary>How many threads OpenCV uses for one call; 1 runs it on the caller's.</summary>
    public static void SetNumThreads(int nThreads) => Bridge.Check(CoreNative.SetNumThreads(nThreads));

    /// <summary>OpenCV's version, such as 4.6.0.</summary>
    public static string? GetVersionString()
    {
        using BufferHandle buffer = BufferHandle.New();
        Bridge.Check(CoreNative.VersionString(buffer));
        return buffer.ToText();
    }

    internal static MatHandle Optional(InputArray? array) => array?.Mat.Handle ?? MatHandle.None;

    private static MatHandle In(InputArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return array.Mat.Handle;
    }

    private static MatHandle Out(OutputArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return array.Mat.Handle;
    }
}
