namespace Pipeline.Reid.Evaluation;

/// <summary>Features of pictures or clips in one block of memory.</summary>
/// <param name="Values">Row-major (N, D); unit rows where cosine is meant.</param>
/// <param name="Dimension">D, at least 1.</param>
public sealed record FeatureRows(float[] Values, int Dimension)
{
    /// <summary>N.</summary>
    public int Count => Values.Length / Dimension;

    /// <summary>One row.</summary>
    public Span<float> this[int row] => Values.AsSpan(row * Dimension, Dimension);

    /// <summary>A copy of some rows, in the order named.</summary>
    public FeatureRows Take(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        FeatureRows taken = new(new float[rows.Count * Dimension], Dimension);
        for (int i = 0; i < rows.Count; i++)
        {
            this[rows[i]].CopyTo(taken[i]);
        }

        return taken;
    }
}
