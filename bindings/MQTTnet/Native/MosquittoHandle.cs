using System.Runtime.InteropServices;

namespace MQTTnet.Native;

/// <summary>Owns one native client and what its callbacks point to; freed when the last call into it has returned.</summary>
internal sealed class MosquittoHandle : SafeHandle
{
    private GCHandle _owner;

    internal MosquittoHandle(string clientId, bool cleanSession, object owner)
        : base(0, ownsHandle: true)
    {
        // Weak would do for the collector; a normal one keeps the owner while the library may still call it.
        _owner = GCHandle.Alloc(owner);
        SetHandle(Mosquitto.New(clientId, cleanSession, GCHandle.ToIntPtr(_owner)));
        if (IsInvalid)
        {
            _owner.Free();
            throw new ArgumentException($"libmosquitto does not take the client id '{clientId}'.", nameof(clientId));
        }
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Mosquitto.Destroy(handle);
        _owner.Free();
        return true;
    }
}
