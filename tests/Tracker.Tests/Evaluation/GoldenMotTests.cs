using System.IO.Compression;
using System.Text.Json;
using Pipeline.Tracker.Evaluation;
using Xunit.Abstractions;

namespace Pipeline.Tests.Tracker.Evaluation;

public sealed class GoldenMotTests(ITestOutputHelper output)
{
    // Sums of the same float64 terms in another order; golden/mot/README.md suggests 1e-6, we see 1e-12.
    private const double Tolerance = 1e-9;

    [Fact]
    public void Scores_of_the_small_cases_equal_those_of_the_reference()
    {
        using JsonDocument inputs = Open("mini_inputs.json");
        using JsonDocument scores = Open("mini_scores.json");
        Dictionary<string, JsonElement> expected = scores.RootElement.EnumerateArray().ToDictionary(Name);
        List<TrackingScores> pooled = [];
        Parity parity = new();
        int refused = 0;
        foreach (JsonElement input in inputs.RootElement.EnumerateArray())
        {
            string name = Name(input);
            if (input.GetProperty("expect").GetString() == "error")
            {
                Assert.Throws<InvalidDataException>(() => Sequence(input));
                refused++;
                continue;
            }

            TrackingScores actual = TrackingScores.Of(Sequence(input));
            parity.Compare(name, expected[name].GetProperty("scores"), actual);
            if (Rules(input) == MotRules.Mot17)
            {
                pooled.Add(actual);
            }
        }

        parity.Compare("COMBINED", expected["COMBINED"].GetProperty("scores"), TrackingScores.Combine(pooled));
        parity.Report(output, "mini");
        Assert.Equal(5, refused);
        Assert.Empty(parity.Wrong);
    }

    [Fact]
    public void Scores_over_several_cameras_equal_those_of_the_reference()
    {
        using JsonDocument inputs = Open("multicam_inputs.json");
        using JsonDocument scores = Open("multicam_scores.json");
        Dictionary<string, JsonElement> expected = scores.RootElement.EnumerateArray().ToDictionary(Name);
        Parity parity = new();
        foreach (JsonElement input in inputs.RootElement.EnumerateArray())
        {
            string name = Name(input);
            (IReadOnlyList<MotRow> Truth, IReadOnlyList<MotRow> Found, int Length)[] cameras = [.. Texts(input, "gt")
                .Zip(Texts(input, "tracker"), input.GetProperty("lengths").EnumerateArray())
                .Select(camera => ((IReadOnlyList<MotRow>)MotText.Parse(camera.First), (IReadOnlyList<MotRow>)MotText.Parse(camera.Second), camera.Third.GetInt32()))];
            parity.Compare(name, expected[name].GetProperty("global_scores"), TrackingScores.Of(ScoredSequence.Concatenate(cameras)));

            JsonElement perCamera = expected[name].GetProperty("per_camera");
            TrackingScores[] parts = [.. cameras.Select(camera =>
                TrackingScores.Of(ScoredSequence.Create(camera.Truth, camera.Found, camera.Length, MotRules.Mot15)))];
            foreach ((int camera, TrackingScores part) in parts.Index())
            {
                parity.Compare($"{name}/cam{camera + 1}", perCamera.GetProperty($"cam{camera + 1}"), part);
            }

            parity.Compare($"{name}/COMBINED_SEQ", perCamera.GetProperty("COMBINED_SEQ"), TrackingScores.Combine(parts));
        }

        parity.Report(output, "multicam");
        Assert.Empty(parity.Wrong);
    }

    [SkippableFact]
    public void Scores_of_a_site_of_real_size_equal_those_of_the_reference()
    {
        string folder = TestData.Shared("data", "tracking", "multicam", "nlpr_two_cameras");
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(TestData.Shared("golden", "mot", "multicam_nlpr_scores.json")));
        int[] lengths = [.. golden.RootElement.GetProperty("lengths").EnumerateArray().Select(length => length.GetInt32())];
        List<MotRow> Rows(string file) => MotText.Parse(File.ReadAllText(Path.Combine(folder, file)));
        SiteScores site = SiteScores.Of(
            [.. lengths.Select((length, index) => new MotSequence($"cam{index + 1}", Rows($"cam{index + 1}_gt.txt"), Rows($"cam{index + 1}_tracks_pred.txt"), length))]);
        Parity parity = new();
        JsonElement perCamera = golden.RootElement.GetProperty("per_camera");
        foreach (CameraScores camera in site.Cameras)
        {
            parity.Compare(camera.Camera, perCamera.GetProperty(camera.Camera), camera.Scores);
        }

        parity.Compare("COMBINED_SEQ", perCamera.GetProperty("COMBINED_SEQ"), site.Apart);
        JsonElement whole = golden.RootElement.GetProperty("global_scores");
        parity.CompareIdentities("whole", whole, site.All);
        parity.CompareIdentities("pair", whole, site.All with { Identity = site.Pairs.Single().Identity });

        parity.Report(output, "nlpr");
        Assert.Empty(parity.Wrong);
        Assert.Equal(site.All.Identity.TruePositives, site.Persons.Sum(person => person.Right));
    }

    [SkippableFact]
    public void Scores_of_real_tracker_output_equal_those_of_the_reference()
    {
        string data = TestData.Shared("data", "tracking");
        string golden = TestData.Shared("golden", "mot");
        using JsonDocument scores = Open("real_scores.json");
        Parity parity = new();
        foreach (JsonElement group in scores.RootElement.EnumerateArray())
        {
            List<TrackingScores> parts = [];
            foreach (JsonElement sequence in group.GetProperty("sequences").EnumerateArray())
            {
                string name = sequence.GetProperty("seq").GetString()!;
                string truth = File.ReadAllText(Path.Combine(data, "..", "..", sequence.GetProperty("gt").GetString()!));
                string found = Unzip(Path.Combine(golden, sequence.GetProperty("tracker").GetString()!.Replace("golden/mot/", "", StringComparison.Ordinal)));
                TrackingScores actual = TrackingScores.Of(ScoredSequence.Create(
                    MotText.Parse(truth), MotText.Parse(found), sequence.GetProperty("length").GetInt32(), Rules(group)));
                parity.Compare($"{group.GetProperty("group").GetString()}/{name}", group.GetProperty("scores").GetProperty(name), actual);
                parts.Add(actual);
            }

            parity.Compare("COMBINED", group.GetProperty("scores").GetProperty("COMBINED"), TrackingScores.Combine(parts));
        }

        parity.Report(output, "real");
        Assert.Empty(parity.Wrong);
    }

    private static JsonDocument Open(string file) => JsonDocument.Parse(File.ReadAllBytes(TestData.Golden("mot", file)));

    private static string Name(JsonElement element) => element.GetProperty("name").GetString()!;

    private static IEnumerable<string> Texts(JsonElement input, string key) => input.GetProperty(key).EnumerateArray().Select(text => text.GetString()!);

    private static MotRules Rules(JsonElement input) =>
        input.TryGetProperty("preproc", out JsonElement preprocess) && !preprocess.GetBoolean()
            ? MotRules.Mot15
            : Enum.Parse<MotRules>(input.GetProperty("benchmark").GetString()!, ignoreCase: true);

    private static ScoredSequence Sequence(JsonElement input) => ScoredSequence.Create(
        MotText.Parse(input.GetProperty("gt").GetString()!),
        MotText.Parse(input.GetProperty("tracker").GetString()!),
        input.GetProperty("length").GetInt32(),
        Rules(input));

    private static string Unzip(string file)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    private sealed class Parity
    {
        private readonly SortedDictionary<string, double> _largest = [];
        private int _cases;

        internal List<string> Wrong { get; } = [];

        internal void Compare(string name, JsonElement expected, TrackingScores actual)
        {
            _cases++;
            CompareIdentities(name, expected, actual);
            JsonElement clear = expected.GetProperty("CLEAR");
            Value(name, clear, "MOTA", actual.Clear.Mota);
            Value(name, clear, "MOTP", actual.Clear.Motp);
            Value(name, clear, "MOTP_sum", actual.Clear.SimilaritySum);
            Value(name, clear, "CLR_TP", actual.Clear.TruePositives);
            Value(name, clear, "CLR_FN", actual.Clear.FalseNegatives);
            Value(name, clear, "CLR_FP", actual.Clear.FalsePositives);
            Value(name, clear, "IDSW", actual.Clear.IdentitySwitches);
            Value(name, clear, "MT", actual.Clear.MostlyTracked);
            Value(name, clear, "PT", actual.Clear.PartlyTracked);
            Value(name, clear, "ML", actual.Clear.MostlyLost);
            Value(name, clear, "Frag", actual.Clear.Fragmentations);
        }

        /// <summary>HOTA and Identity, which do not depend on the cameras' order.</summary>
        internal void CompareIdentities(string name, JsonElement expected, TrackingScores actual)
        {
            JsonElement hota = expected.GetProperty("HOTA");
            Array(name, hota, "HOTA", actual.Hota.Hota);
            Array(name, hota, "DetA", actual.Hota.DetA);
            Array(name, hota, "DetRe", actual.Hota.DetRe);
            Array(name, hota, "DetPr", actual.Hota.DetPr);
            Array(name, hota, "AssA", actual.Hota.AssA);
            Array(name, hota, "AssRe", actual.Hota.AssRe);
            Array(name, hota, "AssPr", actual.Hota.AssPr);
            Array(name, hota, "LocA", actual.Hota.LocA);
            Array(name, hota, "HOTA_TP", actual.Hota.TruePositives);
            Array(name, hota, "HOTA_FN", actual.Hota.FalseNegatives);
            Array(name, hota, "HOTA_FP", actual.Hota.FalsePositives);
            JsonElement identity = expected.GetProperty("Identity");
            Value(name, identity, "IDF1", actual.Identity.Idf1);
            Value(name, identity, "IDP", actual.Identity.Precision);
            Value(name, identity, "IDR", actual.Identity.Recall);
            Value(name, identity, "IDTP", actual.Identity.TruePositives);
            Value(name, identity, "IDFN", actual.Identity.FalseNegatives);
            Value(name, identity, "IDFP", actual.Identity.FalsePositives);
        }

        internal void Report(ITestOutputHelper output, string set)
        {
            foreach ((string key, double difference) in _largest)
            {
                output.WriteLine($"{set}: {key,-9} largest difference over {_cases} cases {difference:0.0e+00}");
            }
        }

        private void Array(string name, JsonElement family, string key, double[] actual)
        {
            double[] expected = [.. family.GetProperty(key).EnumerateArray().Select(value => value.GetDouble())];
            for (int level = 0; level < expected.Length; level++)
            {
                Check($"{name} {key}[{level}]", key, expected[level], actual[level]);
            }
        }

        private void Value(string name, JsonElement family, string key, double actual) =>
            Check($"{name} {key}", key, family.GetProperty(key).GetDouble(), actual);

        private void Check(string what, string key, double expected, double actual)
        {
            double difference = Math.Abs(expected - actual) / Math.Max(1, Math.Abs(expected));
            _largest[key] = Math.Max(_largest.GetValueOrDefault(key), difference);
            if (!(difference <= Tolerance))
            {
                Wrong.Add($"{what}: expected {expected}, got {actual}");
            }
        }
    }
}
