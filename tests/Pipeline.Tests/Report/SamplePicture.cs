using System.Buffers.Binary;
using System.IO.Compression;

namespace Pipeline.Tests.Cli;

/// <summary>A drawn person as PNG: enough to see whether a sheet looks right.</summary>
public static class SamplePicture
{
    public static byte[] Png(int number, int width = 64, int height = 128)
    {
        byte[] rows = new byte[height * ((width * 3) + 1)];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                Colour(number, (x - (width / 2.0)) / width, y / (double)height).CopyTo(rows, (y * ((width * 3) + 1)) + 1 + (x * 3));
            }
        }

        using MemoryStream png = new();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        Chunk(png, "IHDR"u8, header);
        using MemoryStream packed = new();
        using (ZLibStream zip = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zip.Write(rows);
        }

        Chunk(png, "IDAT"u8, packed.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static byte[] Colour(int number, double x, double y)
    {
        byte light = (byte)(150 + (40 * y));
        bool head = (x * x * 1.2) + ((y - 0.14) * (y - 0.14) * 4) < 0.014;
        bool body = y is > 0.22 and < 0.56 && Math.Abs(x) < 0.21;
        bool legs = y is >= 0.56 and < 0.95 && Math.Abs(x) is > 0.02 and < 0.17;
        return head ? [205, 165, 140]
            : body ? [(byte)(number * 97 % 200), (byte)(number * 53 % 190), (byte)(40 + (number * 131 % 180))]
            : legs ? [(byte)(number * 41 % 90), 50, (byte)(60 + (number * 29 % 80))]
            : [light, (byte)(light - 6), (byte)(light - 14)];
    }

    private static void Chunk(Stream png, ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] whole = [.. type, .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(whole);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(whole));
        png.Write(number);
    }

    private static uint Crc(byte[] data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
            }
        }

        return ~crc;
    }
}
