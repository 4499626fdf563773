using System.IO.Compression;
using System.Text;

namespace Pipeline.Tests.Reid;

/// <summary>Writes MATLAB 5 files as MATLAB does: every variable compressed.</summary>
internal static class MatWriter
{
    /// <summary>Writes variables, each made by <see cref="Numbers"/> or <see cref="Texts"/>.</summary>
    public static void Write(string path, params byte[][] variables)
    {
        using BinaryWriter file = new(File.Create(path));
        file.Write(new byte[124]);
        file.Write((short)0x0100);
        file.Write("IM"u8);
        foreach (byte[] variable in variables)
        {
            using MemoryStream packed = new();
            using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
            {
                zlib.Write(variable);
            }

            file.Write(15);
            file.Write((int)packed.Length);
            file.Write(packed.ToArray());
        }
    }

    /// <summary>A matrix of class double, kept as int32.</summary>
    public static byte[] Numbers(string name, int rows, int columns, params int[] columnMajor)
    {
        byte[] values = new byte[4 * columnMajor.Length];
        Buffer.BlockCopy(columnMajor, 0, values, 0, values.Length);
        return Matrix(6, name, rows, columns, Element(5, values));
    }

    /// <summary>A column of cells with text in each.</summary>
    public static byte[] Texts(string name, params string[] texts) => Matrix(
        1, name, texts.Length, 1, [.. texts.SelectMany(t => Matrix(4, "", 1, t.Length, Element(4, Encoding.Unicode.GetBytes(t))))]);

    private static byte[] Matrix(byte type, string name, int rows, int columns, byte[] content)
    {
        byte[] flags = new byte[8];
        flags[0] = type;
        byte[] sizes = [.. BitConverter.GetBytes(rows), .. BitConverter.GetBytes(columns)];
        return Element(14, [.. Element(6, flags), .. Element(5, sizes), .. Element(1, Encoding.ASCII.GetBytes(name)), .. content]);
    }

    private static byte[] Element(int type, byte[] data) =>
        [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(data.Length), .. data, .. new byte[((data.Length + 7) & ~7) - data.Length]];
}
