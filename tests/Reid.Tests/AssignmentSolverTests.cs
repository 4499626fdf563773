using Pipeline.Reid;

namespace Pipeline.Tests.Reid;

public sealed class AssignmentSolverTests
{
    [Fact]
    public void Solve_takes_the_best_total_though_one_pair_is_dearer()
    {
        // Row 0 fits column 0 best, but then row 1 goes without: 0.6 + 0.8 beats 0.9.
        Pairing[] pairs = [new(0, 0, 0.9), new(0, 1, 0.6), new(1, 0, 0.8)];

        int[] columns = new AssignmentSolver().Solve(pairs, 2, 2).ToArray();

        Assert.Equal([1, 0], columns);
    }

    [Fact]
    public void Solve_with_a_cost_limit_is_not_an_assignment_that_is_cut_afterwards()
    {
        // Costs (0.1 0.5 / 0.2 1.2) with limit 0.9: a full assignment must take 0.5 + 0.2 or 0.1 + 1.2 and keeps two pairs of 0.7;
        // gains are 0.8, 0.4, 0.7 and none, and the same two pairs win here, since 0.4 + 0.7 > 0.8.
        Pairing[] two = [new(0, 0, 0.8), new(0, 1, 0.4), new(1, 0, 0.7)];
        Assert.Equal([1, 0], new AssignmentSolver().Solve(two, 2, 2).ToArray());

        // Costs (0.1 0.85 / 0.2 1.2): cut afterwards gives 0.85 + 0.2; with the limit one good pair is worth more than two poor ones.
        Pairing[] one = [new(0, 0, 0.8), new(0, 1, 0.05), new(1, 0, 0.7)];
        Assert.Equal([0, -1], new AssignmentSolver().Solve(one, 2, 2).ToArray());
    }

    [Fact]
    public void Solve_never_matches_a_pair_that_gains_nothing()
    {
        Pairing[] pairs = [new(0, 0, 0), new(1, 1, -1)];

        Assert.Equal([-1, -1], new AssignmentSolver().Solve(pairs, 2, 2).ToArray());
    }

    [Fact]
    public void Solve_answers_for_no_rows_no_columns_and_no_pairs()
    {
        AssignmentSolver solver = new();

        Assert.Empty(solver.Solve([], 0, 5).ToArray());
        Assert.Equal([-1, -1], solver.Solve([], 2, 0).ToArray());
    }

    [Fact]
    public void Solve_equals_brute_force_on_random_sparse_problems()
    {
        Random random = new(7);
        AssignmentSolver solver = new();
        for (int round = 0; round < 3000; round++)
        {
            (int rows, int columns) = (random.Next(0, 7), random.Next(0, 7));
            double density = random.NextDouble();
            List<Pairing> pairs = [];
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    if (random.NextDouble() < density)
                    {
                        // Every other round from few values, so that ties are common.
                        double gain = round % 2 == 0 ? random.NextDouble() - 0.2 : random.Next(-1, 4);
                        pairs.Add(new Pairing(row, column, gain));
                    }
                }
            }

            int[] solution = solver.Solve([.. pairs], rows, columns).ToArray();

            Assert.Equal(solution.Count(column => column >= 0), solution.Where(column => column >= 0).Distinct().Count());
            double total = solution.Select((column, row) => column < 0 ? 0 : pairs.Single(pair => pair.Row == row && pair.Column == column).Gain).Sum();
            Assert.Equal(Best(pairs, 0, rows, 0), total, 9);
        }
    }

    [Fact]
    public void Solve_of_ten_thousand_rows_that_all_want_the_same_few_columns_ends()
    {
        // Worst case for augmenting paths: long chains over equal gains.
        List<Pairing> pairs = [];
        for (int row = 0; row < 10_000; row++)
        {
            for (int column = Math.Max(0, row - 8); column < Math.Min(10_000, row + 8); column++)
            {
                pairs.Add(new Pairing(row, column, 1));
            }
        }

        int[] solution = new AssignmentSolver().Solve([.. pairs], 10_000, 10_000).ToArray();

        Assert.DoesNotContain(-1, solution);
    }

    private static double Best(List<Pairing> pairs, int row, int rows, int used)
    {
        if (row == rows)
        {
            return 0;
        }

        double best = Best(pairs, row + 1, rows, used);
        foreach (Pairing pair in pairs.Where(pair => pair.Row == row && (used & (1 << pair.Column)) == 0))
        {
            best = Math.Max(best, pair.Gain + Best(pairs, row + 1, rows, used | (1 << pair.Column)));
        }

        return best;
    }
}
