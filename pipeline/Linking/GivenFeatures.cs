using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Pipeline.Reid.Weights;

namespace Pipeline.Cli.Linking;

/// <summary>Feature vectors that somebody else made, one for each row of a text file beside them.</summary>
/// <param name="Dimension">Length of a vector.</param>
/// <param name="Values">Row-major.</param>
internal sealed partial record GivenFeatures(int Dimension, float[] Values)
{
    private static readonly string[] Endings = [".npy", ".safetensors", ".f16", "_emb.f16"];

    /// <summary>The vector of a row.</summary>
    /// <param name="row">Row, from 0.</param>
    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Dimension, Dimension);

    /// <summary>Reads the features beside a text file: NAME.npy, NAME.safetensors, NAME.f16 or NAME_emb.f16.</summary>
    /// <param name="text">The text file.</param>
    /// <param name="rows">Its rows; as many vectors are needed.</param>
    /// <returns>The features; null when there is no such file.</returns>
    /// <exception cref="InvalidDataException">The file is damaged or has another number of vectors.</exception>
    public static GivenFeatures? Beside(string text, int rows)
    {
        string stem = Path.Combine(Path.GetDirectoryName(text)!, Path.GetFileNameWithoutExtension(text)); // a file lies in a folder
        if (Endings.Select(ending => stem + ending).FirstOrDefault(File.Exists) is not { } path)
        {
            return null;
        }

        GivenFeatures features = Path.GetExtension(path) switch
        {
            ".npy" => Npy(path),
            ".safetensors" => Safetensors(path),
            _ => Halves(path, File.ReadAllBytes(path), rows),
        };
        return features.Values.Length == (long)features.Dimension * rows
            ? features
            : throw new InvalidDataException(
                $"'{path}': {rows} vectors are needed, one for each row of '{Path.GetFileName(text)}', got {features.Values.Length / Math.Max(1, features.Dimension)}. Bring the two together, or take it away to link without features.");
    }

    private static GivenFeatures Halves(string path, byte[] bytes, int rows)
    {
        if (rows == 0 || bytes.Length % (2 * rows) != 0)
        {
            throw new InvalidDataException($"'{path}': {bytes.Length} bytes are no whole number of 16-bit values for each of {rows} rows. Write rows x D little-endian float16, nothing else.");
        }

        float[] values = new float[bytes.Length / 2];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes.AsSpan(2 * i));
        }

        return new GivenFeatures(values.Length / rows, values);
    }

    private static GivenFeatures Safetensors(string path)
    {
        WeightFile file = WeightFile.Read(path);
        WeightTensor tensor = file.Tensors.Count == 1 ? file.Tensors.GetAt(0).Value
            : file.Tensors.TryGetValue("features", out WeightTensor? named) ? named
            : throw new InvalidDataException($"'{path}': one tensor, or one named 'features', is needed, got {string.Join(", ", file.Tensors.Keys.Take(5))}. Rename it.");
        return tensor.Shape is [_, var dimension]
            ? new GivenFeatures((int)dimension, tensor.ToSingles())
            : throw new InvalidDataException($"'{path}': shape (rows, D) is needed, got ({string.Join(", ", tensor.Shape)}). Correct it.");
    }

    // NumPy's format, versions 1 and 2: magic, version, length of the header, a Python literal, then the values.
    private static GivenFeatures Npy(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < 12 || bytes[0] != 0x93 || !bytes.AsSpan(1, 5).SequenceEqual("NUMPY"u8))
        {
            throw new InvalidDataException($"'{path}' is no .npy file. Write it with numpy.save.");
        }

        int start = bytes[6] == 1 ? 10 : 12;
        long length = bytes[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8)) : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8));
        if (start + length > bytes.Length)
        {
            throw new InvalidDataException($"'{path}' ends within its header: truncated. Copy it again.");
        }

        string header = Encoding.ASCII.GetString(bytes, start, (int)length);
        Match shape = Shape().Match(header);
        string type = Descr().Match(header).Groups[1].Value;
        if (!shape.Success || header.Contains("'fortran_order': True", StringComparison.Ordinal) || type is not ("<f2" or "<f4" or "<f8"))
        {
            throw new InvalidDataException($"'{path}': a C-ordered array (rows, D) of little-endian float16, 32 or 64 is needed, got {header.Trim()}. Save it as such.");
        }

        (int rows, int dimension) = (int.Parse(shape.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(shape.Groups[2].Value, CultureInfo.InvariantCulture));
        ReadOnlySpan<byte> body = bytes.AsSpan(start + (int)length);
        int size = type[2] - '0';
        if (body.Length != (long)rows * dimension * size)
        {
            throw new InvalidDataException($"'{path}': {rows} x {dimension} values of {size} bytes are needed, got {body.Length} bytes. Copy it again.");
        }

        float[] values = new float[rows * dimension];
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> at = body.Slice(i * size, size);
            values[i] = size switch
            {
                2 => (float)BinaryPrimitives.ReadHalfLittleEndian(at),
                4 => BinaryPrimitives.ReadSingleLittleEndian(at),
                _ => (float)BinaryPrimitives.ReadDoubleLittleEndian(at),
            };
        }

        return new GivenFeatures(dimension, values);
    }

    [GeneratedRegex(@"'shape':\s*\((\d+),\s*(\d+),?\s*\)")]
    private static partial Regex Shape();

    [GeneratedRegex(@"'descr':\s*'([^']*)'")]
    private static partial Regex Descr();
}
