namespace Pipeline.Reid;

/// <summary>A pair that may be matched, and what matching it is worth.</summary>
/// <param name="Row">Row, from 0.</param>
/// <param name="Column">Column, from 0.</param>
/// <param name="Gain">What the pair adds over leaving both unmatched: cost limit minus cost, or a score. Pairs that add nothing are never matched.</param>
public readonly record struct Pairing(int Row, int Column, double Gain);

/// <summary>
/// Optimal assignment in which every row and column may also stay unmatched: the set of pairs, each row and column at most once, whose
/// gains have the largest sum.
/// </summary>
/// <remarks>
/// With gain = limit - cost this is the assignment with cost limit of spec/tracking.md 1.3 (a pair is matched only where that lowers the
/// total against leaving both unmatched at limit/2 each), which differs from an assignment that is cut afterwards. Shortest augmenting
/// paths over the given pairs only (Jonker and Volgenant 1987, the sparse form): each row has besides a column of its own at gain 0,
/// which stands for "unmatched". Ties: the pair given first wins. Keeps its memory between calls; not thread-safe.
/// </remarks>
public sealed class AssignmentSolver
{
    private readonly PriorityQueue<int, (double Distance, int Order)> _frontier = new();
    private readonly List<int> _touched = [];
    private readonly List<(int Row, double Distance)> _reached = [];
    private int[] _first = new int[1];
    private int[] _next = [];
    private int[] _rowOf = [];
    private int[] _edgeColumn = [];
    private int[] _pathRow = [];
    private int[] _columnOf = [];
    private double[] _edgeCost = [];
    private double[] _columnPrice = [];
    private double[] _rowPrice = [];
    private double[] _distance = [];
    private bool[] _settled = [];

    /// <summary>Finds the best set of pairs.</summary>
    /// <param name="pairs">Pairs that may be matched, any order, each at most once; finite gains.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <returns>The column of each row, -1 where unmatched; valid until the next call.</returns>
    public ReadOnlySpan<int> Solve(scoped ReadOnlySpan<Pairing> pairs, int rows, int columns)
    {
        Prepare(pairs, rows, columns);
        for (int row = 0; row < rows; row++)
        {
            if (!TakeBestIfFree(row))
            {
                Augment(row);
            }
        }

        return _columnOf.AsSpan(0, rows);
    }

    private void Prepare(ReadOnlySpan<Pairing> pairs, int rows, int columns)
    {
        Grow(pairs.Length, rows, columns);
        Array.Clear(_first, 0, rows + 1);
        Array.Clear(_columnPrice, 0, columns);
        Array.Clear(_settled, 0, columns);
        Array.Fill(_rowOf, -1, 0, columns);
        Array.Fill(_columnOf, -1, 0, rows);
        Array.Fill(_distance, double.PositiveInfinity, 0, columns);
        foreach (Pairing pair in pairs)
        {
            if (pair.Gain > 0)
            {
                _first[pair.Row + 1]++;
            }
        }

        for (int row = 0; row < rows; row++)
        {
            _first[row + 1] += _first[row];
        }

        _first.AsSpan(0, rows).CopyTo(_next);
        foreach (Pairing pair in pairs)
        {
            if (pair.Gain > 0)
            {
                int at = _next[pair.Row]++;
                _edgeColumn[at] = pair.Column;
                _edgeCost[at] = -pair.Gain;
            }
        }
    }

    private void Grow(int pairs, int rows, int columns)
    {
        if (_edgeColumn.Length < pairs)
        {
            int size = Math.Max(pairs, 2 * _edgeColumn.Length);
            (_edgeColumn, _edgeCost) = (new int[size], new double[size]);
        }

        if (_columnOf.Length < rows)
        {
            int size = Math.Max(rows, 2 * _columnOf.Length);
            (_columnOf, _rowPrice, _first, _next) = (new int[size], new double[size], new int[size + 1], new int[size]);
        }

        if (_rowOf.Length < columns)
        {
            int size = Math.Max(columns, 2 * _rowOf.Length);
            (_rowOf, _pathRow, _columnPrice, _distance, _settled) =
                (new int[size], new int[size], new double[size], new double[size], new bool[size]);
        }
    }

    // Most rows want a column that nobody has: no search is needed. Also sets the row's price, without which no search may start.
    private bool TakeBestIfFree(int row)
    {
        double least = 0;
        int best = -1;
        for (int edge = _first[row]; edge < _first[row + 1]; edge++)
        {
            double cost = _edgeCost[edge] - _columnPrice[_edgeColumn[edge]];
            if (cost < least)
            {
                (least, best) = (cost, _edgeColumn[edge]);
            }
        }

        _rowPrice[row] = least;
        if (best >= 0 && _rowOf[best] >= 0)
        {
            return false;
        }

        if (best >= 0)
        {
            (_rowOf[best], _columnOf[row]) = (row, best);
        }

        return true;
    }

    private void Augment(int start)
    {
        _reached.Clear();
        _reached.Add((start, 0));
        double length = -_rowPrice[start]; // to leave the start itself unmatched
        int leaveOut = start;
        int end = -1;
        Relax(start, 0);
        while (_frontier.TryDequeue(out int column, out (double Distance, int Order) key) && key.Distance < length)
        {
            if (_settled[column])
            {
                continue; // a longer way to a column already settled
            }

            if (_rowOf[column] < 0)
            {
                (length, end) = (key.Distance, column);
                break;
            }

            _settled[column] = true;
            int row = _rowOf[column];
            _reached.Add((row, key.Distance));
            if (key.Distance - _rowPrice[row] < length)
            {
                (length, leaveOut) = (key.Distance - _rowPrice[row], row);
            }

            Relax(row, key.Distance);
        }

        Reprice(length);
        Flip(start, end, leaveOut);
        Forget();
    }

    private void Relax(int row, double reached)
    {
        for (int edge = _first[row]; edge < _first[row + 1]; edge++)
        {
            int column = _edgeColumn[edge];
            double distance = reached + (_edgeCost[edge] - _rowPrice[row] - _columnPrice[column]);
            if (!_settled[column] && distance < _distance[column]) // rounding must not reopen a settled column
            {
                if (double.IsPositiveInfinity(_distance[column]))
                {
                    _touched.Add(column);
                }

                _distance[column] = distance;
                _pathRow[column] = row;
                // Free columns first among equals: else equal gains make the search walk through all that is taken.
                _frontier.Enqueue(column, (distance, _rowOf[column] < 0 ? column - int.MaxValue : column));
            }
        }
    }

    private void Reprice(double length)
    {
        foreach ((int row, double distance) in _reached)
        {
            _rowPrice[row] += Math.Max(0, length - distance);
            if (_columnOf[row] >= 0)
            {
                _columnPrice[_columnOf[row]] -= Math.Max(0, length - distance);
            }
        }
    }

    // The path ends at a free column, or at a row that gives its column up and stays unmatched.
    private void Flip(int start, int end, int leaveOut)
    {
        int column = end;
        if (end < 0)
        {
            column = _columnOf[leaveOut];
            _columnOf[leaveOut] = -1;
            if (leaveOut == start)
            {
                return;
            }
        }

        while (true)
        {
            int row = _pathRow[column];
            int given = _columnOf[row];
            (_columnOf[row], _rowOf[column]) = (column, row);
            if (row == start)
            {
                return;
            }

            column = given;
        }
    }

    private void Forget()
    {
        foreach (int column in _touched)
        {
            _distance[column] = double.PositiveInfinity;
            _settled[column] = false;
        }

        _touched.Clear();
        _frontier.Clear();
    }
}
