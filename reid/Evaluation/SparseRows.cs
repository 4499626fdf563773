namespace Pipeline.Reid.Evaluation;

/// <summary>Rows that are zero nearly everywhere; columns of a row ascend.</summary>
internal sealed class SparseRows
{
    private readonly long[] _starts;
    private readonly int[] _columns;
    private readonly float[] _values;

    private SparseRows(long[] starts, int[] columns, float[] values)
    {
        _starts = starts;
        _columns = columns;
        _values = values;
    }

    /// <summary>Rows.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>Values that are held.</summary>
    public long Held => _starts[^1];

    /// <summary>Columns of a row's values.</summary>
    public ReadOnlySpan<int> Columns(int row) => _columns.AsSpan((int)_starts[row], (int)(_starts[row + 1] - _starts[row]));

    /// <summary>A row's values.</summary>
    public ReadOnlySpan<float> Values(int row) => _values.AsSpan((int)_starts[row], (int)(_starts[row + 1] - _starts[row]));

    /// <summary>Collects rows that were made apart.</summary>
    /// <param name="rows">Columns, ascending, and values of each row.</param>
    public static SparseRows Of((int[] Columns, float[] Values)[] rows)
    {
        long[] starts = new long[rows.Length + 1];
        for (int row = 0; row < rows.Length; row++)
        {
            starts[row + 1] = starts[row] + rows[row].Columns.Length;
        }

        int[] columns = GC.AllocateUninitializedArray<int>(checked((int)starts[^1]));
        float[] values = GC.AllocateUninitializedArray<float>(columns.Length);
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row].Columns.CopyTo(columns, (int)starts[row]);
            rows[row].Values.CopyTo(values, (int)starts[row]);
            rows[row] = default; // the pieces may go as soon as they are copied
        }

        return new SparseRows(starts, columns, values);
    }

    /// <summary>Columns become rows.</summary>
    /// <param name="columns">How many columns there are.</param>
    /// <param name="from">First row that takes part; it becomes column 0.</param>
    public SparseRows Transposed(int columns, int from)
    {
        long[] starts = new long[columns + 1];
        foreach (int column in _columns.AsSpan((int)_starts[from]))
        {
            starts[column + 1]++;
        }

        for (int column = 0; column < columns; column++)
        {
            starts[column + 1] += starts[column];
        }

        int[] rows = GC.AllocateUninitializedArray<int>((int)starts[^1]);
        float[] values = GC.AllocateUninitializedArray<float>(rows.Length);
        long[] next = [.. starts];
        for (int row = from; row < Count; row++)
        {
            ReadOnlySpan<int> own = Columns(row);
            ReadOnlySpan<float> held = Values(row);
            for (int i = 0; i < own.Length; i++)
            {
                ref long place = ref next[own[i]];
                rows[place] = row - from;
                values[place++] = held[i];
            }
        }

        return new SparseRows(starts, rows, values);
    }

    /// <summary>The mean of some rows.</summary>
    /// <param name="rows">Which.</param>
    /// <param name="sums">All zero, as long as there are columns; left all zero.</param>
    public (int[] Columns, float[] Values) Mean(ReadOnlySpan<int> rows, double[] sums)
    {
        List<int> columns = [];
        foreach (int row in rows)
        {
            ReadOnlySpan<int> own = Columns(row);
            ReadOnlySpan<float> held = Values(row);
            for (int i = 0; i < own.Length; i++)
            {
                if (sums[own[i]] == 0)
                {
                    columns.Add(own[i]);
                }

                sums[own[i]] += held[i];
            }
        }

        columns.Sort();
        float[] values = new float[columns.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(sums[columns[i]] / rows.Length);
            sums[columns[i]] = 0;
        }

        return ([.. columns], values);
    }
}
