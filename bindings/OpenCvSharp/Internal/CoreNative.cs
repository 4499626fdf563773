using System.Runtime.InteropServices;

namespace OpenCvSharp.Internal;

/// <summary>Imports of native/core.cpp (core, Mat and the bridge itself), one line each.</summary>
internal static unsafe partial class CoreNative
{
    [LibraryImport(Bridge.Library, EntryPoint = "bridge_last_error")]
    internal static partial int LastError(out int code, out int line, out byte* function, out byte* message, out byte* file);

    [LibraryImport(Bridge.Library, EntryPoint = "bridge_buffer_new")]
    internal static partial int BufferNew(out BufferHandle buffer);

    [LibraryImport(Bridge.Library, EntryPoint = "bridge_buffer_view")]
    internal static partial int BufferView(BufferHandle buffer, out byte* bytes, out long length);

    [LibraryImport(Bridge.Library, EntryPoint = "bridge_buffer_delete")]
    internal static partial int BufferDelete(nint buffer);

    [LibraryImport(Bridge.Library, EntryPoint = "core_version_string")]
    internal static partial int VersionString(BufferHandle buffer);

    [LibraryImport(Bridge.Library, EntryPoint = "core_set_num_threads")]
    internal static partial int SetNumThreads(int threads);

    [LibraryImport(Bridge.Library, EntryPoint = "mat_new")]
    internal static partial int MatNew(out MatHandle mat);

    [LibraryImport(Bridge.Library, EntryPoint = "mat_new_size")]
    internal static partial int MatNewSize(int rows, int cols, int type, out MatHandle mat);

    [LibraryImport(Bridge.Library, EntryPoint = "mat_new_filled")]
    internal static partial int MatNewFilled(int rows, int cols, int type, in Scalar value, out MatHandle mat);

    [LibraryImport(Bridge.Library, EntryPoint = "mat_new_over")]
    internal static partial int MatNewOver(int rows, int cols, int type, nint data, long step, out MatHandle mat);

    [LibraryImport(Bridge.Library, EntryPoint = "mat_new_part")]
    internal static partial int MatNewPart(MatHandle whole, int x, int y, int width, int height, out MatHandle mat);

    [LibraryImport(Bridge.Library, EntryPoint = "mat_delete")]
    internal static partial int MatDelete(nint mat);

    [LibraryImport(Bridge.Library, EntryPoint = "mat_head")]
    internal static partial int MatHead(MatHandle mat, MatHead* head, out long step, out nint data);

    [LibraryImport(Bridge.Library, EntryPoint = "mat_clone")]
    internal static partial int MatClone(MatHandle mat, out MatHandle copy);

    [LibraryImport(Bridge.Library, EntryPoint = "mat_copy_to")]
    internal static partial int MatCopyTo(MatHandle mat, MatHandle target, MatHandle mask);

    [LibraryImport(Bridge.Library, EntryPoint = "mat_set_to")]
    internal static partial int MatSetTo(MatHandle mat, in Scalar value, MatHandle mask);

    [LibraryImport(Bridge.Library, EntryPoint = "mat_reshape")]
    internal static partial int MatReshape(MatHandle mat, int channels, int rows, out MatHandle other);

    [LibraryImport(Bridge.Library, EntryPoint = "core_absdiff")]
    internal static partial int Absdiff(MatHandle a, MatHandle b, MatHandle dst);

    [LibraryImport(Bridge.Library, EntryPoint = "core_mean")]
    internal static partial int Mean(MatHandle src, out Scalar mean, MatHandle mask);

    [LibraryImport(Bridge.Library, EntryPoint = "core_count_non_zero")]
    internal static partial int CountNonZero(MatHandle src, out int count);
}
