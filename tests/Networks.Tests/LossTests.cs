using System.Text.Json;
using Pipeline.Reid.Training;
using Pipeline.Reid.Training.Losses;
using Pipeline.Reid.Weights;
using TorchSharp;
using TorchSharp.Modules;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Pipeline.Tests.Networks;

/// <summary>Every file of golden/losses: values and gradients of the official classes, in the precision whose noise the file states.</summary>
[Collection("parity")]
public sealed class LossTests(ParityTable parity, ITestOutputHelper output)
{
    public static TheoryData<string> Files(string pattern) =>
        [.. Directory.GetFiles(TestData.Golden("losses"), pattern + ".safetensors").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    [SkippableTheory]
    [MemberData(nameof(Files), "ce_label_smooth_*")]
    public void Smoothed_cross_entropy_is_that_of_the_official_class(string name)
    {
        using Case golden = new(name);
        Tensor logits = golden.Singles("logits");

        Tensor loss = CrossEntropy.Smoothed(logits, golden.Labels, golden.Number("epsilon"));
        loss.backward();

        parity.Note(output, $"losses/{name} loss", golden.OffLoss(loss), 2e-6);
        parity.Note(output, $"losses/{name} gradient", golden.OffGradient("logits", logits), 4e-8);
    }

    [SkippableTheory]
    [MemberData(nameof(Files), "triplet_p*")]
    [MemberData(nameof(Files), "triplet_shuffled*")]
    public void The_triplet_loss_is_that_of_the_official_class(string name)
    {
        using Case golden = new(name);
        Tensor x = golden.Singles("x");
        BatchHardTriplet triplet = new()
        {
            Margin = golden.Settings.GetProperty("margin") is { ValueKind: JsonValueKind.Number } margin ? margin.GetDouble() : null,
            Distance = golden.Settings.GetProperty("metric").GetString() == "cosine" ? TripletDistance.Cosine : TripletDistance.Euclidean,
            Normalise = golden.Settings.GetProperty("normalize_feature").GetBoolean(),
        };

        HardTriplets mined = triplet.Mine(x, golden.Labels);
        Tensor loss = triplet.Of(x, golden.Labels);
        loss.backward();

        Assert.Equal(golden.Whole("p_inds"), mined.PositiveAt.data<long>().ToArray());
        Assert.Equal(golden.Whole("n_inds"), mined.NegativeAt.data<long>().ToArray());
        parity.Note(output, $"losses/{name} positive", golden.Off("dist_ap", mined.Positive), 1e-6);
        parity.Note(output, $"losses/{name} negative", golden.Off("dist_an", mined.Negative), 1e-6);
        parity.Note(output, $"losses/{name} distances (diagonal: 1e-3)", golden.Off("dist", mined.Distances), 1.5e-3);
        parity.Note(output, $"losses/{name} loss", golden.OffLoss(loss), 3e-7);
        parity.Note(output, $"losses/{name} gradient", golden.OffGradient("x", x), 2e-7);
    }

    [SkippableFact]
    public void Equal_pictures_give_the_clamped_distance_and_no_gradient()
    {
        using Case golden = new("triplet_duplicate");
        Tensor x = golden.Doubles("x");

        Tensor loss = new BatchHardTriplet().Of(x, golden.Labels);
        loss.backward();

        parity.Note(output, "losses/triplet_duplicate loss", golden.OffLoss(loss), 1e-12);
        parity.Note(output, "losses/triplet_duplicate gradient", golden.OffGradient("x", x), 4e-8);
    }

    [SkippableTheory]
    [MemberData(nameof(Files), "triplet_keras_*")]
    public void The_triplet_loss_by_differences_is_that_of_Keras(string name)
    {
        using Case golden = new(name);
        Tensor x = golden.Singles("x");
        BatchHardTriplet triplet = new()
        {
            Margin = golden.Settings.GetProperty("margin") is { ValueKind: JsonValueKind.Number } margin ? margin.GetDouble() : null,
            Distance = TripletDistance.Differences,
        };

        Tensor loss = triplet.Of(x, golden.Labels);
        loss.backward();

        parity.Note(output, $"losses/{name} anchors", golden.Off("per_anchor", triplet.PerAnchor(triplet.Mine(x, golden.Labels))), 1e-6);
        parity.Note(output, $"losses/{name} loss", golden.OffLoss(loss), 3e-7);
        parity.Note(output, $"losses/{name} gradient", golden.OffGradient("x", x), 1e-7);
    }

    [SkippableFact]
    public void The_centre_loss_is_that_of_the_official_class_and_moves_its_centres()
    {
        using Case golden = new("center_loss");
        Tensor x = golden.Singles("x");
        using CentreLoss centre = new(golden.Singles("centers").detach());

        Tensor loss = centre.Of(x, golden.Labels);
        loss.backward();

        parity.Note(output, "losses/center_loss loss", golden.OffLoss(loss), 1e-6);
        parity.Note(output, "losses/center_loss gradient", golden.OffGradient("x", x), 4e-8);
        parity.Note(output, "losses/center_loss gradient of centres", golden.OffGradient("centers", centre.Centres), 1e-7);
        float[] before = centre.Centres.Values();
        float[] gradient = centre.Centres.grad!.Values();
        centre.Step(weight: 1, learningRate: 0.5);
        Assert.Equal(before.Zip(gradient, (b, g) => b - (0.5f * g)), centre.Centres.Values());
        Assert.All(centre.Centres.grad!.Values(), g => Assert.Equal(0, g));
    }

    [SkippableFact]
    public void Centres_move_the_same_whatever_the_weight_of_their_loss()
    {
        using Case golden = new("center_loss");
        float[] Moved(double weight)
        {
            using CentreLoss centre = new(golden.Singles("centers").detach());
            (centre.Of(golden.Singles("x"), golden.Labels) * weight).backward();
            centre.Step(weight);
            return centre.Centres.Values();
        }

        Assert.All(Moved(1).Zip(Moved(0.0005)), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [SkippableTheory]
    [MemberData(nameof(Files), "am_softmax_*")]
    public void AM_softmax_is_that_of_the_official_class(string name)
    {
        using Case golden = new(name);
        Tensor x = golden.Singles("x");
        Tensor w = golden.Singles("w");
        AdditiveMarginSoftmax softmax = new(golden.Number("s"), golden.Number("m"));

        Tensor loss = softmax.Of(x, w, golden.Labels);
        loss.backward();

        parity.Note(output, $"losses/{name} scores", golden.Off("logits", softmax.Logits(x, w, golden.Labels)), 1e-5);
        parity.Note(output, $"losses/{name} loss", golden.OffLoss(loss), 5e-6);
        parity.Note(output, $"losses/{name} gradient", golden.OffGradient("x", x), 5e-7);
        parity.Note(output, $"losses/{name} gradient of weights", golden.OffGradient("w", w), 4e-6);
    }

    [SkippableFact]
    public void Adaptive_L2_has_the_penalty_the_factors_and_the_gradients_of_the_paper_in_double()
    {
        using Case golden = new("adaptive_l2");
        string[] names = ["conv.kernel", "conv.bias", "bn.gamma", "bn.beta", "dense.kernel"];
        using AdaptiveL2 adaptive = new(
            names.Select(n => (n, new Parameter(golden.Doubles($"w.{n}").detach()))), golden.Number("amplitude"), golden.Number("omega"));
        (string Name, Parameter Parameter)[] regularised = [.. names.Zip(adaptive.Regularised)];
        using (no_grad())
        {
            adaptive.Theta.copy_(golden.Doubles("theta"));
        }

        Tensor penalty = adaptive.Penalty();
        penalty.backward();

        parity.Note(output, "losses/adaptive_l2 penalty", Math.Abs(penalty.item<double>() - golden.Tensors["penalty"].ToDoubles()[0]), 1e-12);
        double[] gradient = adaptive.Theta.grad!.data<double>().ToArray();
        IReadOnlyList<(string Name, double Factor)> factors = adaptive.CopyFactors();
        for (int i = 0; i < names.Length; i++)
        {
            string name = names[i];
            Assert.Equal(name, factors[i].Name);
            parity.Note(output, "losses/adaptive_l2 factors", Math.Abs(factors[i].Factor - golden.Tensors[$"lambda.{name}"].ToDoubles()[0]), 1e-12);
            parity.Note(output, "losses/adaptive_l2 gradients of weights (stored in single)", golden.OffGradient($"_w.{name}", regularised[i].Parameter), 4e-10);

            // bn.beta stands at -2.5 exactly: the file has 0 there, TensorFlow and the note of the file let the gradient pass.
            double expected = name == "bn.beta" ? 0.000501196389 : golden.Tensors[$"grad_theta.{name}"].ToDoubles()[0];
            parity.Note(output, "losses/adaptive_l2 gradients of theta", Math.Abs(gradient[i] - expected), 1e-12);
        }

        foreach ((_, Parameter parameter) in regularised)
        {
            parameter.Dispose();
        }
    }

    [SkippableTheory]
    [InlineData("rga", 8e-4, 600)]
    [InlineData("adaptive_l2_default", 2e-4, 200)]
    [InlineData("reid_strong_baseline", 3.5e-4, 120)]
    [InlineData("video_person_reid", 3e-4, 800)]
    public void Schedules_of_the_four_recipes_are_theirs_in_every_epoch(string name, double rate, int epochs)
    {
        ScheduleRecipe schedule = name switch
        {
            "rga" => new()
            {
                Kind = ScheduleKind.Steps, WarmUpEpochs = 20, WarmUpFrom = 0.01, FallsAt = [80, 120, 160, 200, 240, 280, 320, 360], FallsBy = 0.5,
            },
            "adaptive_l2_default" => new()
            {
                Kind = ScheduleKind.Steps, WarmUpEpochs = 10, WarmUpReaches = true, WarmUpFrom = 0.01, FallsAt = [40, 70, 100, 130, 160, 190], Floor = 0.01,
            },
            // Its code advances the schedule before an epoch, so that the first one is a tenth up the climb.
            "reid_strong_baseline" => new() { Kind = ScheduleKind.Steps, WarmUpEpochs = 9, WarmUpFrom = 0.109, FallsAt = [39, 69] },
            _ => new() { Kind = ScheduleKind.Steps, FallsAt = [200, 400, 600] },
        };
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(TestData.Golden("losses", "lr_schedule.json")));
        double[] expected = [.. file.RootElement.GetProperty(name).GetProperty("lr").EnumerateArray().Select(v => v.GetDouble())];

        Assert.Equal(epochs, expected.Length);
        double largest = Enumerable.Range(0, epochs).Max(e => Math.Abs(expected[e] - (rate * schedule.Share(e, 0))));
        parity.Note(output, $"losses/lr_schedule {name}", largest, 1e-15);
    }
}
