using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Pipeline.Reid.Weights;

/// <summary>
/// Reads the pickles of weight files. It knows the opcodes and the names that a state dict is made of and refuses all others as soon as it
/// sees them; there is nothing in it that could run anything.
/// </summary>
/// <param name="input">Where the pickle starts; left behind its STOP.</param>
/// <param name="storages">Storages by key, filled as they are met; shared between the tensors.</param>
internal sealed class Unpickler(Stream input, Dictionary<string, PickleStorage> storages)
{
    private const int LargestDepth = 100;
    private const long LargestPickle = 64 << 20;

    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    private static readonly Dictionary<(string Module, string Name), PickleGlobal> s_globals = new()
    {
        [("collections", "OrderedDict")] = PickleGlobal.OrderedDict,
        [("torch._utils", "_rebuild_tensor")] = PickleGlobal.RebuildTensor,
        [("torch._utils", "_rebuild_tensor_v2")] = PickleGlobal.RebuildTensorV2,
        [("torch._utils", "_rebuild_parameter")] = PickleGlobal.RebuildParameter,
        [("torch", "Size")] = PickleGlobal.Size,
        [("torch", "FloatStorage")] = PickleGlobal.FloatStorage,
        [("torch", "DoubleStorage")] = PickleGlobal.DoubleStorage,
        [("torch", "HalfStorage")] = PickleGlobal.HalfStorage,
        [("torch", "BFloat16Storage")] = PickleGlobal.BFloat16Storage,
        [("torch", "LongStorage")] = PickleGlobal.LongStorage,
        [("torch", "IntStorage")] = PickleGlobal.IntStorage,
        [("torch", "ShortStorage")] = PickleGlobal.ShortStorage,
        [("torch", "CharStorage")] = PickleGlobal.CharStorage,
        [("torch", "ByteStorage")] = PickleGlobal.ByteStorage,
        [("torch", "BoolStorage")] = PickleGlobal.BoolStorage,
    };

    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];
    private readonly long _start = input.Position;

    /// <summary>Reads one pickle.</summary>
    internal object? Read()
    {
        while (true)
        {
            if (input.Position - _start > LargestPickle)
            {
                throw new InvalidDataException($"its pickle is longer than the {LargestPickle >> 20} MB that are read");
            }

            byte opcode = Byte();
            if (opcode == (byte)'.')
            {
                return Pop();
            }

            Step(opcode);
        }
    }

    private void Step(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: // PROTO
                byte protocol = Byte();
                if (protocol > 5)
                {
                    throw new InvalidDataException($"its pickle protocol is {protocol}");
                }

                break;
            case 0x95: // FRAME: only a hint for buffering
                _ = Bytes(8);
                break;
            case (byte)'(': // MARK
                if (_marks.Count >= LargestDepth)
                {
                    throw new InvalidDataException($"its pickle nests deeper than {LargestDepth} levels");
                }

                _marks.Push(_stack.Count);
                break;
            case (byte)'}':
                _stack.Add(new PickleDictionary(isOrderedDict: false));
                break;
            case (byte)']':
                _stack.Add(new List<object?>());
                break;
            case (byte)')':
                Tuple(0);
                break;
            case 0x85 or 0x86 or 0x87: // TUPLE1 to TUPLE3
                Tuple(opcode - 0x84);
                break;
            case (byte)'t': // TUPLE
                Tuple(_stack.Count - Mark());
                break;
            case (byte)'N':
                _stack.Add(null);
                break;
            case 0x88:
                _stack.Add(true);
                break;
            case 0x89:
                _stack.Add(false);
                break;
            case (byte)'J': // BININT
                _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)));
                break;
            case (byte)'K': // BININT1
                _stack.Add((long)Byte());
                break;
            case (byte)'M': // BININT2
                _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)));
                break;
            case 0x8A: // LONG1
                BigInteger number = new(Bytes(Byte()));
                _stack.Add(number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number);
                break;
            case (byte)'G': // BINFLOAT
                _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8)));
                break;
            case (byte)'X': // BINUNICODE
                _stack.Add(s_utf8.GetString(Bytes(Length())));
                break;
            case 0x8C: // SHORT_BINUNICODE
                _stack.Add(s_utf8.GetString(Bytes(Byte())));
                break;
            case (byte)'U': // SHORT_BINSTRING, of Python 2
                _stack.Add(Encoding.Latin1.GetString(Bytes(Byte())));
                break;
            case (byte)'T': // BINSTRING
                _stack.Add(Encoding.Latin1.GetString(Bytes(Length())));
                break;
            case (byte)'q': // BINPUT
                _memo[Byte()] = Peek();
                break;
            case (byte)'r': // LONG_BINPUT
                _memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = Peek();
                break;
            case 0x94: // MEMOIZE
                _memo[_memo.Count] = Peek();
                break;
            case (byte)'h': // BINGET
                Recall(Byte());
                break;
            case (byte)'j': // LONG_BINGET
                Recall(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)));
                break;
            case (byte)'c': // GLOBAL
                _stack.Add(Global(Line(), Line()));
                break;
            case 0x93: // STACK_GLOBAL
                string name = Pop<string>();
                _stack.Add(Global(Pop<string>(), name));
                break;
            case (byte)'R': // REDUCE
                PickleTuple arguments = Pop<PickleTuple>();
                _stack.Add(Call(Pop<PickleGlobal>(), arguments.Items));
                break;
            case (byte)'Q': // BINPERSID
                _stack.Add(Storage(Pop<PickleTuple>().Items));
                break;
            case (byte)'s': // SETITEM
                SetItems(2);
                break;
            case (byte)'u': // SETITEMS
                SetItems(_stack.Count - Mark());
                break;
            case (byte)'a': // APPEND
                Append(1);
                break;
            case (byte)'e': // APPENDS
                Append(_stack.Count - Mark());
                break;
            case (byte)'b': // BUILD: the _metadata of a state dict, which is not needed
                _ = Pop();
                if (Peek() is not PickleDictionary { IsOrderedDict: true })
                {
                    throw new InvalidDataException("its pickle sets the attributes of an object that is no OrderedDict");
                }

                break;
            default:
                throw new InvalidDataException($"its pickle has the opcode 0x{opcode:X2}, which no state dict needs; nothing was run");
        }
    }

    private static PickleGlobal Global(string module, string name) => s_globals.TryGetValue((module, name), out PickleGlobal known)
        ? known
        : throw new InvalidDataException($"its pickle names {module}.{name}, which no state dict needs; nothing was run");

    private static object Call(PickleGlobal function, object?[] arguments)
    {
        switch (function, arguments)
        {
            case (PickleGlobal.OrderedDict, []):
                return new PickleDictionary(isOrderedDict: true);
            case (PickleGlobal.OrderedDict, [List<object?> pairs]):
                PickleDictionary filled = new(isOrderedDict: true);
                foreach (object? pair in pairs)
                {
                    (object key, object? value) = pair switch
                    {
                        PickleTuple { Items: [{ } first, var second] } => (first, second),
                        List<object?> and [{ } first, var second] => (first, second),
                        _ => throw new InvalidDataException("its pickle makes an OrderedDict of something that is no list of pairs"),
                    };
                    filled[key] = value;
                }

                return filled;
            case (PickleGlobal.Size, [PickleTuple sizes]):
                return sizes;
            case (PickleGlobal.RebuildTensor, [var storage, long offset, PickleTuple shape, PickleTuple strides]):
                return Tensor(storage, offset, shape, strides);
            case (PickleGlobal.RebuildTensorV2, [var storage, long offset, PickleTuple shape, PickleTuple strides, bool, ..]):
                return Tensor(storage, offset, shape, strides);
            case (PickleGlobal.RebuildParameter, [PickleTensor data, ..]):
                return data;
            default:
                throw new InvalidDataException($"its pickle calls {function} in a way that torch.save does not");
        }
    }

    private static PickleTensor Tensor(object? storage, long offset, PickleTuple shape, PickleTuple strides)
    {
        (PickleStorage bytes, long start, long available) = storage switch
        {
            PickleStorage whole => (whole, 0L, whole.Count),
            PickleStorageView view => (view.Storage, view.Offset, view.Count),
            _ => throw new InvalidDataException("its pickle makes a tensor of something that is no storage"),
        };
        long[] sizes = Numbers(shape);
        long[] steps = Numbers(strides);
        if (sizes.Length != steps.Length || offset < 0 || sizes.Any(s => s < 0) || steps.Any(s => s < 0))
        {
            throw new InvalidDataException("its pickle has a tensor with impossible sizes, strides or offset");
        }

        checked
        {
            long last = offset + sizes.Zip(steps, (size, step) => (size - 1) * step).Sum();
            if (!sizes.Contains(0) && last >= available)
            {
                throw new InvalidDataException($"a tensor reaches to element {last} of storage {bytes.Key}, which has {available}");
            }

            PickleTensor tensor = new(bytes, start + offset, sizes, steps);
            _ = tensor.Count; // must not overflow
            return tensor;
        }
    }

    private static long[] Numbers(PickleTuple tuple) =>
        [.. tuple.Items.Select(i => i as long? ?? throw new InvalidDataException("its pickle has a shape that is not made of integers"))];

    private object Storage(object?[] id)
    {
        if (id is not ["storage", PickleGlobal kind, string key, string, long count, ..] || count < 0)
        {
            throw new InvalidDataException("its pickle refers to something that is no storage");
        }

        ElementType type = kind switch
        {
            PickleGlobal.FloatStorage => ElementType.F32,
            PickleGlobal.DoubleStorage => ElementType.F64,
            PickleGlobal.HalfStorage => ElementType.F16,
            PickleGlobal.BFloat16Storage => ElementType.BF16,
            PickleGlobal.LongStorage => ElementType.I64,
            PickleGlobal.IntStorage => ElementType.I32,
            PickleGlobal.ShortStorage => ElementType.I16,
            PickleGlobal.CharStorage => ElementType.I8,
            PickleGlobal.ByteStorage => ElementType.U8,
            PickleGlobal.BoolStorage => ElementType.Bool,
            _ => throw new InvalidDataException($"its pickle uses {kind} as a storage"),
        };
        if (!storages.TryGetValue(key, out PickleStorage? storage))
        {
            storages.Add(key, storage = new PickleStorage(key, type, count));
        }
        else if (storage.Type != type || storage.Count != count)
        {
            throw new InvalidDataException($"its pickle describes storage {key} in two ways");
        }

        return id.ElementAtOrDefault(5) switch
        {
            null => storage,
            PickleTuple { Items: [_, long offset, long length] } when offset >= 0 && length >= 0 && offset <= count - length =>
                new PickleStorageView(storage, offset, length),
            _ => throw new InvalidDataException($"its pickle has an impossible view of storage {key}"),
        };
    }

    private void Tuple(int count)
    {
        object?[] items = PopMany(count);
        int depth = 1 + items.Max(i => (int?)(i as PickleTuple)?.Depth) ?? 1;
        _stack.Add(depth <= LargestDepth
            ? new PickleTuple(items, depth)
            : throw new InvalidDataException($"its pickle nests deeper than {LargestDepth} levels"));
    }

    private void SetItems(int count)
    {
        object?[] items = PopMany(count);
        if (count % 2 != 0 || Peek() is not PickleDictionary dictionary)
        {
            throw new InvalidDataException("its pickle puts items into something that is no dict");
        }

        for (int i = 0; i < count; i += 2)
        {
            dictionary[items[i] ?? throw new InvalidDataException("its pickle has a dict with None as a key")] = items[i + 1];
        }
    }

    private void Append(int count)
    {
        object?[] items = PopMany(count);
        if (Peek() is not List<object?> list)
        {
            throw new InvalidDataException("its pickle appends to something that is no list");
        }

        list.AddRange(items);
    }

    private void Recall(long key) => _stack.Add(
        _memo.TryGetValue(key, out object? value) ? value : throw new InvalidDataException("its pickle recalls what it never stored"));

    private object? Peek() => _stack.Count > Floor() ? _stack[^1] : throw Underflow();

    private object? Pop()
    {
        object? top = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private T Pop<T>() => Pop() is T value ? value : throw new InvalidDataException($"its pickle has something else where a {typeof(T).Name} belongs");

    private object?[] PopMany(int count)
    {
        if (count > _stack.Count - Floor())
        {
            throw Underflow();
        }

        object?[] items = [.. _stack[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    private int Floor() => _marks.TryPeek(out int mark) ? mark : 0;

    private int Mark() => _marks.TryPop(out int mark) ? mark : throw Underflow();

    private static InvalidDataException Underflow() => new("its pickle takes more from the stack than it put there");

    private int Length()
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));
        return length <= LargestPickle ? (int)length : throw new InvalidDataException($"its pickle has a string of {length} bytes");
    }

    private string Line()
    {
        List<byte> line = [];
        for (byte b = Byte(); b != (byte)'\n'; b = Byte())
        {
            line.Add(line.Count < 1000 ? b : throw new InvalidDataException("its pickle has a name of more than 1000 bytes"));
        }

        return s_utf8.GetString([.. line]);
    }

    private byte Byte()
    {
        int value = input.ReadByte();
        return value >= 0 ? (byte)value : throw new EndOfStreamException();
    }

    private byte[] Bytes(int count)
    {
        if (count > input.Length - input.Position)
        {
            throw new EndOfStreamException(); // before the memory is taken
        }

        byte[] bytes = new byte[count];
        input.ReadExactly(bytes);
        return bytes;
    }
}
