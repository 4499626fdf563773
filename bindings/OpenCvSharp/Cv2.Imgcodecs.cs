using OpenCvSharp.Internal;

namespace OpenCvSharp;

public static partial class Cv2
{
    /// <summary>Reads a picture file; empty when it cannot be read.</summary>
    public static Mat ImRead(string fileName, ImreadModes flags = ImreadModes.Color) => new(Read(fileName, flags));

    /// <summary>Decodes a picture file held in memory; empty when it is none.</summary>
    public static Mat ImDecode(byte[] buf, ImreadModes flags)
    {
        ArgumentNullException.ThrowIfNull(buf);
        return ImDecode(new ReadOnlySpan<byte>(buf), flags);
    }

    /// <summary>Decodes a picture file held in memory; empty when it is none.</summary>
    public static Mat ImDecode(ReadOnlySpan<byte> span, ImreadModes flags)
    {
        Bridge.Check(MediaNative.Imdecode(span, span.Length, (int)flags, out MatHandle mat));
        return new(mat);
    }

    /// <summary>Encodes as a picture file.</summary>
    /// <param name="ext">Format as an extension with its dot.</param>
    /// <param name="img">The picture.</param>
    /// <param name="buf">The file.</param>
    /// <param name="prms">Pairs of <see cref="ImwriteFlags"/> and value.</param>
    public static bool ImEncode(string ext, InputArray img, out byte[] buf, int[]? prms = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(ext);
        using BufferHandle buffer = BufferHandle.New();
        Bridge.Check(MediaNative.Imencode(ext, In(img), prms, prms?.Length ?? 0, buffer, out int encoded));
        buf = buffer.ToArray<byte>();
        return encoded != 0;
    }

    internal static MatHandle Read(string fileName, ImreadModes flags)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        Bridge.Check(MediaNative.Imread(fileName, (int)flags, out MatHandle mat));
        return mat;
    }
}
