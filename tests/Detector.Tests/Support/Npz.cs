using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Pipeline.Tests.Detector.Support;

/// <summary>Reads the arrays of a numpy .npz file as floats.</summary>
internal static partial class Npz
{
    public static Dictionary<string, (long[] Shape, float[] Values)> Read(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        return archive.Entries.ToDictionary(entry => Path.GetFileNameWithoutExtension(entry.Name), ReadArray);
    }

    private static (long[] Shape, float[] Values) ReadArray(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using MemoryStream memory = new();
        stream.CopyTo(memory);
        byte[] bytes = memory.ToArray();
        int length = bytes[6] == 1 ? BitConverter.ToUInt16(bytes, 8) : BitConverter.ToInt32(bytes, 8);
        int start = bytes[6] == 1 ? 10 : 12;
        string header = Encoding.ASCII.GetString(bytes, start, length);
        ReadOnlySpan<byte> data = bytes.AsSpan(start + length);
        long[] shape = [.. Shape().Match(header).Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
        string type = Type().Match(header).Groups[1].Value;
        float[] values = type switch
        {
            "f4" => MemoryMarshal.Cast<byte, float>(data).ToArray(),
            "f2" => [.. MemoryMarshal.Cast<byte, Half>(data).ToArray().Select(value => (float)value)],
            "i4" => [.. MemoryMarshal.Cast<byte, int>(data).ToArray().Select(value => (float)value)],
            _ => throw new InvalidDataException($"{entry.Name}: type {type}"),
        };
        return (shape, values);
    }

    [GeneratedRegex(@"'shape': \(([^)]*)\)")]
    private static partial Regex Shape();

    [GeneratedRegex(@"'descr': '[<|](\w+)'")]
    private static partial Regex Type();
}
