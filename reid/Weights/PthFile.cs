using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;

namespace Pipeline.Reid.Weights;

/// <summary>A PyTorch checkpoint: the object that was saved, and the bytes of its storages.</summary>
internal sealed class PthFile : IDisposable
{
    private const long LargestTensor = 2_000_000_000;
    private static readonly BigInteger s_legacyMagic = BigInteger.Parse("1950a86a20f9469cfc6c", System.Globalization.NumberStyles.HexNumber, null);

    private readonly ZipArchive? _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _records = [];
    private readonly Dictionary<string, PickleStorage> _storages = [];
    private readonly long _fileLength;
    private long _materialised;

    private PthFile(string container, long fileLength, ZipArchive? archive = null)
    {
        Container = container;
        _fileLength = fileLength;
        _archive = archive;
    }

    internal string Container { get; }

    internal object? Root { get; private set; }

    /// <summary>Reads the zip container of torch.save since 1.6.</summary>
    internal static PthFile ReadZip(Stream stream)
    {
        PthFile file = new("pth (zip)", stream.Length, new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true));
        try
        {
            file.ReadRecords();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the container from before 1.6: pickles one after the other, then the storages.</summary>
    internal static PthFile ReadLegacy(Stream stream)
    {
        using BufferedStream input = new(stream, 1 << 16);
        PthFile file = new("pth (legacy)", stream.Length);
        object? Next() => new Unpickler(input, file._storages).Read();
        if (Next() is not BigInteger magic || magic != s_legacyMagic || Next() is not 1001L)
        {
            throw new InvalidDataException("it is a pickle, but no PyTorch checkpoint");
        }

        if (Next() is not PickleDictionary system || system.GetValueOrDefault("little_endian") is not true)
        {
            throw new InvalidDataException("it was written on a big-endian machine, which is not read");
        }

        file.Root = Next();
        if (Next() is not List<object?> keys)
        {
            throw new InvalidDataException("the list of its storages is missing");
        }

        Span<byte> count = stackalloc byte[8];
        foreach (object? key in keys)
        {
            if (key is not string name || !file._storages.TryGetValue(name, out PickleStorage? storage))
            {
                throw new InvalidDataException($"it has a storage '{key}' that no tensor uses");
            }

            input.ReadExactly(count);
            long found = BinaryPrimitives.ReadInt64LittleEndian(count);
            if (found != storage.Count)
            {
                throw new InvalidDataException($"storage {name} has {found} elements, {storage.Count} are expected");
            }

            storage.Bytes = ReadBytes(input, storage, input.Length - input.Position);
        }

        foreach (PickleStorage storage in file._storages.Values)
        {
            if (storage.Bytes is null)
            {
                throw new InvalidDataException($"storage {storage.Key} is missing");
            }
        }

        return file;
    }

    /// <summary>The values of a tensor, row-major whatever its strides were.</summary>
    internal WeightTensor Materialise(PickleTensor tensor)
    {
        PickleStorage storage = tensor.Storage;
        storage.Bytes ??= ReadRecord(storage);
        int size = storage.Type.ByteCount();
        long count = tensor.Count;

        // Strides of 0 make a tensor of any size out of one value; no weight file is much larger in memory than on disk.
        _materialised = checked(_materialised + (count * size));
        if (count * size > LargestTensor || _materialised > (64L * _fileLength) + (1 << 20))
        {
            throw new InvalidDataException($"its tensors are far larger than the file: [{string.Join(", ", tensor.Shape)}] of {storage.Count} stored values");
        }

        byte[] values = new byte[count * size];
        long[] index = new long[tensor.Shape.Length];
        long from = tensor.Offset;
        for (long i = 0; i < count; i++)
        {
            storage.Bytes.AsSpan((int)(from * size), size).CopyTo(values.AsSpan((int)(i * size)));
            for (int d = index.Length - 1; d >= 0; d--)
            {
                from += tensor.Strides[d];
                if (++index[d] < tensor.Shape[d])
                {
                    break;
                }

                from -= index[d] * tensor.Strides[d];
                index[d] = 0;
            }
        }

        return new WeightTensor(storage.Type, tensor.Shape, values);
    }

    /// <inheritdoc/>
    public void Dispose() => _archive?.Dispose();

    private static byte[] ReadBytes(Stream stream, PickleStorage storage, long available)
    {
        if (storage.ByteCount > available)
        {
            throw new EndOfStreamException();
        }

        if (storage.ByteCount > LargestTensor)
        {
            throw new InvalidDataException($"storage {storage.Key} has {storage.ByteCount} bytes, {LargestTensor} is the most that is read");
        }

        byte[] bytes = new byte[storage.ByteCount];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private void ReadRecords()
    {
        foreach (ZipArchiveEntry entry in _archive!.Entries)
        {
            if (!_records.TryAdd(entry.FullName, entry))
            {
                throw new InvalidDataException($"its zip has two records '{entry.FullName}'");
            }
        }

        string[] pickles = [.. _records.Keys.Where(n => n.EndsWith("/data.pkl", StringComparison.Ordinal) && n.Count(c => c == '/') == 1)];
        if (pickles is not [string pickle])
        {
            throw new InvalidDataException("it is a zip, but without the data.pkl of a PyTorch checkpoint");
        }

        Folder = pickle[..^"data.pkl".Length];
        if (_records.TryGetValue(Folder + "byteorder", out ZipArchiveEntry? order))
        {
            using StreamReader reader = new(order.Open());
            char[] word = new char[8];
            if (!word.AsSpan(0, reader.ReadBlock(word)).Trim("\n").SequenceEqual("little"))
            {
                throw new InvalidDataException("it was written on a big-endian machine, which is not read");
            }
        }

        ZipArchiveEntry data = _records[pickle];
        if (data.Length > 64 << 20)
        {
            throw new InvalidDataException($"its pickle has {data.Length} bytes, 64 MB is the most that is read");
        }

        byte[] bytes = new byte[data.Length];
        using (Stream stream = data.Open())
        {
            stream.ReadExactly(bytes);
        }

        using MemoryStream input = new(bytes);
        Root = new Unpickler(input, _storages).Read();
        foreach (PickleStorage storage in _storages.Values)
        {
            _ = Record(storage);
        }
    }

    private string Folder { get; set; } = "";

    private ZipArchiveEntry Record(PickleStorage storage)
    {
        if (!_records.TryGetValue($"{Folder}data/{storage.Key}", out ZipArchiveEntry? record))
        {
            throw new InvalidDataException($"record data/{storage.Key} is missing");
        }

        return record.Length == storage.ByteCount
            ? record
            : throw new InvalidDataException($"record data/{storage.Key} has {record.Length} bytes, {storage.ByteCount} are expected");
    }

    private byte[] ReadRecord(PickleStorage storage)
    {
        ZipArchiveEntry record = Record(storage);
        using Stream stream = record.Open();
        return ReadBytes(stream, storage, storage.ByteCount);
    }
}
