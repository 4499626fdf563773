using System.Globalization;
using System.Text.Json;
using Pipeline.Cli.Summary;

namespace Pipeline.Cli.Running;

/// <summary>What an output folder says of its run, so that <c>--resume</c> finds it.</summary>
/// <param name="RunId">The run in the store.</param>
/// <param name="Input">What it was run on, credentials masked.</param>
/// <param name="Store">The database, absolute.</param>
/// <param name="StartedAt">When it began.</param>
internal sealed record RunMark(Guid RunId, IReadOnlyList<string> Input, string Store, DateTimeOffset StartedAt);

/// <summary>The folder that a run writes to.</summary>
/// <param name="path">Absolute path.</param>
internal sealed class OutputFolder(string path)
{
    private const string RunsFolder = "runs";
    private const string MarkFile = "run.json";

    /// <summary>The folder.</summary>
    public string Path { get; } = path;

    /// <summary>The payloads as published, one a line.</summary>
    public string Events => In("events.jsonl");

    /// <summary>The contact sheet.</summary>
    public string Report => In("report.html");

    /// <summary>The result for machines.</summary>
    public string Summary => In("summary.json");

    /// <summary>Boxes of tracks, where they are asked for.</summary>
    public string Tracks => In("tracks");

    /// <summary>The database, when no other one is named.</summary>
    public string Store => In("identities.db");

    /// <summary>The folder of a run: that in which its store lies, if that is the run's (it may have been moved or copied), else where it was written.</summary>
    /// <param name="run">The run.</param>
    /// <param name="store">The database, absolute.</param>
    public static OutputFolder Of(Pipeline.Store.RunRecord run, string store)
    {
        OutputFolder beside = new(System.IO.Path.GetDirectoryName(store)!); // a full path of a file has one
        return beside.ReadMark()?.RunId == run.Id ? beside : new OutputFolder(run.Output);
    }

    /// <summary>Makes the folder of a new run.</summary>
    /// <param name="named">The folder that the user named; empty for a new one in <c>runs/</c>.</param>
    /// <param name="now">For the name of that one.</param>
    /// <exception cref="InvalidDataException">There is a run in it already.</exception>
    public static OutputFolder Create(string named, DateTimeOffset now)
    {
        string path = named.Length > 0 ? named : Unused(System.IO.Path.Combine(RunsFolder, now.ToString("yyyy-MM-dd_HH-mm-ss", CultureInfo.InvariantCulture)));
        OutputFolder folder = new(System.IO.Path.GetFullPath(path));
        if (File.Exists(folder.In(MarkFile)))
        {
            throw new InvalidDataException($"'{path}' holds a run already. Go on with it by --resume, or name another folder with --output.");
        }

        PrivateFile.CreateFolder(folder.Path);
        return folder;
    }

    /// <summary>Deletes the run in a folder, if there is one. Anything that is no run of ours is left alone.</summary>
    /// <param name="path">The folder.</param>
    public static void Discard(string path)
    {
        if (File.Exists(new OutputFolder(System.IO.Path.GetFullPath(path)).In(MarkFile)))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>Finds the folder of a run to go on with: the named one, else that of the latest run of the same input.</summary>
    /// <param name="named">The folder that the user named; empty to search <c>runs/</c>.</param>
    /// <param name="input">What is to be run on.</param>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static (OutputFolder Folder, RunMark Mark) Find(string named, IReadOnlyList<string> input)
    {
        if (named.Length > 0)
        {
            OutputFolder folder = new(System.IO.Path.GetFullPath(named));
            return (folder, folder.ReadMark() ?? throw new InvalidDataException(
                $"there is no run to resume in '{named}'. Start it without --resume, or name the folder of the run with --output."));
        }

        (OutputFolder, RunMark)? latest = null;
        string[] folders = Directory.Exists(RunsFolder) ? Directory.GetDirectories(RunsFolder) : [];
        foreach (OutputFolder folder in folders.Select(f => new OutputFolder(System.IO.Path.GetFullPath(f))))
        {
            if (folder.ReadMark() is { } mark && mark.Input.SequenceEqual(input) && (latest is null || mark.StartedAt > latest.Value.Item2.StartedAt))
            {
                latest = (folder, mark);
            }
        }

        return latest ?? throw new InvalidDataException(
            $"there is no run of '{string.Join(' ', input)}' under {RunsFolder}/ to resume. Start it without --resume, or name its folder with --output.");
    }

    /// <summary>The store of the latest run under <c>runs/</c>; null when there is no run.</summary>
    public static string? LatestStore() => (Directory.Exists(RunsFolder) ? Directory.GetDirectories(RunsFolder) : [])
        .Select(folder => new OutputFolder(System.IO.Path.GetFullPath(folder)).ReadMark())
        .OfType<RunMark>()
        .MaxBy(mark => mark.StartedAt)?.Store;

    /// <summary>Says which run this folder belongs to.</summary>
    /// <param name="mark">The run.</param>
    public void Write(RunMark mark) => PrivateFile.Write(In(MarkFile), writer => writer.Write(SummaryJson.Text(mark) + "\n"));

    private static string Unused(string path)
    {
        string candidate = path;
        for (int number = 2; Directory.Exists(candidate); number++)
        {
            candidate = $"{path}-{number}";
        }

        return candidate;
    }

    /// <summary>What the folder says of its run; null when there is none in it. A store that lies in the folder is its own, also after it was moved or copied.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public RunMark? ReadMark()
    {
        try
        {
            RunMark? mark = File.Exists(In(MarkFile)) ? SummaryJson.Read<RunMark>(File.ReadAllText(In(MarkFile))) : null;
            return mark is not null && System.IO.Path.GetFileName(mark.Store) == System.IO.Path.GetFileName(Store) && File.Exists(Store) ? mark with { Store = Store } : mark;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{In(MarkFile)}' is damaged: {e.Message} Start a new run in another folder.", e);
        }
    }

    private string In(string file) => System.IO.Path.Combine(Path, file);
}
