using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenCvSharp.Internal;

namespace OpenCvSharp;

/// <summary>A picture or matrix of OpenCV. Copies of the head share the pixels; <see cref="Clone()"/> copies them.</summary>
public class Mat : IDisposable
{
    /// <summary>Creates an empty one, to be filled by a function.</summary>
    public Mat()
    {
        Bridge.Check(CoreNative.MatNew(out MatHandle handle));
        Handle = handle;
    }

    /// <summary>Creates one with undefined content.</summary>
    public Mat(int rows, int cols, MatType type)
    {
        Bridge.Check(CoreNative.MatNewSize(rows, cols, type.Value, out MatHandle handle));
        Handle = handle;
    }

    /// <summary>Creates one filled with a value.</summary>
    public Mat(int rows, int cols, MatType type, Scalar s)
    {
        Bridge.Check(CoreNative.MatNewFilled(rows, cols, type.Value, s, out MatHandle handle));
        Handle = handle;
    }

    /// <summary>A part of another; shares its pixels and keeps them alive.</summary>
    public Mat(Mat m, Rect roi)
    {
        ArgumentNullException.ThrowIfNull(m);
        Bridge.Check(CoreNative.MatNewPart(m.Handle, roi.X, roi.Y, roi.Width, roi.Height, out MatHandle handle));
        Handle = handle;
    }

    internal Mat(MatHandle handle) => Handle = handle;

    /// <summary>Whether <see cref="Dispose()"/> was called.</summary>
    public bool IsDisposed => Handle.IsClosed;

    /// <summary>Rows.</summary>
    public int Rows => Head(out _, out _).Rows;

    /// <summary>Rows.</summary>
    public int Height => Rows;

    /// <summary>Columns.</summary>
    public int Cols => Head(out _, out _).Cols;

    /// <summary>Columns.</summary>
    public int Width => Cols;

    /// <summary>Address of the first pixel. Valid while this Mat lives and is not given to a function that writes it.</summary>
    public IntPtr Data
    {
        get
        {
            Head(out _, out nint data);
            return data;
        }
    }

    internal MatHandle Handle { get; }

    /// <summary>A part; shares the pixels.</summary>
    public Mat this[Rect roi] => new(this, roi);

    /// <summary>A Mat over pixels of the caller, who keeps them where they are for as long as it is used.</summary>
    public static Mat FromPixelData(int rows, int cols, MatType type, IntPtr data, long step = 0)
    {
        Bridge.Check(CoreNative.MatNewOver(rows, cols, type.Value, data, step, out MatHandle handle));
        return new(handle);
    }

    /// <summary>A Mat over a managed array, which is pinned until it is disposed. Nothing is copied.</summary>
    public static Mat FromPixelData(int rows, int cols, MatType type, Array data, long step = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        GCHandle pin = GCHandle.Alloc(data, GCHandleType.Pinned);
        try
        {
            Mat mat = FromPixelData(rows, cols, type, pin.AddrOfPinnedObject(), step);
            mat.Handle.Keep(pin);
            return mat;
        }
        catch
        {
            pin.Free();
            throw;
        }
    }

    /// <summary>Decodes a picture file held in memory; empty when it is none.</summary>
    public static Mat ImDecode(byte[] imageBytes, ImreadModes mode = ImreadModes.Color)
    {
        ArgumentNullException.ThrowIfNull(imageBytes);
        return Cv2.ImDecode(imageBytes, mode);
    }

    /// <summary>Width and height.</summary>
    public Size Size()
    {
        MatHead head = Head(out _, out _);
        return new(head.Cols, head.Rows);
    }

    /// <summary>Element type.</summary>
    public MatType Type() => new(Head(out _, out _).Type);

    /// <summary>Depth of the element type.</summary>
    public int Depth() => Type().Depth;

    /// <summary>Channels of the element type.</summary>
    public int Channels() => Type().Channels;

    /// <summary>Bytes of one element, all channels.</summary>
    public int ElemSize()
    {
        MatType type = Type();
        return type.Channels * DepthSize(type.Depth);
    }

    /// <summary>Number of elements.</summary>
    public long Total()
    {
        MatHead head = Head(out _, out _);
        return (long)head.Rows * head.Cols;
    }

    /// <summary>Whether it has no elements.</summary>
    public bool Empty()
    {
        MatHead head = Head(out _, out nint data);
        return data == 0 || head.Rows <= 0 || head.Cols <= 0;
    }

    /// <summary>Whether the rows lie behind one another without gaps.</summary>
    public bool IsContinuous() => Head(out _, out _).Continuous != 0;

    /// <summary>A copy with pixels of its own.</summary>
    public Mat Clone()
    {
        Bridge.Check(CoreNative.MatClone(Handle, out MatHandle copy));
        return new(copy);
    }

    /// <summary>Copies the pixels, those where the mask is not 0; the target is made to fit.</summary>
    public void CopyTo(Mat m, InputArray? mask = null)
    {
        ArgumentNullException.ThrowIfNull(m);
        Bridge.Check(CoreNative.MatCopyTo(Handle, m.Handle, Cv2.Optional(mask)));
    }

    /// <summary>Sets all elements, or those where the mask is not 0.</summary>
    public Mat SetTo(Scalar value, Mat? mask = null)
    {
        Bridge.Check(CoreNative.MatSetTo(Handle, value, mask?.Handle ?? MatHandle.None));
        return this;
    }

    /// <summary>The same elements with other channels and rows; 0 keeps them.</summary>
    public Mat Reshape(int cn, int rows = 0)
    {
        Bridge.Check(CoreNative.MatReshape(Handle, cn, rows, out MatHandle other));
        return new(other);
    }

    /// <summary>The elements themselves, not a copy; empty when they are not continuous.</summary>
    public unsafe Span<T> AsSpan<T>()
        where T : unmanaged
    {
        MatHead head = Head(out _, out nint data);
        return head.Continuous != 0 ? new((void*)data, checked((int)((long)head.Rows * head.Cols * ElemSize() / sizeof(T)))) : [];
    }

    /// <summary>Address of a row.</summary>
    public IntPtr Ptr(int i0)
    {
        Head(out long step, out nint data);
        return data + (nint)(i0 * step);
    }

    /// <summary>Sets one element; neither index nor type is checked.</summary>
    public unsafe void Set<T>(int i0, int i1, T value)
        where T : struct
    {
        MemoryMarshal.Write(new Span<byte>((byte*)Ptr(i0) + ((long)i1 * ElemSize()), Unsafe.SizeOf<T>()), value);
        GC.KeepAlive(this);
    }

    /// <summary>Encodes as a picture file.</summary>
    public byte[] ToBytes(string ext = ".png", int[]? prms = null)
    {
        Cv2.ImEncode(ext, this, out byte[] buf, prms);
        return buf;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        IsDisposed
            ? "Mat [ Disposed ]"
            : $"Mat [ {Rows}*{Cols}*{Type()}, IsContinuous={IsContinuous()}, IsSubmatrix={Head(out _, out _).Submatrix != 0} ]";

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the pixels, unless another head shares them.</summary>
    protected virtual void Dispose(bool disposing) => Handle.Dispose();

    private static int DepthSize(int depth) => depth switch
    {
        MatType.CV_8U or MatType.CV_8S => 1,
        MatType.CV_16U or MatType.CV_16S => 2,
        MatType.CV_32S or MatType.CV_32F => 4,
        MatType.CV_64F => 8,
        _ => 2,
    };

    private unsafe MatHead Head(out long step, out nint data)
    {
        MatHead head;
        Bridge.Check(CoreNative.MatHead(Handle, &head, out step, out data));
        return head;
    }
}
