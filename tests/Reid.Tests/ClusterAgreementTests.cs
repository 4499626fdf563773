using Pipeline.Reid.Evaluation;

namespace Pipeline.Tests.Reid;

public sealed class ClusterAgreementTests
{
    [Fact]
    public void Agreement_by_hand()
    {
        // Person 1: a a b; person 2: b; junk and a distractor do not count; person 3 was given nothing.
        ClusterAgreement agreement = ClusterAgreement.Of<string>([(1, "a"), (1, "a"), (1, "b"), (2, "b"), (-1, "a"), (0, "b"), (3, null)]);

        Assert.Equal(5, agreement.Tracklets);
        Assert.Equal(3, agreement.Persons);
        Assert.Equal(2, agreement.Identities);
        Assert.Equal(1 / 2.0, agreement.PairPrecision, 1e-12); // aa right, bb wrong
        Assert.Equal(1 / 3.0, agreement.PairRecall, 1e-12); // of the three pairs of person 1
        Assert.Equal(2 * 3 / 9.0, agreement.Idf1, 1e-12); // 1-a twice, 2-b once; five labelled, four decided
    }

    [Fact]
    public void Agreement_matches_so_that_most_fits_not_the_largest_first()
    {
        // Greedy takes 1-a (3) and is left with 2-b (0); the best is 1-b (2) and 2-a (2).
        ClusterAgreement agreement = ClusterAgreement.Of<string>(
            [(1, "a"), (1, "a"), (1, "a"), (1, "b"), (1, "b"), (2, "a"), (2, "a")]);

        Assert.Equal(2 * 4 / 14.0, agreement.Idf1, 1e-12);
    }

    [Fact]
    public void Agreement_of_nothing_is_perfect() => Assert.Equal(new ClusterAgreement(0, 0, 0, 1, 1, 1), ClusterAgreement.Of<string>([]));

    [Fact]
    public void Agreement_finds_the_best_matching_as_trying_all_does()
    {
        Random random = new(3);
        for (int round = 0; round < 200; round++)
        {
            int people = random.Next(1, 6);
            int found = random.Next(1, 6);
            (int Pid, string? Identity)[] tracklets =
                [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => (1 + random.Next(people), (string?)$"i{random.Next(found)}"))];

            double best = 2.0 * Best(tracklets, 1, people, []) / (2 * tracklets.Length);

            Assert.Equal(best, ClusterAgreement.Of<string>(tracklets).Idf1, 1e-12);
        }
    }

    private static int Best((int Pid, string? Identity)[] tracklets, int person, int people, HashSet<string> taken)
    {
        if (person > people)
        {
            return 0;
        }

        int best = Best(tracklets, person + 1, people, taken);
        foreach (string identity in tracklets.Select(t => t.Identity!).Distinct().Where(i => !taken.Contains(i)))
        {
            int fits = tracklets.Count(t => t.Pid == person && t.Identity == identity);
            best = Math.Max(best, fits + Best(tracklets, person + 1, people, [.. taken, identity]));
        }

        return best;
    }
}
