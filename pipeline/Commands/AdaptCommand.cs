using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Adapting;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Report;
using Pipeline.Cli.Running;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Inference;
using Pipeline.Reid;
using Pipeline.Reid.Adapting;
using Pipeline.Reid.Data;
using Pipeline.Reid.Training;
using Pipeline.Reid.Weights;
using Pipeline.Store;
using TorchSharp;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline adapt</c>.</summary>
internal sealed class AdaptCommand : SettingsCommand
{
    private const string Crops = "32"; // more pictures of a track than a run keeps: it is learned from them

    private readonly Argument<string> _site = new("source") { Description = "The site's recordings, a folder with one sub-folder per camera; or the output folder of a finished run, or its store." };
    private readonly Option<string> _output = new("--output") { Description = "Folder for the model and the report.", HelpName = "FOLDER", Required = true };

    private readonly Option<string?> _source = new("--source")
    {
        Description = "Data set of people whose names are known, kept in the mix so that the model does not forget: rendered ones of 'people generate' will do. Recommended.",
        HelpName = "FOLDER",
    };

    private readonly Option<int> _epochs = new("--epochs") { Description = "Times that everybody is grouped anew.", HelpName = "N", DefaultValueFactory = _ => new AdaptationOptions().Epochs };
    private readonly Option<int> _steps = new("--steps") { Description = "Steps between two groupings.", HelpName = "N", DefaultValueFactory = _ => new AdaptationOptions().Steps };
    private readonly Option<double> _rate = new("--learning-rate") { Description = "Learning rate at its highest.", HelpName = "RATE", DefaultValueFactory = _ => new AdaptationOptions().LearningRate };
    private readonly Option<double> _held = new("--held-out") { Description = "Share of each camera's tracks, the latest, that judge the result.", HelpName = "SHARE", DefaultValueFactory = _ => new AdaptationOptions().HeldOut };
    private readonly Option<int> _people = new("--source-people") { Description = "People of the source in the mix at most.", HelpName = "N", DefaultValueFactory = _ => new AdaptationOptions().SourcePeople };
    private readonly Option<int> _seed = new("--seed") { Description = "Where all randomness begins.", HelpName = "N" };

    /// <summary>Makes the command.</summary>
    public AdaptCommand()
        : base(
            "adapt", "Fine-tunes the model on a site's own recordings, which nobody has labelled; keeps the old one unless the new one is surely better on what it has not seen.",
            "--reid-model", "--detector", "--detections", "--fps", "--clocks", "--no-motion-gate", "--threads", "--device")
    {
        Add(_site);
        foreach (Option option in (Option[])[_output, _source, _epochs, _steps, _rate, _held, _people, _seed])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline adapt recordings --output adapted --source people      # people: of 'pipeline people generate'",
        "pipeline adapt runs/monday --output adapted --source people     # a finished run: nothing is analysed again",
        "pipeline run recordings --reid-model adapted/adapted.onnx       # where it was kept",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        string output = call.Get(_output)!; // required
        AdaptationOptions options = Checked(call, output);
        OutputFolder analysed = new(Path.GetFullPath(Path.Combine(output, "run")));
        LoadedSettings<Settings> settings = Load(
            call,
            new SettingFlag("run.output", analysed.Path, "adapt"), new SettingFlag("mqtt.enabled", "false", "adapt"),
            new SettingFlag("tracker.crops", Crops, "adapt"), new SettingFlag("store.crops_per_tracklet", Crops, "adapt"));
        bool gpu = OnGpu(settings); // before hours of footage are looked at
        ReidOptions reid = Effective.Reid(settings);
        string old = Trainable(reid.Model);
        WeightFile weights = WeightFile.Read(old);
        TrainingData? source = call.Get(_source) is { } folder ? Open(folder, options) : null;
        List<string> notices = [.. source?.Notices ?? []];
        SiteTracks tracks = SiteTracks.Of(await SightingsAsync(call, settings, analysed, cancellationToken), Effective.Linker(settings), options.HeldOut);
        AddNotices(notices, tracks, source);
        (float threshold, float extra) = Levels(reid, settings);
        SiteGrouping grouping = new(tracks.Learned, Effective.Linker(settings), settings.Value.Linker.Threshold ?? threshold, settings.Value.Linker.SameCameraExtra ?? extra);

        TrainingProgress progress = new();
        Adaptation adaptation = new(weights, tracks.Evidence(grouping), source, options, gpu, progress);
        Task<AdaptationResult> work = Task.Run(() => adaptation.Run(cancellationToken), CancellationToken.None);
        await new WorkProgress(call).WatchAsync(() => Line(call, progress), work);
        Tell(call, progress);
        AdaptationResult result = await work;
        Write(call, result, new AdaptedModel(output), old, threshold, AboutOf(call, result, old, options), notices);
        return ExitCode.Fine;
    }

    private static void Write(
        Call call, AdaptationResult result, AdaptedModel files, string old, float threshold, IReadOnlyDictionary<string, string> about, List<string> notices)
    {
        files.Write(result, old, threshold, about);
        AdaptationPage.Write(files.Report, result, about, notices);
        SelfCheckComparison check = result.Comparison;
        if (call.Json)
        {
            call.Output.WriteLine(SummaryJson.Line(new
            {
                type = "adaptation", improved = check.Improved, reason = AdaptationPage.Reason(check), model = check.Improved ? files.Onnx : old, weights = files.Weights, report = files.Report,
                gain = check.Gain, low = check.Low, high = check.High, before = Scores(check.Before), after = Scores(check.After), source_map = result.Source is { } s ? new[] { s.Before, s.After } : null,
            }));
            return;
        }

        call.Output.WriteLine(AdaptationPage.Reason(check));
        DataTable table = new("held-out tracks", "separation", "own half first", "one person more alike than two");
        table.Add("old", check.Before.Separation, check.Before.Rank1, check.Before.Order);
        table.Add("adapted", check.After.Separation, check.After.Rank1, check.After.Order);
        table.Write(call.Terminal);
        call.Output.WriteLine(check.Improved
            ? $"The adapted model is kept: use it with --reid-model {files.Onnx}, and calibrate it: what was measured of the old one does not hold for it."
            : $"The old model is kept: {old}. What was learned lies in {files.Weights}, for those who want to look.");
        call.Output.WriteLine($"{files.Report}: the report");
    }

    private static object Scores(SelfCheck check) => new { separation = check.Separation, rank1 = check.Rank1, order = check.Order, tracks = check.Same, pairs_of_two = check.Different };

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

    private static bool OnGpu(LoadedSettings<Settings> settings)
    {
        bool there = torch.cuda.is_available(); // also says what is missing where libtorch is not there
        torch.set_num_threads(Effective.Threads(settings));
        return settings.Value.Run.Device switch
        {
            Device.Cpu => false,
            Device.Cuda when !there => throw new InvalidDataException("run.device: a GPU is asked for, but libtorch finds none (or was built without CUDA). Leave it out to adapt on the CPU."),
            _ => there,
        };
    }

    private static string Trainable(string model)
    {
        string path = model == ShippedModel.Name && ShippedModel.Exists ? ShippedModel.Path : model;
        return File.Exists(path) ? path : throw new InvalidDataException(
            $"reid.model '{model}': there is no file to adapt. Give a network that this program trains: '{ShippedModel.Name}', a .safetensors file, or an .onnx file that it exported.");
    }

    private static TrainingData Open(string folder, AdaptationOptions options)
    {
        const int least = AdaptationOptions.SourceHeldOut + 2;
        int people = ReidDataSets.Open(folder).Train.Where(picture => picture.Person > 0).Select(picture => picture.Person).Distinct().Count();
        if (people is > 0 and < least)
        {
            throw new InvalidDataException(
                $"--source '{folder}': {least} people or more are needed, of whom {AdaptationOptions.SourceHeldOut} judge what was forgotten, got {people}. 'pipeline people generate' makes as many as you like.");
        }

        TrainingRecipe recipe = new() { Seed = options.Seed, Batch = new BatchRecipe { People = 2 }, Validation = new ValidationRecipe { People = AdaptationOptions.SourceHeldOut } };
        return TrainingData.Open([folder], "auto", null, recipe);
    }

    private static (float Threshold, float SameCameraExtra) Levels(ReidOptions reid, LoadedSettings<Settings> settings)
    {
        using IEmbedder embedder = Embedders.Open(reid, Device.Cpu, Effective.Threads(settings));
        return (embedder.DefaultThreshold, embedder.DefaultSameCameraExtra);
    }

    private static void AddNotices(List<string> notices, SiteTracks tracks, TrainingData? source)
    {
        if (tracks.Cameras.Count == 1)
        {
            notices.Add($"One camera ({tracks.Cameras[0]}): what changes from camera to camera cannot be learned from it.");
        }

        if (source is null)
        {
            notices.Add("Without --source nothing keeps the model from forgetting people who are not of this site.");
        }

        int pictures = tracks.Learned.Sum(track => track.Crops.Count);
        if (pictures < 8 * tracks.Learned.Count)
        {
            notices.Add(string.Create(CultureInfo.InvariantCulture, $"Only {pictures} pictures of {tracks.Learned.Count} tracks: a run with --tracker.crops {Crops} --store.crops_per_tracklet {Crops} keeps more, as adapting from recordings does."));
        }
    }

    private async Task<IReadOnlyList<SightingView>> SightingsAsync(Call call, LoadedSettings<Settings> settings, OutputFolder analysed, CancellationToken cancellationToken)
    {
        string site = call.Get(_site)!; // required
        RunMark? mark = Directory.Exists(site) ? new OutputFolder(Path.GetFullPath(site)).ReadMark() : null;
        if (mark is null && !(File.Exists(site) && Path.GetExtension(site) == ".db"))
        {
            mark = analysed.ReadMark(); // analysed before, by an adaptation that was stopped or is repeated
            if (mark is null)
            {
                await RunHost.RunAsync(call, settings, [site], cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                mark = analysed.ReadMark();
            }
        }

        using StoreReader reader = StoreReader.Open(mark?.Store ?? site);
        return reader.Sightings(mark?.RunId);
    }

    private Dictionary<string, string> AboutOf(Call call, AdaptationResult result, string old, AdaptationOptions options) =>
        AdaptedModel.About(result, old, Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(call.Get(_site)!))), call.Get(_source), options); // required

    private AdaptationOptions Checked(Call call, string output)
    {
        AdaptationOptions options = new()
        {
            Seed = call.Get(_seed), Epochs = call.Get(_epochs), Steps = call.Get(_steps), LearningRate = call.Get(_rate), HeldOut = call.Get(_held), SourcePeople = call.Get(_people),
        };
        List<string> problems = [.. options.Problems().Select(problem => $"--{problem.Key}: {problem.Problem}.")];
        if (call.Get(_source) is { } source && !Directory.Exists(source))
        {
            problems.Add($"--source '{source}': no such folder. Name a data set, or leave it out.");
        }

        if (call.Get(_site) is { } site && !Directory.Exists(site) && !File.Exists(site))
        {
            problems.Add($"'{site}': no such folder or store. Name the site's recordings, or the output folder of a run.");
        }

        if (File.Exists(new AdaptedModel(output).Weights))
        {
            problems.Add($"'{output}' holds an adapted model already. Name another folder with --output.");
        }

        return problems.Count > 0 ? throw new SettingsException(problems) : options;
    }
}
