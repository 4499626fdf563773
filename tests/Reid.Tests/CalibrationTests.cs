using Pipeline.Reid;
using Pipeline.Reid.Calibrating;
using Pipeline.Reid.Evaluation;

namespace Pipeline.Tests.Reid;

public sealed class CalibrationTests
{
    [Fact]
    public void Chances_come_true_and_the_threshold_keeps_the_rate()
    {
        // Logistic truth: log odds 20 (s - 0.6), both kinds equally often.
        Calibration calibration = Calibrator.Fit(Sample(people: 120, seed: 1), "m@1", 0.01);

        foreach (float similarity in (float[])[0.45f, 0.55f, 0.6f, 0.65f, 0.75f])
        {
            Assert.Equal(1 / (1 + Math.Exp(-20 * (similarity - 0.6))), calibration.Probability(similarity), 0.08);
        }

        Assert.InRange(calibration.Evidence.At.FalseMatch.Value, 0, 0.01);
        Assert.InRange(calibration.Evidence.CalibrationError!.Value, 0, 0.05);
        Assert.Equal(0.01, calibration.FalseMatchRate(calibration.Threshold), 0.002);
        Assert.True(calibration.FalseMatchRate(0.5f) > calibration.FalseMatchRate(0.6f));
        Assert.Equal(calibration.Tail[^1].Rate, calibration.FalseMatchRate(1));
        Assert.StartsWith("cal-", calibration.Id, StringComparison.Ordinal);
    }

    [Fact]
    public void The_prior_moves_the_chances_and_nothing_else()
    {
        Calibration even = Calibrator.Fit(Sample(60, 2), "m@1", 0.01);
        Calibration rare = Calibrator.Fit(Sample(60, 2), "m@1", 0.01, prior: 0.1);

        double odds = even.Probability(0.6f) / (1 - even.Probability(0.6f)) / 9;
        Assert.Equal(odds / (1 + odds), rare.Probability(0.6f), 1e-4);
        Assert.Equal(even.Threshold, rare.Threshold);
        Assert.NotEqual(even.Id, rare.Id);
    }

    [Fact]
    public void Kinds_that_do_not_overlap_give_a_steep_line_and_no_infinite_one()
    {
        ScoredPair[] pairs =
        [
            .. Enumerable.Range(0, 30).Select(p => FalseMatchTests.Same(0.9f, p)),
            .. from a in Enumerable.Range(0, 30) from b in Enumerable.Range(0, a) select FalseMatchTests.Different(0.2f, a, b),
        ];

        Calibration calibration = Calibrator.Fit(Of(pairs), "m@1", 0.01);

        Assert.True(double.IsFinite(calibration.Slope) && calibration.Slope > 5);
        Assert.InRange(calibration.Probability(0.9f), 0.9, 0.999);
        Assert.InRange(calibration.Probability(0.2f), 0, 0.05);
        Assert.InRange(calibration.Threshold, 0.2f, 0.21f);
    }

    [Fact]
    public void Too_little_is_refused_with_the_counts()
    {
        ScoredPair[] same = [.. Enumerable.Range(0, 19).Select(p => FalseMatchTests.Same(0.9f, p))];
        ScoredPair[] few = [.. Enumerable.Range(0, 30).Select(p => FalseMatchTests.Same(0.9f, p)), .. Enumerable.Range(1, 9).Select(p => FalseMatchTests.Different(0.1f, 0, p))];
        ScoredPair[] none = [.. Enumerable.Range(0, 30).Select(p => FalseMatchTests.Same(0.9f, p))];

        Assert.Contains("19 pairs of one person, 20 are needed", Refused(same, 0.1), StringComparison.Ordinal);
        Assert.Contains("a false-match rate of 0.1 needs at least 30 pairs of different people, there are 9 (9 comparisons); 0.3333 is the smallest supported", Refused(few, 0.1), StringComparison.Ordinal);
        Assert.Contains("needs at least 30 pairs of different people, there are 0", Refused(none, 0.1), StringComparison.Ordinal);
        Assert.Contains("0 pairs of one person", Refused([], 0.1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_finds_strangers_more_alike_is_refused()
    {
        ScoredPair[] pairs =
        [
            .. Enumerable.Range(0, 30).Select(p => FalseMatchTests.Same(0.2f + (p * 0.001f), p)),
            .. from a in Enumerable.Range(0, 30) from b in Enumerable.Range(0, a) select FalseMatchTests.Different(0.6f + (a * 0.001f), a, b),
        ];

        Assert.Contains("does not tell these people apart", Refused(pairs, 0.1), StringComparison.Ordinal);
    }

    [Fact]
    public void Camera_pairs_get_a_threshold_where_they_can()
    {
        ScoredPair[] pairs =
        [
            .. Enumerable.Range(0, 30).Select(p => FalseMatchTests.Same(0.9f, p)),
            .. from a in Enumerable.Range(0, 30) from b in Enumerable.Range(0, a) select FalseMatchTests.Different(0.2f, a, b),
            new ScoredPair(0.5f, false, 1, 2, "c3", "c1"),
        ];

        IReadOnlyList<CameraPairThreshold> found = Calibrator.Fit(Of(pairs), "m@1", 0.02).CameraPairs;

        Assert.Equal([("c1", "c2"), ("c1", "c3")], found.Select(p => (p.First, p.Second)));
        Assert.Equal(0.2001f, found[0].Threshold!.Value, 1e-4f);
        Assert.Null(found[1].Threshold);
        Assert.Contains("there are 1", found[1].Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_comes_back_as_it_was_and_the_same_evidence_has_the_same_id()
    {
        using TemporaryFolder folder = new();
        Calibration calibration = Calibrator.Fit(Sample(60, 3), "m@1", 0.01);

        CalibrationFile.Write(calibration, folder.Path("m.calibration.json"));
        Calibration read = CalibrationFile.Read(folder.Path("m.calibration.json"));

        Assert.Equal(calibration.Id, read.Id);
        Assert.Equal(calibration.Probability(0.61f), read.Probability(0.61f));
        Assert.Equal(calibration.FalseMatchRate(0.61f), read.FalseMatchRate(0.61f));
        Assert.Equal(calibration.Id, Calibrator.Fit(Sample(60, 3), "m@1", 0.01).Id);
        Assert.Equal("/x/osnet.calibration.json", CalibrationFile.Beside("/x/osnet.onnx"));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("{}", "missing required properties")]
    [InlineData("version\": 1", "version 2, 1 is read")]
    [InlineData("target_rate\": 0.01", "changed by hand")]
    [InlineData("prior\": 0.5", "a number is outside its range")]
    public void A_file_that_cannot_be_used_is_refused_with_the_reason(string change, string reason)
    {
        using TemporaryFolder folder = new();
        string path = folder.Path("m.calibration.json");
        CalibrationFile.Write(Calibrator.Fit(Sample(60, 3), "m@1", 0.01), path);
        string text = File.ReadAllText(path);
        File.WriteAllText(path, change is "" or "{}" ? change : text.Replace(change, change[..change.IndexOf(':', StringComparison.Ordinal)] + ": 2", StringComparison.Ordinal));

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => CalibrationFile.Read(path));

        Assert.StartsWith($"'{path}': no usable calibration: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_calibrated_model_has_the_measured_thresholds()
    {
        Calibration calibration = Calibrator.Fit(Sample(60, 3), "m@1", 0.01);
        ColourEmbedder colour = new();
        using CalibratedEmbedder embedder = new(colour, calibration);
        using CalibratedEmbedder within = new(new ColourEmbedder(), calibration with { SameCameraThreshold = calibration.Threshold + 0.03f });

        Assert.Equal(calibration.Threshold, embedder.DefaultThreshold);
        Assert.Equal(colour.DefaultSameCameraExtra, embedder.DefaultSameCameraExtra);
        Assert.Equal(0.03f, within.DefaultSameCameraExtra, 1e-5f);
        Assert.Equal((colour.ModelId, colour.Dimension, colour.Notice), (embedder.ModelId, embedder.Dimension, embedder.Notice));
    }

    [Fact]
    public void Nobody_in_the_recordings_is_said() => Assert.Contains(
        "nobody is in these recordings", Assert.Throws<InvalidDataException>(() => RecordedPairs.Of([], (_, _) => false)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_certain_in_recordings()
    {
        RecordedTrack[] tracks =
        [
            Track("a", 0, 10, [1, 0]), Track("a", 5, 15, [0, 1]), // at once in one camera
            Track("a", 20, 30, [1, 0]), // alone
            Track("b", 7, 12, [0, 1]), // at once with the first two, elsewhere
            Track("c", 7, 12, [0, 1], hasClock: false), // who knows when
        ];

        CalibrationSample sample = RecordedPairs.Of(tracks, (_, _) => false);
        CalibrationSample overlapping = RecordedPairs.Of(tracks, (one, other) => (one, other) is ("a", "b") or ("b", "a"));

        Assert.Equal([(0, 1)], sample.Within.Where(p => !p.Same).Select(p => (p.First, p.Second)));
        Assert.Equal(5, sample.Within.Count(p => p.Same));
        Assert.Equal([(0, 1), (0, 1), (0, 3), (1, 3)], sample.Across.Where(p => !p.Same).Select(p => (p.First, p.Second)).Order());
        Assert.Equal([(0, 1), (0, 1)], overlapping.Across.Where(p => !p.Same).Select(p => (p.First, p.Second)));
        Assert.Equal(10, sample.Across.Count(p => p.Same)); // halves, as if the last had been in each of the two other cameras
        Assert.Equal((At(0), At(30)), (sample.From, sample.To));
        Assert.Contains(sample.Notes, note => note.StartsWith("2 pairs of different people were in view at once in two cameras", StringComparison.Ordinal));
        Assert.Contains(sample.Notes, note => note.StartsWith("Camera a has fewer than 10 tracks", StringComparison.Ordinal));
    }

    [Fact]
    public void What_an_operator_said_is_certain_too()
    {
        RecordedTrack[] tracks = [Track("a", 0, 10, [1, 0]), Track("a", 20, 30, [0, 1]), Track("b", 40, 50, [0.6f, 0.8f])];

        CalibrationSample plain = RecordedPairs.Of(tracks, (_, _) => false);
        CalibrationSample sample = RecordedPairs.Of(tracks, (_, _) => false, [new JudgedTracks(0, 2, Same: true), new JudgedTracks(0, 1, Same: false)]);

        ScoredPair across = Assert.Single(sample.Across.Except(plain.Across));
        ScoredPair within = Assert.Single(sample.Within.Except(plain.Within));
        Assert.Equal((true, 0.6f, "a", "b"), (across.Same, across.Similarity, across.FirstCamera, across.SecondCamera));
        Assert.Equal((false, 0f, 0, 1), (within.Same, within.Similarity, within.First, within.Second));
        Assert.Contains(sample.Notes, note => note.StartsWith("2 pairs of tracks are one person, or two, because an operator said so", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_cameras_light_adds_is_taken_away_when_pairs_are_carried_to_another()
    {
        // Every feature of a camera has that camera's own direction in it: strangers there are alike by it, strangers elsewhere are not.
        Random random = new(5);
        RecordedTrack[] tracks = [.. Enumerable.Range(0, 60).Select(i =>
        {
            string camera = i % 2 == 0 ? "a" : "b";
            float[] feature = [.. Enumerable.Range(0, 16).Select(_ => (random.NextSingle() - 0.5f) * 0.5f), i % 2 == 0 ? 1 : 0, i % 2 == 1 ? 1 : 0];
            Assert.True(TemporalPooling.TryFinish(feature));
            return Track(camera, i / 2 * 3, (i / 2 * 3) + 5, feature);
        })];

        CalibrationSample sample = RecordedPairs.Of(tracks, (_, _) => true); // none at once elsewhere: all are carried over
        CalibrationSample real = RecordedPairs.Of(tracks, (_, _) => false);

        double within = sample.Within.Where(p => !p.Same).Average(p => p.Similarity);
        double carried = sample.Across.Where(p => !p.Same).Average(p => p.Similarity);
        double apart = real.Across.Where(p => !p.Same).Except(sample.Across).Average(p => p.Similarity);
        Assert.True(within > 0.7);
        Assert.True(Math.Abs(carried - apart) < 0.1, $"carried {carried:0.000}, really apart {apart:0.000}");
    }

    [Fact]
    public void One_camera_calibrates_what_is_within_it()
    {
        CalibrationSample sample = RecordedPairs.Of([Track("a", 0, 10, [1, 0]), Track("a", 5, 15, [0, 1])], (_, _) => false);

        Assert.Equal(sample.Within, sample.Across);
        Assert.Contains(sample.Notes, note => note.StartsWith("One camera", StringComparison.Ordinal));
    }

    private static CalibrationSample Sample(int people, int seed)
    {
        // Similarities whose chance to be of one person is logistic: drawn evenly, then dealt out by that chance.
        Random random = new(seed);
        Queue<float> same = [];
        Queue<float> different = [];
        int wanted = Math.Max(people * (people - 1) / 2, people * 40);
        while (different.Count < wanted || same.Count < wanted)
        {
            float similarity = 0.2f + (0.8f * random.NextSingle());
            (random.NextDouble() < 1 / (1 + Math.Exp(-20 * (similarity - 0.6))) ? same : different).Enqueue(similarity);
        }

        return Of(
        [
            .. from a in Enumerable.Range(0, people) from copy in Enumerable.Range(0, 40) select FalseMatchTests.Same(same.Dequeue(), a),
            .. from a in Enumerable.Range(0, people) from b in Enumerable.Range(0, a) select FalseMatchTests.Different(different.Dequeue(), a, b),
        ]);
    }

    private static CalibrationSample Of(IReadOnlyList<ScoredPair> pairs) => new(pairs, [], "labelled", ["c1", "c2"], pairs.Count, null, null, []);

    private static string Refused(IReadOnlyList<ScoredPair> pairs, double rate) =>
        Assert.Throws<InvalidDataException>(() => Calibrator.Fit(Of(pairs), "m@1", rate)).Message;

    private static DateTimeOffset At(int seconds) => new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero).AddSeconds(seconds);

    private static RecordedTrack Track(string camera, int from, int to, float[] feature, bool hasClock = true) =>
        new(camera, At(from), At(to), hasClock, feature, feature, feature);
}
