using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Reid;

/// <summary>
/// Rows laid out for the similarities of many rows with many rows: a matrix product as in Goto and van de Geijn 2008, panels packed once, tiles of sums
/// held in registers. A similarity depends on its two rows alone: it is the same to the last bit at every place, with any number of threads and on every
/// machine, and whichever of the two rows is asked. It differs by rounding from <see cref="CosineSearch.Dot"/>, which sums in another order.
/// </summary>
/// <remarks>Each sum runs in the order of the dimensions with fused multiply-add, begun anew every <see cref="Depth"/> of them; the pieces are added in order.</remarks>
public sealed class PackedRows
{
    /// <summary>Left rows that are multiplied at a time: so often is each packed value used when it is fetched from memory.</summary>
    public const int BlockRows = 128;

    private const int Depth = 512;
    private const int TileRows = 8;
    private const int TileColumns = 32;
    private const int Slice = 64; // dimensions packed at a time: what is written stays in the first-level cache

    private readonly float[] _panels; // of TileColumns rows each: dimension after dimension, the panel's rows side by side; the last one filled with zeros

    private PackedRows(float[] panels, int count, int dimension) => (_panels, Count, Dimension) = (panels, count, dimension);

    /// <summary>N.</summary>
    public int Count { get; }

    /// <summary>D.</summary>
    public int Dimension { get; }

    /// <summary>Packs rows; takes as much memory as they do.</summary>
    /// <param name="rows">Row-major (N, D).</param>
    /// <param name="dimension">D, at least 1.</param>
    /// <param name="threads">Threads; 0 takes every core.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="ArgumentException">The values are no whole number of rows.</exception>
    public static PackedRows Of(ReadOnlyMemory<float> rows, int dimension, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        int count = rows.Length / dimension;
        if (rows.Length != count * dimension)
        {
            throw new ArgumentException($"{rows.Length} floats are no rows of {dimension}", nameof(rows));
        }

        int panels = (count + TileColumns - 1) / TileColumns;
        float[] packed = GC.AllocateUninitializedArray<float>(checked(panels * TileColumns * dimension));
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, panels, options, panel =>
        {
            int from = panel * TileColumns;
            Pack(rows.Span.Slice(from * dimension, Math.Min(TileColumns, count - from) * dimension), dimension, TileColumns, packed.AsSpan(from * dimension, TileColumns * dimension));
        });
        return new PackedRows(packed, count, dimension);
    }

    /// <summary>Similarities of some rows with all of these, on the calling thread.</summary>
    /// <param name="left">Row-major (L, D).</param>
    /// <param name="similarities">Receives (L, N), row-major.</param>
    /// <param name="memory">Working memory that is kept from call to call; grows as needed.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public void Multiply(ReadOnlySpan<float> left, Span<float> similarities, ref float[] memory)
    {
        int lefts = left.Length / Dimension;
        if (left.Length != lefts * Dimension || similarities.Length != (long)lefts * Count)
        {
            throw new ArgumentException($"{left.Length} floats in rows of {Dimension}, with {Count} rows, do not make {similarities.Length} similarities", nameof(similarities));
        }

        for (int from = 0; from < lefts; from += BlockRows)
        {
            int rows = Math.Min(BlockRows, lefts - from);
            Block(left.Slice(from * Dimension, rows * Dimension), similarities.Slice(from * Count, rows * Count), ref memory);
        }
    }

    private static void Pack(ReadOnlySpan<float> rows, int dimension, int width, Span<float> packed)
    {
        int count = rows.Length / dimension;
        if (count < width)
        {
            packed.Clear();
        }

        for (int slice = 0; slice < dimension; slice += Slice)
        {
            int end = Math.Min(dimension, slice + Slice);
            for (int row = 0; row < count; row++)
            {
                ReadOnlySpan<float> one = rows.Slice(row * dimension, dimension);
                for (int k = slice; k < end; k++)
                {
                    packed[(k * width) + row] = one[k];
                }
            }
        }
    }

    private void Block(ReadOnlySpan<float> left, Span<float> similarities, ref float[] memory)
    {
        int lefts = left.Length / Dimension;
        int tiles = (lefts + TileRows - 1) / TileRows;
        int tileLength = TileRows * Dimension;
        if (memory.Length < tiles * tileLength)
        {
            memory = GC.AllocateUninitializedArray<float>(tiles * tileLength);
        }

        for (int tile = 0; tile < tiles; tile++)
        {
            int from = tile * TileRows;
            Pack(left.Slice(from * Dimension, Math.Min(TileRows, lefts - from) * Dimension), Dimension, TileRows, memory.AsSpan(tile * tileLength, tileLength));
        }

        Span<float> sums = stackalloc float[TileRows * TileColumns];
        for (int column = 0; column < Count; column += TileColumns)
        {
            int columns = Math.Min(TileColumns, Count - column);
            for (int depth = 0; depth < Dimension; depth += Depth)
            {
                int length = Math.Min(Depth, Dimension - depth);
                ref float right = ref _panels[(column * Dimension) + (depth * TileColumns)];
                for (int tile = 0; tile < tiles; tile++)
                {
                    Tile(ref memory[(tile * tileLength) + (depth * TileRows)], ref right, length, sums);
                    int from = tile * TileRows;
                    for (int row = from; row < Math.Min(lefts, from + TileRows); row++)
                    {
                        Span<float> target = similarities.Slice((row * Count) + column, columns);
                        ReadOnlySpan<float> own = sums.Slice((row - from) * TileColumns, columns);
                        if (depth == 0)
                        {
                            own.CopyTo(target);
                        }
                        else
                        {
                            TensorPrimitives.Add(target, own, target);
                        }
                    }
                }
            }
        }
    }

    private static void Tile(ref float left, ref float right, int length, Span<float> sums)
    {
        ref float first = ref MemoryMarshal.GetReference(sums);
        if (Vector512.IsHardwareAccelerated)
        {
            Whole(ref left, ref right, length, ref first);
            return;
        }

        // Sixteen registers hold a quarter of the tile.
        for (int row = 0; row < TileRows; row += TileRows / 2)
        {
            for (int column = 0; column < TileColumns; column += TileColumns / 2)
            {
                Quarter(ref Unsafe.Add(ref left, row), ref Unsafe.Add(ref right, column), length, ref Unsafe.Add(ref first, (row * TileColumns) + column));
            }
        }
    }

    // 8 x 32: sixteen sums, two vectors of right values, one left value at a time in all lanes.
    private static void Whole(ref float left, ref float right, int length, ref float sums)
    {
        Vector512<float> a0 = default, b0 = default, c0 = default, d0 = default, e0 = default, f0 = default, g0 = default, h0 = default;
        Vector512<float> a1 = default, b1 = default, c1 = default, d1 = default, e1 = default, f1 = default, g1 = default, h1 = default;
        for (int k = 0; k < length; k++)
        {
            Vector512<float> y0 = Vector512.LoadUnsafe(ref right);
            Vector512<float> y1 = Vector512.LoadUnsafe(ref right, 16);
            Vector512<float> x = Vector512.Create(left);
            a0 = Vector512.FusedMultiplyAdd(x, y0, a0);
            a1 = Vector512.FusedMultiplyAdd(x, y1, a1);
            x = Vector512.Create(Unsafe.Add(ref left, 1));
            b0 = Vector512.FusedMultiplyAdd(x, y0, b0);
            b1 = Vector512.FusedMultiplyAdd(x, y1, b1);
            x = Vector512.Create(Unsafe.Add(ref left, 2));
            c0 = Vector512.FusedMultiplyAdd(x, y0, c0);
            c1 = Vector512.FusedMultiplyAdd(x, y1, c1);
            x = Vector512.Create(Unsafe.Add(ref left, 3));
            d0 = Vector512.FusedMultiplyAdd(x, y0, d0);
            d1 = Vector512.FusedMultiplyAdd(x, y1, d1);
            x = Vector512.Create(Unsafe.Add(ref left, 4));
            e0 = Vector512.FusedMultiplyAdd(x, y0, e0);
            e1 = Vector512.FusedMultiplyAdd(x, y1, e1);
            x = Vector512.Create(Unsafe.Add(ref left, 5));
            f0 = Vector512.FusedMultiplyAdd(x, y0, f0);
            f1 = Vector512.FusedMultiplyAdd(x, y1, f1);
            x = Vector512.Create(Unsafe.Add(ref left, 6));
            g0 = Vector512.FusedMultiplyAdd(x, y0, g0);
            g1 = Vector512.FusedMultiplyAdd(x, y1, g1);
            x = Vector512.Create(Unsafe.Add(ref left, 7));
            h0 = Vector512.FusedMultiplyAdd(x, y0, h0);
            h1 = Vector512.FusedMultiplyAdd(x, y1, h1);
            left = ref Unsafe.Add(ref left, TileRows);
            right = ref Unsafe.Add(ref right, TileColumns);
        }

        Store(a0, a1, ref sums, 0);
        Store(b0, b1, ref sums, 1);
        Store(c0, c1, ref sums, 2);
        Store(d0, d1, ref sums, 3);
        Store(e0, e1, ref sums, 4);
        Store(f0, f1, ref sums, 5);
        Store(g0, g1, ref sums, 6);
        Store(h0, h1, ref sums, 7);
    }

    private static void Quarter(ref float left, ref float right, int length, ref float sums)
    {
        Vector256<float> a0 = default, b0 = default, c0 = default, d0 = default, a1 = default, b1 = default, c1 = default, d1 = default;
        for (int k = 0; k < length; k++)
        {
            Vector256<float> y0 = Vector256.LoadUnsafe(ref right);
            Vector256<float> y1 = Vector256.LoadUnsafe(ref right, 8);
            Vector256<float> x = Vector256.Create(left);
            a0 = Vector256.FusedMultiplyAdd(x, y0, a0);
            a1 = Vector256.FusedMultiplyAdd(x, y1, a1);
            x = Vector256.Create(Unsafe.Add(ref left, 1));
            b0 = Vector256.FusedMultiplyAdd(x, y0, b0);
            b1 = Vector256.FusedMultiplyAdd(x, y1, b1);
            x = Vector256.Create(Unsafe.Add(ref left, 2));
            c0 = Vector256.FusedMultiplyAdd(x, y0, c0);
            c1 = Vector256.FusedMultiplyAdd(x, y1, c1);
            x = Vector256.Create(Unsafe.Add(ref left, 3));
            d0 = Vector256.FusedMultiplyAdd(x, y0, d0);
            d1 = Vector256.FusedMultiplyAdd(x, y1, d1);
            left = ref Unsafe.Add(ref left, TileRows);
            right = ref Unsafe.Add(ref right, TileColumns);
        }

        Store(a0, a1, ref sums, 0);
        Store(b0, b1, ref sums, 1);
        Store(c0, c1, ref sums, 2);
        Store(d0, d1, ref sums, 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> low, Vector512<float> high, ref float sums, int row)
    {
        low.StoreUnsafe(ref sums, (nuint)(row * TileColumns));
        high.StoreUnsafe(ref sums, (nuint)((row * TileColumns) + 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> low, Vector256<float> high, ref float sums, int row)
    {
        low.StoreUnsafe(ref sums, (nuint)(row * TileColumns));
        high.StoreUnsafe(ref sums, (nuint)((row * TileColumns) + 8));
    }
}
