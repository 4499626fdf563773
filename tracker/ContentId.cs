using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Tracker;

/// <summary>UUIDv7 whose random bits come from a hash of what the id stands for: work done twice makes the same id (mqtt.md 11.5).</summary>
public static class ContentId
{
    /// <summary>Makes an id from a time and the parts that name the thing.</summary>
    /// <param name="at">Media time; gives the first 48 bits, in milliseconds since 1970.</param>
    /// <param name="parts">What tells this thing from all others; their order counts, and no two lists of parts hash alike by concatenation.</param>
    /// <returns>A UUID of version 7, variant 10 (RFC 9562).</returns>
    public static Guid Create(DateTimeOffset at, params ReadOnlySpan<string> parts)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (string part in parts)
        {
            byte[] text = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            hash.AppendData(length);
            hash.AppendData(text);
        }

        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, at.ToUnixTimeMilliseconds() << 16);
        digest[..10].CopyTo(id[6..]);
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
