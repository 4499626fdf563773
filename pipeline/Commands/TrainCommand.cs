using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Report;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Reid.Networks;
using Pipeline.Reid.Training;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline train</c>.</summary>
internal sealed class TrainCommand : PipelineCommand
{
    private readonly Option<string> _recipe = new("--recipe") { Description = "Recipe (YAML); samples/reid has some.", HelpName = "FILE", Required = true };

    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Data set to learn from: its training part only. Several with commas.", HelpName = "FOLDER", Required = true,
    };

    private readonly Option<string> _layout = new("--layout") { Description = "Layout of the data sets. Default: auto, recognised.", HelpName = "NAME", DefaultValueFactory = _ => "auto" };
    private readonly Option<string> _output = new("--output") { Description = "Folder for weights, checkpoint, log and curves.", HelpName = "FOLDER", Required = true };

    private readonly Option<string?> _init = new("--init")
    {
        Description = "What to start from: objectron (pre-trained compact trunk, fetched once), or a weight file. Default: untrained weights.", HelpName = "START",
    };

    private readonly Option<string?> _validation = new("--validation")
    {
        Description = "Data set whose queries and gallery are scored on the way, never learned from. Default: validation.people of the recipe are held out.", HelpName = "FOLDER",
    };

    private readonly Option<string?> _minutes = new("--minutes") { Description = "Length in minutes of training; the number of steps that were is told at the end.", HelpName = "N" };
    private readonly Option<string?> _epochs = new("--epochs") { Description = "Length in epochs.", HelpName = "N" };
    private readonly Option<string?> _steps = new("--steps") { Description = "Length in steps; repeats a training that was given minutes.", HelpName = "N" };
    private readonly Option<int> _threads = new("--threads") { Description = "Threads of the network. Default: all cores.", HelpName = "N" };
    private readonly Option<string> _device = new("--device") { Description = "cpu or cuda. Default: cpu.", HelpName = "DEVICE", DefaultValueFactory = _ => "cpu" };
    private readonly Option<double> _save = new("--save-every") { Description = "Minutes between two checkpoints. Default: 5.", HelpName = "MINUTES", DefaultValueFactory = _ => 5 };
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on from the checkpoint in the output folder." };
    private readonly Option<string[]> _set = new("--set") { Description = "Any key of the recipe; --optimiser.learning_rate 0.001 is the same.", HelpName = "KEY=VALUE" };

    /// <summary>Makes the command.</summary>
    public TrainCommand()
        : base("train", "Trains a re-identification network by a recipe: weights, a checkpoint to go on from, a log and its curves.")
    {
        foreach (Option option in (Option[])[_recipe, _data, _layout, _output, _init, _validation, _minutes, _epochs, _steps, _threads, _device, _save, _resume, _set])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline train --recipe samples/reid/compact.yaml --data people --output trained --init objectron --minutes 30",
        "pipeline train --recipe samples/reid/compact.yaml --data people,more --output trained --steps 4000 --validation pku",
        "pipeline train --recipe samples/reid/compact.yaml --data people --output trained --init objectron --minutes 30 --resume    # go on",
        "pipeline train --recipe samples/reid/compact.yaml --data people --output larger --init trained/weights.safetensors --network.height 192 --network.width 96",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        LoadedSettings<TrainingRecipe> loaded = Load(call);
        TrainingRecipe recipe = loaded.Value;
        string[] folders = [.. call.Get(_data)!.SelectMany(d => d.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        TrainingOptions options = Checked(call, loaded, folders);
        TrainingData data = TrainingData.Open(folders, call.Get(_layout)!, call.Get(_validation), recipe);
        foreach (string notice in data.Notices)
        {
            await call.Error.WriteLineAsync($"pipeline: {TerminalText.Clean(notice)}");
        }

        TrainingProgress progress = new();
        Task<TrainingResult> work = Task.Run(() => new TrainingSession(recipe, data, options, progress).RunAsync(cancellationToken), CancellationToken.None);
        await new WorkProgress(call).WatchAsync(() => Line(call, progress), work);
        TrainingResult result = await work;
        Tell(call, progress);
        await ReportAsync(call, options, result);
        return result.Complete ? ExitCode.Fine : ExitCode.Losses;
    }

    private static async Task ReportAsync(Call call, TrainingOptions options, TrainingResult result)
    {
        if (call.Json)
        {
            await call.Output.WriteLineAsync(SummaryJson.Line(new
            {
                weights = result.Weights, network = result.Network, steps = result.Steps, seconds = result.Time.TotalSeconds, loss = result.Loss,
                rank1 = result.Score?.Rank1, map = result.Score?.MeanAveragePrecision, complete = result.Complete,
            }));
            return;
        }

        string scores = result.Score is { } s ? string.Create(CultureInfo.InvariantCulture, $", rank-1 {100 * s.Rank1:0.0}, mAP {100 * s.MeanAveragePrecision:0.0}") : "";
        await call.Output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Weights}: {result.Network}, {string.Join(" + ", result.Steps)} steps in {result.Time:h\\:mm\\:ss}, loss {result.Loss:0.000}{scores}"));
        await call.Output.WriteLineAsync(result.Complete
            ? $"{Path.Combine(options.Output, TrainingPage.FileName)}: its curves{(result.Steps.Count == 1 ? $"; the same length again: --steps {result.Steps[0]}" : "")}"
            : "stopped before the end; the same command with --resume goes on");
    }

    private static string Line(Call call, TrainingProgress progress)
    {
        Tell(call, progress);
        return progress.Line();
    }

    private static void Tell(Call call, TrainingProgress progress)
    {
        foreach (string news in progress.News())
        {
            call.Error.WriteLine($"pipeline: {TerminalText.Clean(news)}");
        }
    }

    private TrainingOptions Checked(Call call, LoadedSettings<TrainingRecipe> loaded, string[] folders)
    {
        string output = call.Get(_output)!;
        string? init = call.Get(_init);
        bool resume = call.Get(_resume);
        List<string> problems = [.. folders.Append(call.Get(_validation)).OfType<string>().Where(f => !Directory.Exists(f)).Select(f => $"'{f}': no such folder. Check the path.")];
        if (loaded.Value.Stages.Any(s => s.HasLength) && ((Option[])[_minutes, _epochs, _steps]).Any(call.Has))
        {
            problems.Add("--minutes, --epochs, --steps: the recipe's stages have lengths of their own. Change them there.");
        }

        if (folders.Length == 0)
        {
            problems.Add("--data: a folder is needed, got none.");
        }

        if (init is not null and not StartingWeights.Objectron && !File.Exists(init))
        {
            problems.Add($"--init '{init}': no such file. Name a weight file, or objectron.");
        }

        if (call.Get(_device) is not ("cpu" or "cuda"))
        {
            problems.Add($"--device: cpu or cuda, got '{call.Get(_device)}'.");
        }

        if (call.Get(_save) is not (> 0 and < 1e6))
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"--save-every: minutes above 0, got {call.Get(_save)}."));
        }

        if (!resume && File.Exists(Path.Combine(output, TrainingCheckpoint.FileName)))
        {
            problems.Add($"'{output}' holds a training already. Go on with --resume, or name another folder.");
        }

        return problems.Count > 0 ? throw new SettingsException(problems) : new TrainingOptions
        {
            Output = output,
            Start = init,
            Resume = resume,
            Threads = call.Get(_threads),
            Gpu = call.Get(_device) == "cuda",
            SaveEvery = TimeSpan.FromMinutes(call.Get(_save)),
            InForce = loaded.InForce().ToDictionary(s => s.Key, s => s.Value),
            Saved = log => TrainingPage.Write(Path.Combine(output, TrainingPage.FileName), log, loaded.InForce()),
        };
    }

    // A length on the command line replaces one of any unit in the recipe.
    private LoadedSettings<TrainingRecipe> Load(Call call)
    {
        List<SettingFlag> flags = [];
        (string Key, Option<string?> Option)[] lengths = [("schedule.epochs", _epochs), ("schedule.steps", _steps), ("schedule.minutes", _minutes)];
        if (lengths.Where(l => call.Has(l.Option)).ToArray() is { Length: > 0 } given)
        {
            foreach ((string key, Option<string?> option) in lengths)
            {
                flags.Add(new SettingFlag(key, call.Get(option) ?? "0", option.Name));
            }

            if (given.Length > 1)
            {
                throw new SettingsException([$"{string.Join(" and ", given.Select(g => g.Option.Name))}: one length is needed. Keep one of them."]);
            }
        }

        foreach (string set in call.Get(_set) ?? [])
        {
            int equals = set.IndexOf('=', StringComparison.Ordinal);
            flags.Add(equals > 0
                ? new SettingFlag(set[..equals], set[(equals + 1)..], $"--{set[..equals]}")
                : throw new SettingsException([$"--set {SettingText.Quote(set)}: KEY=VALUE is needed, such as --set optimiser.learning_rate=0.001."]));
        }

        return SettingsLoader.Load<TrainingRecipe>(new SettingsSources(call.Get(_recipe), new Dictionary<string, string>(), flags));
    }
}
