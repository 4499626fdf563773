using System.Security.Cryptography;

namespace Pipeline.Cli.Running;

/// <summary>What tells one file from another.</summary>
internal static class FileDigest
{
    /// <summary>First 8 hex digits of the file's SHA-256.</summary>
    /// <param name="path">The file.</param>
    public static string Short(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file))[..8];
    }
}
