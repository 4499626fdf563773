using OpenCvSharp.Internal;

namespace OpenCvSharp;

/// <summary>Reads a video file or a stream. One thread at a time.</summary>
public class VideoCapture : IDisposable
{
    private readonly CaptureHandle _handle;

    /// <summary>Creates a closed one.</summary>
    public VideoCapture()
    {
        Bridge.Check(MediaNative.CaptureNew(out CaptureHandle handle));
        _handle = handle;
    }

    /// <summary>Opens a file or URL; <see cref="IsOpened"/> tells whether that worked.</summary>
    public VideoCapture(string fileName, VideoCaptureAPIs apiPreference = VideoCaptureAPIs.ANY)
        : this(fileName, apiPreference, [])
    {
    }

    /// <summary>Opens a file or URL with pairs of property and value; <see cref="IsOpened"/> tells whether that worked.</summary>
    public VideoCapture(string fileName, VideoCaptureAPIs apiPreference, int[] prms)
        : this()
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        ArgumentNullException.ThrowIfNull(prms);
        Bridge.Check(MediaNative.CaptureOpen(_handle, fileName, (int)apiPreference, prms, prms.Length, out _));
    }

    /// <summary>Whether <see cref="Dispose()"/> was called.</summary>
    public bool IsDisposed => _handle.IsClosed;

    /// <summary>Width as the container says.</summary>
    public int FrameWidth => (int)Get(VideoCaptureProperties.FrameWidth);

    /// <summary>Height as the container says.</summary>
    public int FrameHeight => (int)Get(VideoCaptureProperties.FrameHeight);

    /// <summary>Frames a second as the container says.</summary>
    public double Fps => Get(VideoCaptureProperties.Fps);

    /// <summary>Frames as the container says.</summary>
    public int FrameCount => (int)Get(VideoCaptureProperties.FrameCount);

    /// <summary>Whether a source is open.</summary>
    public bool IsOpened()
    {
        Bridge.Check(MediaNative.CaptureIsOpened(_handle, out int opened));
        return opened != 0;
    }

    /// <summary>Closes the source.</summary>
    public void Release() => Bridge.Check(MediaNative.CaptureRelease(_handle));

    /// <summary>Decodes the next frame without converting it; false at the end.</summary>
    public bool Grab()
    {
        Bridge.Check(MediaNative.CaptureGrab(_handle, out int grabbed));
        return grabbed != 0;
    }

    /// <summary>Converts the frame grabbed last.</summary>
    public bool Retrieve(OutputArray image, int flag = 0)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Retrieve(image.Mat, flag);
    }

    /// <summary>Converts the frame grabbed last.</summary>
    public bool Retrieve(Mat image, int flag = 0)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNotEqual(flag, 0); // other streams come from depth cameras only
        Bridge.Check(MediaNative.CaptureRetrieve(_handle, image.Handle, out int retrieved));
        return retrieved != 0;
    }

    /// <summary>Grabs and retrieves; false and an empty picture at the end.</summary>
    public bool Read(OutputArray image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Read(image.Mat);
    }

    /// <summary>Grabs and retrieves; false and an empty picture at the end.</summary>
    public bool Read(Mat image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Bridge.Check(MediaNative.CaptureRead(_handle, image.Handle, out int read));
        return read != 0;
    }

    /// <summary>Value of a property; 0 where it is not known.</summary>
    public double Get(VideoCaptureProperties propertyId) => Get((int)propertyId);

    /// <summary>Value of a property; 0 where it is not known.</summary>
    public double Get(int propertyId)
    {
        Bridge.Check(MediaNative.CaptureGet(_handle, propertyId, out double value));
        return value;
    }

    /// <summary>Sets a property; false where that cannot be.</summary>
    public bool Set(VideoCaptureProperties propertyId, double value) => Set((int)propertyId, value);

    /// <summary>Sets a property; false where that cannot be.</summary>
    public bool Set(int propertyId, double value)
    {
        Bridge.Check(MediaNative.CaptureSet(_handle, propertyId, value, out int set));
        return set != 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the source.</summary>
    protected virtual void Dispose(bool disposing) => _handle.Dispose();
}
