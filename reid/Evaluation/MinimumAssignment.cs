namespace Pipeline.Reid.Evaluation;

/// <summary>Assigns every row a column of its own at the least total cost.</summary>
internal static class MinimumAssignment
{
    /// <summary>Shortest augmenting paths with potentials (Jonker and Volgenant 1987, without its initialisation), O(rows² · columns).</summary>
    /// <param name="cost">No more rows than columns; finite.</param>
    /// <returns>The column of every row.</returns>
    public static int[] Solve(double[,] cost)
    {
        (int rows, int columns) = (cost.GetLength(0), cost.GetLength(1));
        double[] rowPotential = new double[rows];
        double[] columnPotential = new double[columns];
        int[] owner = new int[columns];
        Array.Fill(owner, -1);
        int[] previous = new int[columns];
        double[] distance = new double[columns];
        bool[] done = new bool[columns];
        for (int start = 0; start < rows; start++)
        {
            Array.Fill(distance, double.PositiveInfinity);
            Array.Fill(previous, -1);
            Array.Clear(done);
            int row = start;
            int last = -1;
            double reached = 0;
            while (row >= 0)
            {
                int next = -1;
                for (int c = 0; c < columns; c++)
                {
                    if (done[c])
                    {
                        continue;
                    }

                    double through = reached + cost[row, c] - rowPotential[row] - columnPotential[c];
                    if (through < distance[c])
                    {
                        (distance[c], previous[c]) = (through, last);
                    }

                    next = next < 0 || distance[c] < distance[next] ? c : next;
                }

                done[next] = true;
                (last, reached, row) = (next, distance[next], owner[next]);
            }

            rowPotential[start] += reached;
            for (int c = 0; c < columns; c++)
            {
                if (done[c] && c != last)
                {
                    rowPotential[owner[c]] += reached - distance[c];
                    columnPotential[c] -= reached - distance[c];
                }
            }

            for (int c = last; c >= 0; c = previous[c])
            {
                owner[c] = previous[c] >= 0 ? owner[previous[c]] : start;
            }
        }

        int[] chosen = new int[rows];
        for (int c = 0; c < columns; c++)
        {
            if (owner[c] >= 0)
            {
                chosen[owner[c]] = c;
            }
        }

        return chosen;
    }
}
