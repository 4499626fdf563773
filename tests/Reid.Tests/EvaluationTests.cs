using System.Text.Json;
using Pipeline.Reid;
using Pipeline.Reid.Evaluation;
using Xunit.Abstractions;

namespace Pipeline.Tests.Reid;

public sealed class EvaluationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("market_small_cosine")]
    [InlineData("ties")]
    public void Of_matches_the_reference_protocol(string name)
    {
        Golden golden = new(TestData.Golden("eval", name + ".safetensors"));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(TestData.Golden("eval", name + ".json")));
        JsonElement standard = json.RootElement.GetProperty("standard");

        RetrievalMetrics metrics = RetrievalMetrics.Of(
            golden.Floats("dist"),
            [.. golden.Ints("qpid").Zip(golden.Ints("qcam"))],
            [.. golden.Ints("gpid").Zip(golden.Ints("gcam"))]);

        Check($"{name} cmc", golden.Doubles("cmc.standard"), metrics.Cmc);
        Check($"{name} ap", golden.Doubles("ap.standard"), metrics.AveragePrecision);
        Check($"{name} inp", golden.Doubles("inp"), metrics.InversePenalty);
        Assert.Equal(golden.Ints("first_match"), metrics.FirstMatch);
        Assert.Equal(standard.GetProperty("valid_queries").GetInt32(), metrics.ValidQueries);
        Assert.Equal(standard.GetProperty("mAP").GetDouble(), metrics.MeanAveragePrecision, 1e-9);
        Assert.Equal(standard.GetProperty("mINP").GetDouble(), metrics.MeanInversePenalty, 1e-9);
    }

    [Theory]
    [InlineData("max")]
    [InlineData("mean")]
    public void Of_matches_the_python_protocol_of_MARS(string pooling)
    {
        Golden golden = new(TestData.Golden("eval", "mars.safetensors"));
        int[] tracks = golden.Ints("tracks");
        int[] queries = [.. golden.Ints("query_idx_1based").Select(q => q - 1)];
        (int Pid, int Camera)[] all = [.. tracks.Chunk(4).Select(t => (t[2], t[3]))];
        (int Pid, int Camera)[] gallery = [.. all.Index().Where(t => !queries.Contains(t.Index) && t.Item.Pid != -1).Select(t => t.Item)];

        RetrievalMetrics metrics = RetrievalMetrics.Of(golden.Floats($"dist.python.{pooling}"), [.. queries.Select(q => all[q])], gallery);

        Check($"mars {pooling} cmc", golden.Doubles($"cmc.python.{pooling}"), metrics.Cmc);
        Check($"mars {pooling} ap", golden.Doubles($"ap.python.{pooling}"), metrics.AveragePrecision);
    }

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

    private void Check(string name, double[] wanted, double[] got)
    {
        Assert.Equal(wanted.Length, got.Length);
        double worst = wanted.Zip(got, (a, b) => double.IsNaN(a) && double.IsNaN(b) ? 0 : Math.Abs(a - b)).Max();
        output.WriteLine($"| eval/{name} | {worst:e1} | 1e-9 |");
        Assert.InRange(worst, 0, 1e-9);
    }
}
