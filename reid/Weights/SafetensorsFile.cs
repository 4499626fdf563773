using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Pipeline.Reid.Weights;

/// <summary>Reads and writes safetensors files: an 8-byte header length, a JSON header, the data without gaps.</summary>
public static class SafetensorsFile
{
    private const long LargestHeader = 100_000_000;

    /// <summary>Writes tensors in the order given, each at a multiple of 8 bytes where sizes allow.</summary>
    /// <param name="path">The file; replaced as a whole once everything is on the disk.</param>
    /// <param name="tensors">Names and tensors.</param>
    /// <param name="metadata">Goes into <c>__metadata__</c>.</param>
    public static void Write(string path, IEnumerable<KeyValuePair<string, WeightTensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        // Larger elements first: every tensor is then aligned to its element size, though nothing lies between two tensors.
        KeyValuePair<string, WeightTensor>[] ordered = [.. tensors.OrderByDescending(t => t.Value.Type.ByteCount())];
        using MemoryStream header = new();
        using (Utf8JsonWriter json = new(header))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long begin = 0;
            foreach ((string name, WeightTensor tensor) in ordered)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", tensor.Type.ToString().ToUpperInvariant());
                WriteNumbers(json, "shape", tensor.Shape);
                WriteNumbers(json, "data_offsets", [begin, begin + tensor.Bytes.Length]);
                json.WriteEndObject();
                begin += tensor.Bytes.Length;
            }

            json.WriteEndObject();
        }

        while (header.Length % 8 != 0)
        {
            header.WriteByte((byte)' ');
        }

        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            header.WriteTo(stream);
            foreach ((_, WeightTensor tensor) in ordered)
            {
                stream.Write(tensor.Bytes.Span);
            }
        });
    }

    internal static WeightFile Read(string path, Stream stream)
    {
        Span<byte> lengthBytes = stackalloc byte[8];
        stream.ReadExactly(lengthBytes);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (headerLength > LargestHeader || (long)headerLength > stream.Length - 8)
        {
            throw new InvalidDataException($"its header claims {headerLength} bytes, the file has {stream.Length}, and {LargestHeader} is the most that is read");
        }

        byte[] header = new byte[headerLength];
        stream.ReadExactly(header);
        Dictionary<string, string> metadata = [];
        List<Entry> entries = [];
        ParseHeader(header, entries, metadata);

        long end = 0;
        OrderedDictionary<string, WeightTensor> tensors = [];
        foreach (Entry entry in entries)
        {
            tensors.Add(entry.Name, null!); // in header order; filled below in data order
        }

        foreach (Entry entry in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.Begin != end)
            {
                throw new InvalidDataException($"tensor '{entry.Name}' begins at byte {entry.Begin}, {end} is expected: {(entry.Begin < end ? "tensors overlap" : "there is a hole")}");
            }

            long remaining = stream.Length - stream.Position;
            if (entry.End - entry.Begin > remaining)
            {
                throw new EndOfStreamException();
            }

            byte[] bytes = new byte[entry.End - entry.Begin];
            stream.ReadExactly(bytes);
            tensors[entry.Name] = new WeightTensor(entry.Type, entry.Shape, bytes);
            end = entry.End;
        }

        return stream.Position == stream.Length
            ? new WeightFile(path, "safetensors", tensors, metadata)
            : throw new InvalidDataException($"{stream.Length - stream.Position} bytes follow the last tensor");
    }

    private static void ParseHeader(byte[] header, List<Entry> entries, Dictionary<string, string> metadata)
    {
        try
        {
            // Strict UTF-8 first: the JSON reader would only look at the strings that it is asked for.
            _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(header);
            using JsonDocument json = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8 });
            HashSet<string> seen = [];
            foreach (JsonProperty property in json.RootElement.EnumerateObject())
            {
                if (!seen.Add(property.Name))
                {
                    throw new InvalidDataException($"tensor '{property.Name}' occurs twice");
                }

                if (property.Name == "__metadata__")
                {
                    foreach (JsonProperty pair in property.Value.EnumerateObject())
                    {
                        metadata[pair.Name] = pair.Value.GetString() ?? "";
                    }
                }
                else
                {
                    entries.Add(ParseEntry(property));
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"its header is not the JSON of safetensors: {e.Message}", e);
        }
    }

    private static Entry ParseEntry(JsonProperty property)
    {
        string name = property.Name;
        string type = property.Value.GetProperty("dtype").GetString() ?? "";
        if (!Enum.TryParse(type == "BOOL" ? nameof(ElementType.Bool) : type, out ElementType element) || char.IsDigit(type[0]))
        {
            throw new InvalidDataException($"tensor '{name}' has the type '{type}', which is not read");
        }

        long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt64())];
        long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(s => s.GetInt64())];
        if (shape.Any(s => s < 0) || offsets is not [>= 0, >= 0] || offsets[1] < offsets[0])
        {
            throw new InvalidDataException($"tensor '{name}' has negative sizes or offsets");
        }

        long bytes = element.ByteCount();
        try
        {
            bytes = shape.Aggregate(bytes, (product, size) => checked(product * size));
        }
        catch (OverflowException)
        {
            throw new InvalidDataException($"the shape of tensor '{name}' is larger than any memory");
        }

        return bytes == offsets[1] - offsets[0]
            ? new Entry(name, element, shape, offsets[0], offsets[1])
            : throw new InvalidDataException($"tensor '{name}' needs {bytes} bytes and has {offsets[1] - offsets[0]}");
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private sealed record Entry(string Name, ElementType Type, long[] Shape, long Begin, long End);
}
