using System.Buffers.Binary;
using System.Security.Cryptography;
using Pipeline.Files;

namespace Pipeline.Ingest;

/// <summary>Tells segments apart by content without reading all of it: SHA-256 over the length and 16 evenly spaced blocks of 64 KiB.</summary>
public static class SegmentDigest
{
    private const int BlockSize = 64 * 1024;
    private const int Blocks = 16;

    /// <summary>Digest of a file, lower-case hex.</summary>
    public static string OfFile(string file)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, file);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Digest of a segment's files, lower-case hex: of a video its own; of pictures their number and up to 16 evenly spaced ones.</summary>
    /// <remarks>A picture that cannot be read counts as such: its frame is left out, the others make the sequence what it is.</remarks>
    public static string OfFiles(IReadOnlyList<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (files.Count == 1)
        {
            return OfFile(files[0]);
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, files.Count);
        int taken = Math.Min(Blocks, files.Count);
        for (int i = 0; i < taken; i++)
        {
            AppendPicture(hash, files[(int)(i * (long)(files.Count - 1) / Math.Max(1, taken - 1))]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }

    private static void AppendPicture(IncrementalHash hash, string file)
    {
        try
        {
            Append(hash, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Append(hash, -1); // said when its turn comes
        }
    }

    private static void Append(IncrementalHash hash, string file)
    {
        if (RegularFile.Fault(file) is { } fault)
        {
            throw new IOException($"'{file}' {fault}.");
        }

        using FileStream stream = File.OpenRead(file);
        long length = stream.Length;
        Append(hash, length);
        byte[] block = new byte[BlockSize];
        bool whole = length <= (long)BlockSize * Blocks;
        for (int i = 0; i < Blocks; i++)
        {
            stream.Position = whole ? Math.Min(length, (long)i * BlockSize) : i * ((length - BlockSize) / (Blocks - 1));
            int read = stream.ReadAtLeast(block, BlockSize, throwOnEndOfStream: false);
            hash.AppendData(block.AsSpan(0, read));
        }
    }
}
