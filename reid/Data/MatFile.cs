using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Pipeline.Reid.Data;

/// <summary>One numeric matrix of a MATLAB file.</summary>
/// <param name="Name">Its variable.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Values">Column by column, as MATLAB keeps them.</param>
public sealed record MatMatrix(string Name, int Rows, int Columns, double[] Values)
{
    /// <summary>One value; both indices from 0.</summary>
    public double this[int row, int column] => Values[(column * Rows) + row];
}

/// <summary>Reads the real numeric matrices of a MATLAB 5 file ("MAT-file level 5", as of MATLAB 5 to 7), compressed or not, little-endian.</summary>
/// <remarks>Of cells only those of text are read; structures and complex matrices are passed over. MATLAB 7.3 files are HDF5 and refused.</remarks>
public static class MatFile
{
    private const int Compressed = 15;
    private const int Matrix = 14;
    private const int CellClass = 1;
    private const int TextClass = 4;
    private const int LargestElement = 1 << 28; // bytes: hundred times the largest table read here

    /// <summary>Reads all numeric matrices.</summary>
    /// <param name="path">The file.</param>
    /// <returns>By variable name.</returns>
    /// <exception cref="InvalidDataException">The file is missing, damaged or no MATLAB 5 file.</exception>
    public static IReadOnlyDictionary<string, MatMatrix> Read(string path) => Read(path, Numeric, m => m.Name);

    /// <summary>Reads all cells of text.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The texts by variable name, column by column.</returns>
    /// <exception cref="InvalidDataException">The file is missing, damaged or no MATLAB 5 file.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ReadTexts(string path) =>
        Read(path, Texts, t => t.Name).ToDictionary(t => t.Key, t => t.Value.Texts);

    private static Dictionary<string, T> Read<T>(string path, Parser<T> parse, Func<T, string> name)
        where T : class
    {
        try
        {
            return Parse(File.ReadAllBytes(path), parse, name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException or InvalidDataException or OverflowException)
        {
            throw new InvalidDataException($"'{path}': no readable MATLAB 5 file: {e.Message.ReplaceLineEndings(" ")} Fetch it again.", e);
        }
    }

    private static Dictionary<string, T> Parse<T>(ReadOnlySpan<byte> file, Parser<T> parse, Func<T, string> name)
        where T : class
    {
        if (file.Length < 128 || file[126] != 'I' || file[127] != 'M')
        {
            throw new InvalidDataException("its header does not say MATLAB 5, little-endian.");
        }

        Dictionary<string, T> found = [];
        ReadOnlySpan<byte> rest = file[128..];
        while (!rest.IsEmpty)
        {
            Element element = Next(ref rest, padded: false);
            if (element.Type == Compressed)
            {
                ReadOnlySpan<byte> unpacked = Inflate(element.Data);
                element = Next(ref unpacked, padded: true);
            }

            if (element.Type == Matrix && element.Length > 0 && parse(element.Data) is { } value)
            {
                found[name(value)] = value;
            }
        }

        return found;
    }

    private static TextCells? Texts(ReadOnlySpan<byte> matrix)
    {
        ReadOnlySpan<byte> flags = Next(ref matrix, padded: true).Data;
        Next(ref matrix, padded: true); // the sizes
        ReadOnlySpan<byte> name = Next(ref matrix, padded: true).Data;
        if (flags[0] != CellClass)
        {
            return null;
        }

        List<string> texts = [];
        while (!matrix.IsEmpty)
        {
            Element cell = Next(ref matrix, padded: true);
            if (cell.Type != Matrix || Text(cell.Data) is not { } text)
            {
                return null;
            }

            texts.Add(text);
        }

        return new TextCells(Encoding.ASCII.GetString(name), texts);
    }

    private static string? Text(ReadOnlySpan<byte> matrix)
    {
        if (matrix.IsEmpty)
        {
            return "";
        }

        ReadOnlySpan<byte> flags = Next(ref matrix, padded: true).Data;
        if (flags[0] != TextClass)
        {
            return null;
        }

        Next(ref matrix, padded: true); // the sizes
        Next(ref matrix, padded: true); // the name
        Element stored = Next(ref matrix, padded: true);
        return stored.Type switch
        {
            4 or 17 => Encoding.Unicode.GetString(stored.Data), // uint16 or UTF-16
            _ => Encoding.UTF8.GetString(stored.Data),
        };
    }

    private static MatMatrix? Numeric(ReadOnlySpan<byte> matrix)
    {
        ReadOnlySpan<byte> flags = Next(ref matrix, padded: true).Data;
        ReadOnlySpan<byte> dimensions = Next(ref matrix, padded: true).Data;
        ReadOnlySpan<byte> name = Next(ref matrix, padded: true).Data;
        bool complex = (flags[1] & 0x08) != 0;
        if (flags[0] is < 6 or > 15 || complex || dimensions.Length != 8)
        {
            return null;
        }

        (int rows, int columns) = (BinaryPrimitives.ReadInt32LittleEndian(dimensions), BinaryPrimitives.ReadInt32LittleEndian(dimensions[4..]));
        Element stored = Next(ref matrix, padded: true);
        double[] values = Numbers(stored.Type, stored.Data);
        return rows >= 0 && columns >= 0 && values.Length == checked(rows * columns)
            ? new MatMatrix(Encoding.ASCII.GetString(name), rows, columns, values)
            : throw new InvalidDataException($"a matrix of {rows} x {columns} has {values.Length} values.");
    }

    // MATLAB stores values in the smallest type that holds them, whatever the matrix's class is.
    private static double[] Numbers(int type, ReadOnlySpan<byte> data)
    {
        int size = type switch { 1 or 2 => 1, 3 or 4 => 2, 5 or 6 or 7 => 4, 9 or 12 or 13 => 8, _ => throw new InvalidDataException($"values of type {type} are not known.") };
        double[] values = new double[data.Length / size];
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> at = data[(i * size)..];
            values[i] = type switch
            {
                1 => (sbyte)at[0],
                2 => at[0],
                3 => BinaryPrimitives.ReadInt16LittleEndian(at),
                4 => BinaryPrimitives.ReadUInt16LittleEndian(at),
                5 => BinaryPrimitives.ReadInt32LittleEndian(at),
                6 => BinaryPrimitives.ReadUInt32LittleEndian(at),
                7 => BinaryPrimitives.ReadSingleLittleEndian(at),
                9 => BinaryPrimitives.ReadDoubleLittleEndian(at),
                12 => BinaryPrimitives.ReadInt64LittleEndian(at),
                _ => BinaryPrimitives.ReadUInt64LittleEndian(at),
            };
        }

        return values;
    }

    private static Element Next(scoped ref ReadOnlySpan<byte> rest, bool padded)
    {
        uint tag = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (tag >> 16 != 0)
        {
            (int type, int small) = ((int)(tag & 0xFFFF), (int)(tag >> 16)); // up to four bytes sit in the tag itself
            ReadOnlySpan<byte> value = rest.Slice(4, small);
            rest = rest[8..];
            return new Element(type, small, value);
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
        ReadOnlySpan<byte> data = rest.Slice(8, length);
        int used = padded ? (length + 7) & ~7 : length;
        rest = rest[Math.Min(8 + used, rest.Length)..];
        return new Element((int)tag, length, data);
    }

    private static byte[] Inflate(ReadOnlySpan<byte> data)
    {
        using MemoryStream packed = new(data.ToArray());
        using ZLibStream zlib = new(packed, CompressionMode.Decompress);
        using MemoryStream unpacked = new();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = zlib.Read(buffer)) > 0;)
        {
            unpacked.Write(buffer, 0, read);
            if (unpacked.Length > LargestElement)
            {
                throw new InvalidDataException($"an element unpacks to more than {LargestElement} bytes.");
            }
        }

        return unpacked.ToArray();
    }

    private delegate T? Parser<T>(ReadOnlySpan<byte> matrix);

    private sealed record TextCells(string Name, IReadOnlyList<string> Texts);

    private readonly ref struct Element(int type, int length, ReadOnlySpan<byte> data)
    {
        public int Type { get; } = type;

        public int Length { get; } = length;

        public ReadOnlySpan<byte> Data { get; } = data;
    }
}
