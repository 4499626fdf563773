using System.Runtime.InteropServices;

namespace OpenCvSharp.Internal;

/// <summary>Imports of native/media.cpp (imgcodecs and videoio), one line each.</summary>
internal static unsafe partial class MediaNative
{
    [LibraryImport(Bridge.Library, EntryPoint = "imgcodecs_imread", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Imread(string file, int flags, out MatHandle mat);

    [LibraryImport(Bridge.Library, EntryPoint = "imgcodecs_imdecode")]
    internal static partial int Imdecode(ReadOnlySpan<byte> bytes, int length, int flags, out MatHandle mat);

    [LibraryImport(Bridge.Library, EntryPoint = "imgcodecs_imencode", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Imencode(
        string extension, MatHandle mat, ReadOnlySpan<int> parameters, int count, BufferHandle buffer, out int encoded);

    [LibraryImport(Bridge.Library, EntryPoint = "capture_new")]
    internal static partial int CaptureNew(out CaptureHandle capture);

    [LibraryImport(Bridge.Library, EntryPoint = "capture_open", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int CaptureOpen(
        CaptureHandle capture, string file, int api, ReadOnlySpan<int> parameters, int count, out int opened);

    [LibraryImport(Bridge.Library, EntryPoint = "capture_delete")]
    internal static partial int CaptureDelete(nint capture);

    [LibraryImport(Bridge.Library, EntryPoint = "capture_is_opened")]
    internal static partial int CaptureIsOpened(CaptureHandle capture, out int opened);

    [LibraryImport(Bridge.Library, EntryPoint = "capture_release")]
    internal static partial int CaptureRelease(CaptureHandle capture);

    [LibraryImport(Bridge.Library, EntryPoint = "capture_grab")]
    internal static partial int CaptureGrab(CaptureHandle capture, out int grabbed);

    [LibraryImport(Bridge.Library, EntryPoint = "capture_retrieve")]
    internal static partial int CaptureRetrieve(CaptureHandle capture, MatHandle mat, out int retrieved);

    [LibraryImport(Bridge.Library, EntryPoint = "capture_read")]
    internal static partial int CaptureRead(CaptureHandle capture, MatHandle mat, out int read);

    [LibraryImport(Bridge.Library, EntryPoint = "capture_get")]
    internal static partial int CaptureGet(CaptureHandle capture, int property, out double value);

    [LibraryImport(Bridge.Library, EntryPoint = "capture_set")]
    internal static partial int CaptureSet(CaptureHandle capture, int property, double value, out int set);

    [LibraryImport(Bridge.Library, EntryPoint = "writer_new", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int WriterNew(
        string file, int api, int fourcc, double fps, int width, int height, int colour, out WriterHandle writer);

    [LibraryImport(Bridge.Library, EntryPoint = "writer_delete")]
    internal static partial int WriterDelete(nint writer);

    [LibraryImport(Bridge.Library, EntryPoint = "writer_is_opened")]
    internal static partial int WriterIsOpened(WriterHandle writer, out int opened);

    [LibraryImport(Bridge.Library, EntryPoint = "writer_write")]
    internal static partial int WriterWrite(WriterHandle writer, MatHandle mat);

    [LibraryImport(Bridge.Library, EntryPoint = "writer_release")]
    internal static partial int WriterRelease(WriterHandle writer);
}
