namespace Pipeline.Reid.Weights;

/// <summary>A Python dict, in its order.</summary>
/// <param name="isOrderedDict">Whether it was an OrderedDict, the only object that may carry attributes (BUILD).</param>
internal sealed class PickleDictionary(bool isOrderedDict) : OrderedDictionary<object, object?>
{
    internal bool IsOrderedDict { get; } = isOrderedDict;
}

/// <summary>A Python tuple, or torch.Size.</summary>
/// <param name="Items">Its items.</param>
/// <param name="Depth">How many tuples lie in each other, this one included.</param>
internal sealed record PickleTuple(object?[] Items, int Depth);

/// <summary>A stretch of bytes that tensors share.</summary>
internal sealed class PickleStorage(string key, ElementType type, long count)
{
    internal string Key { get; } = key;

    internal ElementType Type { get; } = type;

    internal long Count { get; } = count;

    internal long ByteCount => checked(Count * Type.ByteCount());

    /// <summary>The bytes, once they are read.</summary>
    internal byte[]? Bytes { get; set; }
}

/// <summary>A tensor: a strided view of a storage, in elements.</summary>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    internal long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));
}

/// <summary>A stretch of a storage that an old file names by itself.</summary>
internal sealed record PickleStorageView(PickleStorage Storage, long Offset, long Count);

/// <summary>The names that a weight file may mention.</summary>
internal enum PickleGlobal
{
    OrderedDict,
    RebuildTensor,
    RebuildTensorV2,
    RebuildParameter,
    Size,
    FloatStorage,
    DoubleStorage,
    HalfStorage,
    BFloat16Storage,
    LongStorage,
    IntStorage,
    ShortStorage,
    CharStorage,
    ByteStorage,
    BoolStorage,
}
