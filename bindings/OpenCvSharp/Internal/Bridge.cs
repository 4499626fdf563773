using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

[assembly: DisableRuntimeMarshalling]

namespace OpenCvSharp.Internal;

/// <summary>Finds the C++ bridge, checks that it is the one this assembly was written for, and turns its errors into exceptions.</summary>
internal static unsafe class Bridge
{
    /// <summary>Name of the library in the imports.</summary>
    internal const string Library = "OpenCvSharpBridge";

    /// <summary>BRIDGE_VERSION of native/bridge.h; raised together with it.</summary>
    internal const string Version = "opencvsharp-bridge-4";

    private const string Remedy = "Run set-up, which compiles it (bindings/OpenCvSharp/native/build.sh).";

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The resolver must stand before the first import of any class here.")]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(Bridge).Assembly, Load);

    /// <summary>Throws what the bridge kept for this thread when a call returned other than 0.</summary>
    /// <exception cref="OpenCVException">OpenCV refused the call.</exception>
    internal static void Check(int status)
    {
        if (status == 0)
        {
            return;
        }

        _ = CoreNative.LastError(out int code, out int line, out byte* function, out byte* message, out byte* file);
        throw new OpenCVException((ErrorCode)code, Text(function), Text(message), Text(file), line);
    }

    /// <summary>A string of the bridge; it stays the bridge's.</summary>
    internal static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private static nint Load(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
        {
            return 0;
        }

        if (!NativeLibrary.TryLoad(name, assembly, path, out nint library))
        {
            throw new DllNotFoundException($"cannot load lib{Library}.so, or an OpenCV library that it needs. {Remedy}");
        }

        var version = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "bridge_version");
        string found = Text(version());
        return found == Version
            ? library
            : throw new DllNotFoundException($"lib{Library}.so is stale: it is '{found}', this program needs '{Version}'. {Remedy}");
    }
}

/// <summary>Owns one cv::Mat, and the pin of the managed array under it where it has one.</summary>
internal sealed class MatHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <summary>Null pointer: no mask. Never disposed.</summary>
    internal static readonly MatHandle None = new();

    private GCHandle _pin;

    /// <summary>Takes over a pin; it is freed behind the Mat.</summary>
    internal void Keep(GCHandle pin) => _pin = pin;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        _ = CoreNative.MatDelete(handle);
        if (_pin.IsAllocated)
        {
            _pin.Free();
        }

        return true;
    }
}

/// <summary>Owns bytes of the bridge until they are copied out.</summary>
internal sealed unsafe class BufferHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <summary>A new, empty buffer.</summary>
    internal static BufferHandle New()
    {
        Bridge.Check(CoreNative.BufferNew(out BufferHandle buffer));
        return buffer;
    }

    /// <summary>Copies the content out as items of <typeparamref name="T"/>.</summary>
    internal T[] ToArray<T>()
        where T : unmanaged
    {
        Bridge.Check(CoreNative.BufferView(this, out byte* bytes, out long length));
        return MemoryMarshal.Cast<byte, T>(new ReadOnlySpan<byte>(bytes, checked((int)length))).ToArray();
    }

    /// <summary>The content as UTF-8 text.</summary>
    internal string ToText() => Encoding.UTF8.GetString(ToArray<byte>());

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        _ = CoreNative.BufferDelete(handle);
        return true;
    }
}

/// <summary>What mat_head fills, in its order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct MatHead
{
    internal readonly int Rows, Cols, Type, Continuous, Submatrix;
}

/// <summary>Owns one cv::VideoCapture.</summary>
internal sealed class CaptureHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <inheritdoc/>
    protected override bool ReleaseHandle() => MediaNative.CaptureDelete(handle) == 0;
}

/// <summary>Owns one cv::VideoWriter.</summary>
internal sealed class WriterHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <inheritdoc/>
    protected override bool ReleaseHandle() => MediaNative.WriterDelete(handle) == 0;
}

/// <summary>Owns one cv::HOGDescriptor.</summary>
internal sealed class HogHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <inheritdoc/>
    protected override bool ReleaseHandle() => PeopleNative.HogDelete(handle) == 0;
}
