using System.Security.Cryptography;

namespace Pipeline.Inference;

/// <summary>The digest by which model ids and caches tell one file from another: the first eight hexadecimal digits of its SHA-256.</summary>
public static class ShortDigest
{
    /// <summary>Digest of bytes.</summary>
    /// <param name="bytes">All of them.</param>
    public static string Of(ReadOnlySpan<byte> bytes) => Short(SHA256.HashData(bytes));

    /// <summary>Digest of a file.</summary>
    /// <param name="path">The file.</param>
    public static string OfFile(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Short(SHA256.HashData(file));
    }

    private static string Short(byte[] hash) => Convert.ToHexStringLower(hash)[..8];
}
