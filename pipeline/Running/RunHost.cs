using System.Diagnostics;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Ingest;
using Pipeline.Store.Mqtt;

using RunOutcome = Pipeline.Store.RunOutcome;

namespace Pipeline.Cli.Running;

/// <summary>A run on cameras from start to end: plan, models, session, progress, result.</summary>
internal static class RunHost
{
    /// <summary>Runs.</summary>
    /// <param name="call">Console.</param>
    /// <param name="settings">Settings in force.</param>
    /// <param name="sources">Folders, files or addresses.</param>
    /// <param name="cancellationToken">Stops cleanly.</param>
    public static async Task<ExitCode> RunAsync(Call call, LoadedSettings<Settings> settings, IReadOnlyList<string> sources, CancellationToken cancellationToken)
    {
        DateTimeOffset startedAt = TimeProvider.System.GetUtcNow();
        Stopwatch elapsed = Stopwatch.StartNew();
        IngestPlan plan = CameraFolders.Discover(sources, Effective.Ingest(settings));
        Announce(call, plan, settings);
        using Models models = Models.Open(settings);
        string[] input = [.. sources.Select(Shown)];
        await using RunSession session = RunSession.Open(settings, models.Embedder, input, startedAt);
        CameraRun run = new(settings, plan, models, session);
        await StartPublisherAsync(session, models, plan, startedAt);

        Task running = run.RunAsync(cancellationToken);
        ProgressDisplay progress = new(call.Terminal, call.Output, call.Json, TimeProvider.System);
        await progress.WatchAsync(run.Snapshot, running);
        Exception? failure = await FailureOf(running);
        bool stopped = failure is OperationCanceledException && cancellationToken.IsCancellationRequested;
        RunOutcome outcome = failure is null ? IsEndless(plan) ? RunOutcome.Stopped : RunOutcome.Finished : stopped ? RunOutcome.Stopped : RunOutcome.Failed;
        long waiting = await session.EndAsync(outcome);
        if (outcome == RunOutcome.Failed)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure!);
        }

        CameraFacts[] cameras = [.. plan.Cameras.Select(camera => CameraFacts.Of(camera, session, run))];
        RunProblem[] problems = [.. plan.Problems.Select(p => new RunProblem(null, p)), .. cameras.SelectMany(camera => camera.Problems)];
        RunFacts facts = new()
        {
            Settings = settings,
            Input = input,
            Outcome = outcome == RunOutcome.Finished ? Pipeline.Cli.Summary.RunOutcome.Finished : Pipeline.Cli.Summary.RunOutcome.Stopped,
            StartedAt = startedAt,
            Elapsed = elapsed.Elapsed,
            Detector = models.Detector.Id,
            Device = models.Device,
            Cameras = cameras,
            Problems = problems,
            Notices = [.. RunNotices.Of(session, waiting), .. RunNotices.Of(plan), .. models.Notices],
            EventsWaiting = waiting,
        };
        RunSummary summary = SummaryMaker.Make(session, facts);
        SummaryMaker.Write(session, summary, facts);
        Show(call, summary);
        return problems.Length > 0 ? ExitCode.Losses : ExitCode.Fine;
    }

    /// <summary>Prints the end of a run, for people or for machines.</summary>
    /// <param name="call">Console.</param>
    /// <param name="summary">The result.</param>
    public static void Show(Call call, RunSummary summary)
    {
        if (call.Json)
        {
            call.Output.WriteLine(SummaryJson.Line(new { type = "summary", summary }));
        }
        else
        {
            SummaryView.Write(call.Terminal, summary);
        }
    }

    /// <summary>The failure of a task that has ended; null when it succeeded.</summary>
    /// <param name="task">The task.</param>
    public static async Task<Exception?> FailureOf(Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCanceled ? new OperationCanceledException() : task.Exception?.InnerException;
    }

    private static async Task StartPublisherAsync(RunSession session, Models models, IngestPlan plan, DateTimeOffset startedAt)
    {
        if (session.Publisher is not { } publisher)
        {
            return;
        }

        publisher.SetStatus(new SiteStatus
        {
            State = SiteState.Running,
            Version = typeof(RunHost).Assembly.GetName().Version!.ToString(3), // every assembly of this build has one
            StartedAt = startedAt,
            Mode = IsEndless(plan) ? RunMode.Live : RunMode.Recorded,
            ModelId = models.Embedder.ModelId,
        });
        await publisher.StartAsync();
    }

    private static bool IsEndless(IngestPlan plan) => plan.Cameras.Any(camera => camera.Url is not null);

    private static void Announce(Call call, IngestPlan plan, LoadedSettings<Settings> settings)
    {
        foreach (string line in settings.Notices.Concat(plan.Notices).Concat(plan.Problems))
        {
            call.Error.WriteLine($"pipeline: {TerminalText.Clean(line)}");
        }
    }

    private static string Shown(string source) => Secrets.Mask(StreamAddress.IsStream(source) ? source : source.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : source);
}
