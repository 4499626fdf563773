using System.CommandLine;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Reid.Training;
using Pipeline.Reid.Weights;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline model average</c>.</summary>
internal sealed class ModelAverageCommand : PipelineCommand
{
    private readonly Argument<string[]> _from = new("weights")
    {
        Description = "Two or more weight files of one network, trained one from another.", Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _to = new("--output") { Description = "The .safetensors file to write.", HelpName = "FILE", Required = true };

    private readonly Option<string?> _data = new("--data")
    {
        Description = $"Data set on whose training part (at most {MeanMeasurement.MostPictures} pictures) the mean's normalisations are measured, in batches as of the last file's training. Left out, they keep the means of what the files have.",
        HelpName = "FOLDER",
    };

    private readonly Option<string> _layout = new("--layout") { Description = "Layout of the data set. Default: auto, recognised.", HelpName = "NAME", DefaultValueFactory = _ => "auto" };

    private readonly Option<string?> _recipe = new("--recipe") { Description = "Recipe that says how batches are made for that. Default: what the last file says of its training.", HelpName = "FILE" };

    /// <summary>Makes the command.</summary>
    public ModelAverageCommand()
        : base("average", "Writes the mean of several weight files: what trainings that followed each other agree on, often better than the last.")
    {
        Add(_from);
        Add(_to);
        Add(_data);
        Add(_layout);
        Add(_recipe);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline model average second/weights.safetensors third/weights.safetensors --output mean.safetensors --data people",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        (string[] from, string to) = (call.Get(_from)!, call.Get(_to)!); // both are required
        foreach (string file in from)
        {
            WeightPaths.Check(file, to, ".safetensors");
        }

        WeightFile mean = WeightMean.Of([.. from.Select(WeightFile.Read)]);
        if (call.Get(_data) is { } folder)
        {
            mean = await MeasuredAsync(call, mean, folder, cancellationToken);
        }
        else
        {
            await call.Error.WriteLineAsync("pipeline: the normalisations are not measured: their statistics are the means of the files', not of what arrives in the mean itself. '--data FOLDER' measures them on pictures to learn from; score both.");
        }

        SafetensorsFile.Write(to, mean.Tensors, mean.Metadata);
        long bytes = new FileInfo(to).Length;
        string normalisations = mean.Metadata[WeightMean.NormalisationsKey];
        await call.Output.WriteLineAsync(call.Json
            ? SummaryJson.Line(new { path = to, of = from, normalisations, bytes })
            : $"{to}: mean of {from.Length}, normalisations {normalisations}, {DataTable.Show(bytes)} bytes");
        return ExitCode.Fine;
    }

    private async Task<WeightFile> MeasuredAsync(Call call, WeightFile mean, string folder, CancellationToken cancellationToken)
    {
        MeanMeasurement measurement = new(mean, Recipe(call.Get(_recipe), mean), folder, call.Get(_layout)!);
        foreach (string notice in measurement.Notices)
        {
            await call.Error.WriteLineAsync($"pipeline: {TerminalText.Clean(notice)}");
        }

        TrainingProgress progress = new();
        Task<WeightFile> work = Task.Run(() => measurement.Measure(progress, cancellationToken), cancellationToken);
        await new WorkProgress(call).WatchAsync(progress.Line, work);
        foreach (string news in progress.News())
        {
            await call.Error.WriteLineAsync($"pipeline: {TerminalText.Clean(news)}");
        }

        return await work;
    }

    // Training leaves its recipe in the weights' metadata; of it, what a batch looks like.
    private static TrainingRecipe Recipe(string? file, WeightFile mean)
    {
        const string prefix = "recipe.";
        if (file is not null)
        {
            return SettingsLoader.Load<TrainingRecipe>(new SettingsSources(file, new Dictionary<string, string>(), [])).Value;
        }

        string[] sections = ["seed", "batch.", "clips.", "augmentation."];
        SettingFlag[] flags =
        [
            .. mean.Metadata.Where(entry => sections.Any(section => entry.Key.StartsWith(prefix + section, StringComparison.Ordinal)))
                .Select(entry => new SettingFlag(entry.Key[prefix.Length..], entry.Value, $"'{mean.Path}': {entry.Key}")),
        ];
        return flags.Length == 0
            ? throw new InvalidDataException($"'{mean.Path}' does not say how it was trained, so nobody knows what its batches looked like. Name the recipe with --recipe.")
            : SettingsLoader.Load<TrainingRecipe>(new SettingsSources(null, new Dictionary<string, string>(), [.. flags, new SettingFlag("schedule.steps", "1", "length")])).Value;
    }
}
