using System.Reflection;
using System.Runtime.InteropServices;

namespace MQTTnet.Native;

/// <summary>Imports of libmosquitto 2 (mosquitto.h), one line each.</summary>
internal static unsafe partial class Mosquitto
{
    internal const int OptionProtocolVersion = 1;
    internal const int OptionSendMaximum = 5;
    internal const int OptionTcpNoDelay = 11;
    internal const int ErrorErrno = 14;
    internal const int ErrorAddress = 15;
    internal const int LogError = 8;

    private const string Library = "mosquitto";

    private static readonly Lock Gate = new();
    private static bool _resolves;
    private static bool _loaded;

    /// <summary>Finds the library and its version, once. Not in a static constructor, which would wrap what it throws.</summary>
    internal static void Load()
    {
        lock (Gate)
        {
            if (_loaded)
            {
                return;
            }

            if (!_resolves)
            {
                NativeLibrary.SetDllImportResolver(typeof(Mosquitto).Assembly, Resolve);
                _resolves = true;
            }

            Version(out int major, out int minor, out int revision);
            if (major != 2)
            {
                throw new DllNotFoundException($"libmosquitto.so.1 is version {major}.{minor}.{revision}; version 2 is needed. Install Debian's package libmosquitto1.");
            }

            _ = Initialise(); // not safe on two threads
            _loaded = true;
        }
    }

    [LibraryImport(Library, EntryPoint = "mosquitto_lib_version")]
    private static partial int Version(out int major, out int minor, out int revision);

    [LibraryImport(Library, EntryPoint = "mosquitto_lib_init")]
    private static partial int Initialise();

    [LibraryImport(Library, EntryPoint = "mosquitto_new", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint New(string id, [MarshalAs(UnmanagedType.U1)] bool cleanSession, nint userData);

    [LibraryImport(Library, EntryPoint = "mosquitto_destroy")]
    internal static partial void Destroy(nint mosquitto);

    [LibraryImport(Library, EntryPoint = "mosquitto_threaded_set")]
    internal static partial int SetThreaded(MosquittoHandle mosquitto, [MarshalAs(UnmanagedType.U1)] bool threaded);

    [LibraryImport(Library, EntryPoint = "mosquitto_int_option")]
    internal static partial int SetOption(MosquittoHandle mosquitto, int option, int value);

    [LibraryImport(Library, EntryPoint = "mosquitto_will_set_v5", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetWill(
        MosquittoHandle mosquitto, string topic, int length, ReadOnlySpan<byte> payload, int qos, [MarshalAs(UnmanagedType.U1)] bool retain, nint properties);

    [LibraryImport(Library, EntryPoint = "mosquitto_username_pw_set", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetCredentials(MosquittoHandle mosquitto, string userName, string? password);

    [LibraryImport(Library, EntryPoint = "mosquitto_tls_set", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetTls(MosquittoHandle mosquitto, string? caFile, string? caPath, string? certificateFile, string? keyFile, nint passwordCallback);

    [LibraryImport(Library, EntryPoint = "mosquitto_connect_bind_v5", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int Connect(MosquittoHandle mosquitto, string host, int port, int keepAlive, string? bindAddress, nint properties);

    [LibraryImport(Library, EntryPoint = "mosquitto_disconnect_v5")]
    internal static partial int Disconnect(MosquittoHandle mosquitto, int reasonCode, nint properties);

    [LibraryImport(Library, EntryPoint = "mosquitto_publish_v5", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Publish(
        MosquittoHandle mosquitto, out int messageId, string topic, int length, ReadOnlySpan<byte> payload, int qos,
        [MarshalAs(UnmanagedType.U1)] bool retain, nint properties);

    [LibraryImport(Library, EntryPoint = "mosquitto_subscribe_v5", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Subscribe(MosquittoHandle mosquitto, out int messageId, string filter, int qos, int options, nint properties);

    [LibraryImport(Library, EntryPoint = "mosquitto_loop", SetLastError = true)]
    internal static partial int Loop(MosquittoHandle mosquitto, int timeoutMs, int maxPackets);

    [LibraryImport(Library, EntryPoint = "mosquitto_connect_v5_callback_set")]
    internal static partial void OnConnect(MosquittoHandle mosquitto, delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_disconnect_v5_callback_set")]
    internal static partial void OnDisconnect(MosquittoHandle mosquitto, delegate* unmanaged[Cdecl]<nint, nint, int, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_publish_v5_callback_set")]
    internal static partial void OnPublish(MosquittoHandle mosquitto, delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_subscribe_v5_callback_set")]
    internal static partial void OnSubscribe(MosquittoHandle mosquitto, delegate* unmanaged[Cdecl]<nint, nint, int, int, int*, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_message_v5_callback_set")]
    internal static partial void OnMessage(MosquittoHandle mosquitto, delegate* unmanaged[Cdecl]<nint, nint, NativeMessage*, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_log_callback_set")]
    internal static partial void OnLog(MosquittoHandle mosquitto, delegate* unmanaged[Cdecl]<nint, nint, int, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_strerror")]
    private static partial nint ErrorText(int error);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_add_byte")]
    internal static partial int AddByte(ref nint list, int identifier, byte value);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_add_int32")]
    internal static partial int AddInt32(ref nint list, int identifier, uint value);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_add_string", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int AddString(ref nint list, int identifier, string value);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_add_string_pair", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int AddPair(ref nint list, int identifier, string name, string value);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_free_all")]
    internal static partial void FreeProperties(ref nint list);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_read_byte")]
    internal static partial nint ReadByte(nint list, int identifier, out byte value, [MarshalAs(UnmanagedType.U1)] bool skipFirst);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_read_int16")]
    internal static partial nint ReadInt16(nint list, int identifier, out ushort value, [MarshalAs(UnmanagedType.U1)] bool skipFirst);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_read_int32")]
    internal static partial nint ReadInt32(nint list, int identifier, out uint value, [MarshalAs(UnmanagedType.U1)] bool skipFirst);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_read_string")]
    internal static partial nint ReadString(nint list, int identifier, out nint value, [MarshalAs(UnmanagedType.U1)] bool skipFirst);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_read_string_pair")]
    internal static partial nint ReadPair(nint list, int identifier, out nint name, out nint value, [MarshalAs(UnmanagedType.U1)] bool skipFirst);

    /// <summary>libmosquitto's words for an error, or the system's where it points there. The text is static in the library: it is not freed.</summary>
    internal static string Describe(int error, int errno) =>
        error == ErrorErrno ? Marshal.GetPInvokeErrorMessage(errno) : Marshal.PtrToStringUTF8(ErrorText(error)) ?? $"error {error}";

    /// <summary>Takes over a text that the library allocated with malloc.</summary>
    internal static string TakeText(nint text)
    {
        string copy = Marshal.PtrToStringUTF8(text) ?? "";
        NativeMemory.Free((void*)text);
        return copy;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name != Library ? 0
        : NativeLibrary.TryLoad("libmosquitto.so.1", out nint library) ? library
        : throw new DllNotFoundException("libmosquitto.so.1 is not installed. Install Debian's package libmosquitto1, or run without MQTT.");
}

/// <summary>The library's message; valid during the callback only.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeMessage
{
    internal readonly int MessageId;
    internal readonly nint Topic;
    internal readonly nint Payload;
    internal readonly int PayloadLength;
    internal readonly int Qos;
    internal readonly byte Retain;
}
