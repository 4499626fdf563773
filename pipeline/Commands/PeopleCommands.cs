using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Pipeline.Cli.Terminal;
using Pipeline.Rendering;
using Pipeline.Rendering.Assets;
using Pipeline.Rendering.Output;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline people generate</c>.</summary>
internal sealed class PeopleGenerateCommand : PipelineCommand
{
    private static readonly PeopleOptions Defaults = new();
    private readonly Option<int> _people = Number("--people", "How many people.", Defaults.People);
    private readonly Option<int> _cameras = Number("--cameras", "How many cameras; each person is seen by four to six of them.", Defaults.Cameras);
    private readonly Option<long> _seed = new("--seed") { Description = "Another seed gives other people, cameras and places.", DefaultValueFactory = _ => Defaults.Seed };
    private readonly Option<int> _perPerson = Number("--per-person", "Pictures of each person.", Defaults.PerPerson);
    private readonly Option<int> _testPeople =
        Number("--test-people", "How many of the people, the last ones, are for measuring (query and gallery).", Defaults.TestPeople);
    private readonly Option<int> _firstId = Number("--first-id", "Number of the first person: continues a set of the same seed.", Defaults.FirstId);
    private readonly Option<int> _height = Number("--height", "Rows of a picture, 256 or 192; it is half as wide.", Defaults.Height);
    private readonly Option<PeopleLayout> _layout = new("--layout") { Description = "Layout of the folder.", DefaultValueFactory = _ => Defaults.Layout };
    private readonly Option<int> _threads = Number("--threads", "Threads; 0 takes one for each core. The pictures do not depend on it.", Defaults.Threads);
    private readonly Option<string> _output = new("--output") { Description = "Folder to make.", Required = true };

    /// <summary>Makes the command.</summary>
    public PeopleGenerateCommand()
        : base("generate", "Renders people seen by several cameras, to train and to measure on. The same seed gives the same pictures.")
    {
        foreach (Option option in (Option[])[_people, _cameras, _seed, _output, _perPerson, _testPeople, _firstId, _height, _layout, _threads])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline people generate --people 2500 --cameras 64 --seed 1 --output people/train",
        "pipeline people generate --people 200 --test-people 200 --cameras 8 --seed 2 --output people/held-out  # other people, other cameras",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        PeopleOptions options = new()
        {
            People = call.Get(_people), Cameras = call.Get(_cameras), Seed = call.Get(_seed), PerPerson = call.Get(_perPerson), FirstId = call.Get(_firstId),
            TestPeople = call.Get(_testPeople), Height = call.Get(_height), Layout = call.Get(_layout), Threads = call.Get(_threads),
        };
        PeopleGenerator.Check(options);
        if (!AssetFolder.Default.IsReady)
        {
            await PeopleMaterialCommand.RunApartAsync(call, cancellationToken);
        }

        PeopleGenerator generator = new(options, PeopleMaterial.Read(AssetFolder.Default));
        Task work = Task.Run(() => generator.Generate(call.Get(_output)!, cancellationToken), CancellationToken.None);
        await new WorkProgress(call).WatchAsync(() => Line(generator.Progress), work);
        await call.Output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{generator.Progress.Done} pictures of {options.People} people in {call.Get(_output)}, {generator.Progress.PerSecond:F0} a second"));
        return ExitCode.Fine;
    }

    private static string Line(GeneratorProgress progress) => string.Create(
        CultureInfo.InvariantCulture,
        $"{progress.Done} of {progress.Total} pictures, {progress.PerSecond:F0} a second{(progress.Left is { } left ? $", {TerminalText.Span(left)} left" : "")}");

    private static Option<int> Number(string name, string description, int value) => new(name) { Description = description, DefaultValueFactory = _ => value };
}

/// <summary><c>pipeline people sheet</c>.</summary>
internal sealed class PeopleSheetCommand : PipelineCommand
{
    private readonly Argument<string> _folder = new("folder") { Description = "Folder of pictures, with all below it." };
    private readonly Argument<string> _file = new("file") { Description = "PNG file to write." };
    private readonly Option<string[]> _beside = new("--beside") { Description = "Another folder, shown to its right; may be repeated." };
    private readonly Option<int> _columns = new("--columns") { Description = "Pictures a row.", DefaultValueFactory = _ => 12 };
    private readonly Option<int> _rows = new("--rows") { Description = "Rows.", DefaultValueFactory = _ => 6 };
    private readonly Option<long> _seed = new("--seed") { Description = "Another seed draws other pictures.", DefaultValueFactory = _ => 1 };

    /// <summary>Makes the command.</summary>
    public PeopleSheetCommand()
        : base("sheet", "Draws a contact sheet: pictures of a folder, drawn by lot, in one picture.")
    {
        Add(_folder);
        Add(_file);
        foreach (Option option in (Option[])[_beside, _columns, _rows, _seed])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
        ["pipeline people sheet people/train sheet.png", "pipeline people sheet people/train sheet.png --beside recordings/crops"];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        ContactSheet.Write([call.Get(_folder)!, .. call.Get(_beside) ?? []], call.Get(_columns), call.Get(_rows), call.Get(_seed), call.Get(_file)!);
        await call.Output.WriteLineAsync($"drawn: {call.Get(_file)}");
        return ExitCode.Fine;
    }
}

/// <summary><c>pipeline people material</c>: what the generator calls when it runs for the first time.</summary>
internal sealed class PeopleMaterialCommand() : PipelineCommand("material", "Fetches what people are rendered from (103 MB of npm packages, once) and makes it ready.")
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline people material"];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        if (!AssetFolder.Default.IsReady && !call.Environment.ContainsKey(AssetPreparation.ExrVariable))
        {
            await RunApartAsync(call, cancellationToken);
        }

        await AssetPreparation.PrepareAsync(AssetFolder.Default, sentence => call.Error.WriteLine($"pipeline: {sentence}"), cancellationToken);
        await call.Output.WriteLineAsync($"ready: {AssetFolder.Default.Folder}");
        return ExitCode.Fine;
    }

    /// <summary>Runs this command as a process of its own: OpenCV decodes OpenEXR only in one that was started with a variable set.</summary>
    /// <param name="call">Where its messages go.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidDataException">It failed; it has said why.</exception>
    public static async Task RunApartAsync(Call call, CancellationToken cancellationToken)
    {
        string program = Environment.ProcessPath!;
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(typeof(PeopleMaterialCommand).Assembly.Location);
        }

        start.ArgumentList.Add("people");
        start.ArgumentList.Add("material");
        start.Environment[AssetPreparation.ExrVariable] = "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken); // Ctrl-C reaches it too: it is in our process group
        await output;
        if (process.ExitCode != 0)
        {
            throw new InvalidDataException($"the material that people are made of could not be had (exit code {process.ExitCode}); the lines above say why.");
        }
    }
}
