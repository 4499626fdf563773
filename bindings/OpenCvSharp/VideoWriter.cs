using OpenCvSharp.Internal;

namespace OpenCvSharp;

/// <summary>Writes a video file.</summary>
public class VideoWriter : IDisposable
{
    private readonly WriterHandle _handle;

    /// <summary>Opens a file; <see cref="IsOpened"/> tells whether that worked.</summary>
    public VideoWriter(string fileName, FourCC fourcc, double fps, Size frameSize, bool isColor = true)
        : this(fileName, VideoCaptureAPIs.ANY, fourcc, fps, frameSize, isColor)
    {
    }

    /// <summary>Opens a file; <see cref="IsOpened"/> tells whether that worked.</summary>
    public VideoWriter(string fileName, VideoCaptureAPIs apiPreference, FourCC fourcc, double fps, Size frameSize, bool isColor = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        Bridge.Check(MediaNative.WriterNew(
            fileName, (int)apiPreference, fourcc, fps, frameSize.Width, frameSize.Height, isColor ? 1 : 0, out WriterHandle handle));
        _handle = handle;
    }

    /// <summary>Whether <see cref="Dispose()"/> was called.</summary>
    public bool IsDisposed => _handle.IsClosed;

    /// <summary>Four letters as a codec's number.</summary>
    public static int FourCC(char c1, char c2, char c3, char c4) =>
        (c1 & 255) + ((c2 & 255) << 8) + ((c3 & 255) << 16) + ((c4 & 255) << 24);

    /// <summary>Whether a file is open.</summary>
    public bool IsOpened()
    {
        Bridge.Check(MediaNative.WriterIsOpened(_handle, out int opened));
        return opened != 0;
    }

    /// <summary>Appends a picture of the size given at opening.</summary>
    public void Write(InputArray image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Bridge.Check(MediaNative.WriterWrite(_handle, image.Mat.Handle));
    }

    /// <summary>Closes the file.</summary>
    public void Release() => Bridge.Check(MediaNative.WriterRelease(_handle));

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the file.</summary>
    protected virtual void Dispose(bool disposing) => _handle.Dispose();
}
