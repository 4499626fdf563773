using Microsoft.Win32.SafeHandles;

namespace TorchSharp.Native;

/// <summary>Owns one native tensor: freed when it is disposed, or by the garbage collector at the latest.</summary>
internal sealed class TensorHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <summary>Stands for an absent tensor in a call.</summary>
    internal static TensorHandle None { get; } = new();

    protected override bool ReleaseHandle()
    {
        Bridge.Delete(handle);
        return true;
    }
}
