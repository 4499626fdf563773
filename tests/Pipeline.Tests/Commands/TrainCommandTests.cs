using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Report;
using Pipeline.Reid.Training;

namespace Pipeline.Tests.Cli;

public sealed class TrainCommandTests : IDisposable
{
    private static readonly string Recipes = Path.Combine(TestData.Root, "samples", "reid");

    private readonly CommandRun _run = new();

    public static TheoryData<string> RecipeNames => ["compact.yaml", "compact-two-stages.yaml", "rga-sc-official.yaml", "adaptive-reid.yaml", "clip-head.yaml"];

    public void Dispose() => _run.Dispose();

    [Theory]
    [MemberData(nameof(RecipeNames))]
    public void A_shipped_recipe_is_valid(string name)
    {
        TrainingRecipe recipe = Load(Path.Combine(Recipes, name));

        Assert.Empty(recipe.Problems());
    }

    [Fact]
    public void The_official_recipe_has_the_rates_of_its_script()
    {
        TrainingRecipe recipe = Load(Path.Combine(Recipes, "rga-sc-official.yaml"));

        double Rate(int epoch) => recipe.Optimiser.LearningRate * recipe.Schedule.Share(epoch, 0);
        Assert.Equal(8e-6, Rate(0), 12);
        Assert.Equal(4.04e-4, Rate(10), 12);
        Assert.Equal(8e-4, Rate(20), 12);
        Assert.Equal(4e-4, Rate(80), 12);
        Assert.Equal(8e-4 / 256, Rate(599), 12);
    }

    [Fact]
    public void AdaptiveReids_recipe_freezes_the_trunk_first()
    {
        TrainingRecipe recipe = Load(Path.Combine(Recipes, "adaptive-reid.yaml"));

        Assert.Equal((20, 0.0), (recipe.Stage(0).Schedule.Epochs, recipe.Stage(0).Optimiser.TrunkFactor));
        Assert.Equal((200, 1.0), (recipe.Stage(1).Schedule.Epochs, recipe.Stage(1).Optimiser.TrunkFactor));
        Assert.True(recipe.Stage(1).AdaptiveL2.Enabled);
    }

    [Fact]
    public async Task Everything_wrong_in_a_recipe_is_listed_with_its_place()
    {
        File.WriteAllText(_run.In("r.yaml"), """
            network:
              name: rga-sc-compcat
              height: 200
            batch:
              people: 1
            optimiser:
              learning_rat: 3
            loss:
              margin: far
            schedule:
              epochs: 3
            """);

        (ExitCode code, _, string error) = await CommandRun.RunAsync("train", "--recipe", _run.In("r.yaml"), "--data", _run.In("nowhere"), "--output", _run.In("out"));

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("r.yaml:2:9: network.name: there is no network 'rga-sc-compcat'", error, StringComparison.Ordinal);
        Assert.Contains("r.yaml:5:11: batch.people: 2 to 1024 people, got 1", error, StringComparison.Ordinal);
        Assert.Contains("r.yaml:7:3: unknown key 'optimiser.learning_rat'. Did you mean 'optimiser.learning_rate'?", error, StringComparison.Ordinal);
        Assert.Contains("r.yaml:9:11: loss.margin: a number is needed, got 'far'", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_run.In("out")));
    }

    [Fact]
    public async Task Folders_files_and_devices_that_are_not_there_are_listed_together()
    {
        (ExitCode code, _, string error) = await CommandRun.RunAsync(
            "train", "--recipe", Path.Combine(Recipes, "compact.yaml"), "--data", $"{_run.In("a")},{_run.In("b")}", "--output", _run.In("out"),
            "--init", _run.In("none.safetensors"), "--validation", _run.In("c"), "--device", "tpu");

        Assert.Equal(ExitCode.WrongUse, code);
        foreach (string name in (string[])["a", "b", "c"])
        {
            Assert.Contains($"'{_run.In(name)}': no such folder", error, StringComparison.Ordinal);
        }

        Assert.Contains("none.safetensors': no such file", error, StringComparison.Ordinal);
        Assert.Contains("--device: cpu or cuda, got 'tpu'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_with_a_training_is_not_trained_over()
    {
        Directory.CreateDirectory(_run.In("out"));
        Directory.CreateDirectory(_run.In("data"));
        File.WriteAllText(_run.In("out", TrainingCheckpoint.FileName), "");

        (ExitCode code, _, string error) = await CommandRun.RunAsync(
            "train", "--recipe", Path.Combine(Recipes, "compact.yaml"), "--data", _run.In("data"), "--output", _run.In("out"));

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("holds a training already. Go on with --resume", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_lengths_are_refused()
    {
        (ExitCode code, _, string error) = await CommandRun.RunAsync(
            "train", "--recipe", Path.Combine(Recipes, "compact.yaml"), "--data", _run.In("data"), "--output", _run.In("out"), "--steps", "3", "--minutes", "1");

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("--steps and --minutes: one length is needed", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_draws_the_curves_and_needs_nothing_else()
    {
        using (TrainingLog log = new(Path.GetDirectoryName(_run.In("x"))!))
        {
            for (int step = 1; step <= 900; step++)
            {
                log.Add(new TrainingStep(0, step, step / 50, step * 0.5, 1e-3, 10.0 / step, 8.0 / step, 2.0 / step, 0.01, step / 900.0));
            }

            log.Add(new ValidationScore(0, 450, 0.5, 0.3));
            log.Add(new ValidationScore(0, 900, 0.7, 0.6));
            log.Add(["a", "b"], new RegularisationFactors(0, 1, [0.0025f, 0.0025f]));
            log.Add(["a", "b"], new RegularisationFactors(0, 900, [0.002f, 0.001f]));
            TrainingPage.Write(_run.In("training.html"), log, [new SettingInForce("network.name", "rga-sc-<compact>", SettingOrigin.Default)]);
        }

        string page = File.ReadAllText(_run.In("training.html"));
        Assert.Equal(10, page.Split("<polyline").Length - 1);
        Assert.Contains("rga-sc-&lt;compact&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal); // nothing is fetched
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    private static TrainingRecipe Load(string path) =>
        SettingsLoader.Load<TrainingRecipe>(new SettingsSources(path, new Dictionary<string, string>(), [])).Value;
}
