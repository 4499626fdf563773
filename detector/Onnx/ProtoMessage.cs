using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Detector.Onnx;

/// <summary>How a field is written on the wire (Protocol Buffers, "Encoding").</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Length = 2,
    Fixed32 = 5,
}

/// <summary>One field as it stands on the wire.</summary>
/// <param name="Number">Field number.</param>
/// <param name="Type">How it is written.</param>
/// <param name="Value">The number, for all but <see cref="WireType.Length"/>.</param>
/// <param name="Bytes">The content, for <see cref="WireType.Length"/>.</param>
internal readonly record struct ProtoField(int Number, WireType Type, ulong Value, ReadOnlyMemory<byte> Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    public ProtoMessage Message => ProtoMessage.Parse(Bytes);
}

/// <summary>
/// A Protocol Buffers message as a list of fields, without its description: enough to write ONNX models and to change a few fields of
/// one, and every field that is not looked at stays as it was.
/// </summary>
internal sealed class ProtoMessage
{
    public List<ProtoField> Fields { get; } = [];

    /// <exception cref="InvalidDataException">The bytes are no message.</exception>
    public static ProtoMessage Parse(ReadOnlyMemory<byte> bytes)
    {
        ProtoMessage message = new();
        int at = 0;
        while (at < bytes.Length)
        {
            ulong tag = ReadVarint(bytes.Span, ref at);
            message.Fields.Add(ReadField(bytes, ref at, (int)(tag >> 3), (WireType)(tag & 7)));
        }

        return message;
    }

    public IEnumerable<ProtoField> All(int number) => Fields.Where(field => field.Number == number);

    public string Text(int number) => Fields.FirstOrDefault(field => field.Number == number) is { Type: WireType.Length } found ? found.Text : "";

    public ProtoMessage Add(int number, long value)
    {
        Fields.Add(new(number, WireType.Varint, (ulong)value, default));
        return this;
    }

    public ProtoMessage Add(int number, float value)
    {
        Fields.Add(new(number, WireType.Fixed32, BitConverter.SingleToUInt32Bits(value), default));
        return this;
    }

    public ProtoMessage Add(int number, string text) => Add(number, Encoding.UTF8.GetBytes(text));

    public ProtoMessage Add(int number, ProtoMessage message) => Add(number, message.ToArray());

    public ProtoMessage Add(int number, ReadOnlyMemory<byte> bytes)
    {
        Fields.Add(new(number, WireType.Length, 0, bytes));
        return this;
    }

    /// <summary>Repeated whole numbers in one packed field.</summary>
    public ProtoMessage AddPacked(int number, IEnumerable<long> values)
    {
        using MemoryStream packed = new();
        foreach (long value in values)
        {
            WriteVarint(packed, (ulong)value);
        }

        return Add(number, packed.ToArray());
    }

    /// <summary>Repeated whole numbers, packed or one by one: writers differ.</summary>
    public List<long> Numbers(int number)
    {
        List<long> values = [];
        foreach (ProtoField field in All(number))
        {
            if (field.Type != WireType.Length)
            {
                values.Add((long)field.Value);
                continue;
            }

            int at = 0;
            while (at < field.Bytes.Length)
            {
                values.Add((long)ReadVarint(field.Bytes.Span, ref at));
            }
        }

        return values;
    }

    /// <summary>Replaces each field of a number by what becomes of its message; null leaves it.</summary>
    /// <returns>How many became something else.</returns>
    public int Replace(int number, Func<ProtoMessage, ProtoMessage?> change)
    {
        int changed = 0;
        for (int i = 0; i < Fields.Count; i++)
        {
            if (Fields[i].Number == number && change(Fields[i].Message) is { } message)
            {
                Fields[i] = new(number, WireType.Length, 0, message.ToArray());
                changed++;
            }
        }

        return changed;
    }

    public byte[] ToArray()
    {
        using MemoryStream stream = new();
        Span<byte> number = stackalloc byte[8];
        foreach (ProtoField field in Fields)
        {
            WriteVarint(stream, ((ulong)field.Number << 3) | (ulong)field.Type);
            switch (field.Type)
            {
                case WireType.Varint:
                    WriteVarint(stream, field.Value);
                    break;
                case WireType.Length:
                    WriteVarint(stream, (ulong)field.Bytes.Length);
                    stream.Write(field.Bytes.Span);
                    break;
                default:
                    BinaryPrimitives.WriteUInt64LittleEndian(number, field.Value);
                    stream.Write(number[..(field.Type == WireType.Fixed64 ? 8 : 4)]);
                    break;
            }
        }

        return stream.ToArray();
    }

    private static ProtoField ReadField(ReadOnlyMemory<byte> bytes, ref int at, int number, WireType type)
    {
        if (type == WireType.Varint)
        {
            return new(number, type, ReadVarint(bytes.Span, ref at), default);
        }

        ulong length = type switch
        {
            WireType.Fixed64 => 8,
            WireType.Fixed32 => 4,
            WireType.Length => ReadVarint(bytes.Span, ref at),
            _ => throw new InvalidDataException($"no Protocol Buffers message: wire type {(int)type} at byte {at}"),
        };
        if (length > (ulong)(bytes.Length - at))
        {
            throw new InvalidDataException($"no whole Protocol Buffers message: it ends within field {number}");
        }

        ReadOnlyMemory<byte> content = bytes.Slice(at, (int)length);
        at += (int)length;
        return type switch
        {
            WireType.Fixed64 => new(number, type, BinaryPrimitives.ReadUInt64LittleEndian(content.Span), default),
            WireType.Fixed32 => new(number, type, BinaryPrimitives.ReadUInt32LittleEndian(content.Span), default),
            _ => new(number, type, 0, content),
        };
    }

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (at >= bytes.Length)
            {
                throw new InvalidDataException("no whole Protocol Buffers message: it ends within a number");
            }

            byte part = bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException($"no Protocol Buffers message: a number of more than 64 bits at byte {at}");
    }

    private static void WriteVarint(Stream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            stream.WriteByte((byte)(value | 0x80));
        }

        stream.WriteByte((byte)value);
    }
}
