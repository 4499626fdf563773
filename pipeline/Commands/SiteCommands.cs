using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Terminal;
using Pipeline.Rendering;
using Pipeline.Rendering.Assets;
using Pipeline.Rendering.Sites;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline site generate</c>.</summary>
internal sealed class SiteGenerateCommand : PipelineCommand
{
    private static readonly SiteOptions Defaults = new();
    private readonly Option<int> _cameras = Value("--cameras", "How many cameras.", Defaults.Cameras);
    private readonly Option<int> _people = Value("--people", "How many people; no more than the routes hold.", Defaults.People);
    private readonly Option<double> _minutes = Value("--minutes", "How long is recorded.", Defaults.Minutes);
    private readonly Option<long> _seed = Value("--seed", "Another seed gives another floor plan, other people, cameras and light.", Defaults.Seed);
    private readonly Option<int> _overlap = Value("--overlap", "How many of the cameras look at a place that another one looks at too.", Defaults.Overlap);
    private readonly Option<double> _alike = Value("--alike", "Share of the people who are dressed much like another one.", Defaults.Alike);
    private readonly Option<double> _changing = Value("--changing", "Share of the people who change their coat when nobody looks.", Defaults.Changing);
    private readonly Option<int> _fps = Value("--fps", "Frames a second.", Defaults.Fps);
    private readonly Option<int> _threads = Value("--threads", "Threads; 0 takes one for each core. The frames do not depend on it.", Defaults.Threads);
    private readonly Option<string> _output = new("--output") { Description = "Folder to make: a sub-folder a camera, truth beside the recordings, pipeline.yaml, site.json.", HelpName = "FOLDER", DefaultValueFactory = _ => "site" };

    /// <summary>Makes the command.</summary>
    public SiteGenerateCommand()
        : base("generate", "Renders recordings of a site (corridors, halls, yards) whose cameras do not overlap, and the truth about who is where.")
    {
        foreach (Option option in (Option[])[_cameras, _people, _minutes, _seed, _output, _overlap, _alike, _changing, _fps, _threads])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline site generate --cameras 4 --people 20 --minutes 3 --seed 1 --output site",
        "pipeline run site --config site/pipeline.yaml --output out --run.tracks true && pipeline eval mtmc --truth site --result out",
        "pipeline site generate --cameras 7 --people 8 --minutes 10 --seed 2 --output site2 --alike 0.5   # half of them dressed like another",
        "pipeline site generate --cameras 6 --overlap 2 --people 20 --output site3                        # two pairs of cameras see the same place",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        SiteOptions options = new()
        {
            Cameras = call.Get(_cameras), People = call.Get(_people), Minutes = call.Get(_minutes), Seed = call.Get(_seed), Overlap = call.Get(_overlap),
            Alike = call.Get(_alike), Changing = call.Get(_changing), Fps = call.Get(_fps), Threads = call.Get(_threads),
        };
        SiteGenerator.Check(options);
        if (!AssetFolder.Default.IsReady)
        {
            await PeopleMaterialCommand.RunApartAsync(call, cancellationToken);
        }

        string folder = call.Get(_output)!;
        SiteGenerator generator = new(options, PeopleMaterial.Read(AssetFolder.Default));
        Task work = Task.Run(() => generator.Generate(folder, Again(options), cancellationToken), CancellationToken.None);
        await new WorkProgress(call).WatchAsync(() => Line(generator.Progress), work);
        await call.Output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Cameras} cameras x {options.Minutes:0.##} minutes with {options.People} people in {folder}, {generator.Progress.PerSecond:F0} frames a second"));
        return ExitCode.Fine;
    }

    private static string Again(SiteOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"pipeline site generate --cameras {options.Cameras} --people {options.People} --minutes {options.Minutes} --seed {options.Seed} --overlap {options.Overlap} --alike {options.Alike} --changing {options.Changing} --fps {options.Fps}");

    private static string Line(GeneratorProgress progress) => string.Create(
        CultureInfo.InvariantCulture,
        $"{progress.Done} of {progress.Total} frames, {progress.PerSecond:F0} a second{(progress.Left is { } left ? $", {TerminalText.Span(left)} left" : "")}");

    private static Option<T> Value<T>(string name, string description, T value) => new(name) { Description = description, DefaultValueFactory = _ => value };
}
