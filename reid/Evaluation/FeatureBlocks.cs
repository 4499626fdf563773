namespace Pipeline.Reid.Evaluation;

/// <summary>Goes through the similarities of two feature sets a block of rows at a time.</summary>
public static class FeatureBlocks
{
    /// <summary>Takes a block of similarities.</summary>
    /// <param name="from">First left row of the block.</param>
    /// <param name="similarities">Row-major (rows of the block, R); the receiver may change it, and may not keep it.</param>
    public delegate void Receiver(int from, Span<float> similarities);

    /// <summary>Hands over every block once, from several threads, in no order. The right features are held a second time meanwhile.</summary>
    /// <param name="left">Rows.</param>
    /// <param name="right">Columns, features of the same length.</param>
    /// <param name="threads">Threads; 0 takes every core.</param>
    /// <param name="receive">Takes them; must be safe to call from several threads for different rows.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static void ForEach(FeatureRows left, FeatureRows right, int threads, Receiver receive, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        PackedRows packed = PackedRows.Of(right.Values, right.Dimension, threads, cancellationToken);
        int blocks = (left.Count + PackedRows.BlockRows - 1) / PackedRows.BlockRows;
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, blocks, options, Memory, (block, _, memory) =>
        {
            int from = block * PackedRows.BlockRows;
            int rows = Math.Min(PackedRows.BlockRows, left.Count - from);
            Span<float> similarities = memory[0].AsSpan(0, rows * right.Count);
            packed.Multiply(left.Values.AsSpan(from * left.Dimension, rows * left.Dimension), similarities, ref memory[1]);
            receive(from, similarities);
            return memory;
        }, static _ => { });

        // Of one thread: a block, and what the product needs.
        float[][] Memory() => [GC.AllocateUninitializedArray<float>(Math.Min(PackedRows.BlockRows, left.Count) * right.Count), []];
    }
}
