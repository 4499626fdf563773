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
        StageMeters meters = new();
        using Models models = Models.Open(settings, meters);
        string[] input = [.. sources.Select(Shown)];
        await using RunSession session = RunSession.Open(settings, models.Embedder, meters, Devices.Kind(models.Detector.RunsOn, models.Embedder.RunsOn), input, startedAt);
        RunProblem[] unknown = [.. session.UnknownCameras(plan.Cameras.Select(camera => camera.Camera.Id))];
        if (IsEndless(plan))
        {
            session.ForgetWhileRunning();
        }

        CameraRun run = new(settings, plan, models, meters, session);
        await StartPublisherAsync(session, IsEndless(plan));

        (RunOutcome outcome, long waiting) = await WatchAsync(call, session, run.RunAsync(cancellationToken), run.Snapshot, IsEndless(plan), cancellationToken);
        // Asked once: the answer holds the tracker states of all cameras.
        Dictionary<string, IReadOnlyList<Store.SegmentDone>> done = session.Store.Reader.ResumePoint(session.Run.Id)!.Cameras.ToDictionary(c => c.Camera, c => c.Segments); // the store knows its own run
        CameraFacts[] cameras = [.. plan.Cameras.Select(camera => CameraFacts.Of(camera, plan.Clocks, done.GetValueOrDefault(camera.Camera.Id, []), run))];
        RunProblem[] problems = [.. plan.Problems.Select(p => new RunProblem(null, p)), .. cameras.SelectMany(camera => camera.Problems), .. session.Problems, .. run.Problems, .. unknown];
        RunFacts facts = new()
        {
            Settings = settings,
            Input = input,
            Outcome = Told(outcome),
            StartedAt = startedAt,
            Elapsed = elapsed.Elapsed,
            Detector = models.Detector.Id,
            Device = models.Device,
            Cameras = cameras,
            ReadBefore = TimeSpan.FromTicks(cameras.Sum(camera => camera.Summary.Footage.Ticks) - run.Progress.Sum(camera => camera.Footage.Ticks)),
            Problems = problems,
            Notices = [.. RunNotices.Of(plan), .. run.Notices, .. models.Notices],
            Timings = session.Observer.Timings,
            EventsWaiting = waiting,
            Endless = IsEndless(plan),
        };
        return Conclude(call, session, facts);
    }

    /// <summary>Shows a run while it runs, and ends it in the store and at the broker.</summary>
    /// <param name="call">Console.</param>
    /// <param name="session">The run.</param>
    /// <param name="running">Its stages.</param>
    /// <param name="snapshot">How far it is.</param>
    /// <param name="endless">True for streams: that they end is no success.</param>
    /// <param name="cancellationToken">What stops it.</param>
    /// <returns>How it ended, and how many events still wait for the broker. A failure is thrown after all is in order.</returns>
    public static async Task<(RunOutcome Outcome, long Waiting)> WatchAsync(
        Call call, RunSession session, Task running, Func<ProgressSnapshot> snapshot, bool endless, CancellationToken cancellationToken)
    {
        await new ProgressDisplay(call.Terminal, call.Output, call.Json, TimeProvider.System).WatchAsync(snapshot, running);
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        bool asked = cancellationToken.IsCancellationRequested && (running.IsCanceled || running.Exception?.InnerException is OperationCanceledException);
        RunOutcome outcome = running.IsCompletedSuccessfully && !endless ? RunOutcome.Finished
            : running.IsCompletedSuccessfully || asked ? RunOutcome.Stopped
            : RunOutcome.Failed;
        long waiting = 0;
        try
        {
            waiting = await session.EndAsync(outcome);
        }
        catch (Exception) when (outcome == RunOutcome.Failed)
        {
            // what broke the run is thrown below; the store may be out of reach for the same reason
        }

        if (outcome == RunOutcome.Failed)
        {
            await running; // throws what broke it
        }

        return (outcome, waiting);
    }

    /// <summary>Writes summary and contact sheet, and prints the end, for people or for machines.</summary>
    /// <param name="call">Console.</param>
    /// <param name="session">The run.</param>
    /// <param name="facts">What the store does not know.</param>
    /// <returns>Losses also where footage was not seen to its end: whoever asks the code alone must not take a part for the whole.</returns>
    public static ExitCode Conclude(Call call, RunSession session, RunFacts facts)
    {
        RunSummary summary = SummaryMaker.Make(session, facts);
        if (call.Json)
        {
            call.Output.WriteLine(SummaryJson.Line(new { type = "summary", summary }));
        }
        else
        {
            SummaryView.Write(call.Terminal, summary);
        }

        if (facts.Outcome == Pipeline.Cli.Summary.RunOutcome.Stopped)
        {
            call.Error.WriteLine(facts.Resumable
                ? $"pipeline: stopped; go on with --resume --output {session.Output.Path}"
                : $"pipeline: stopped; what was decided until then is in {session.Output.Path}. Start again with another --output.");
        }

        bool isWhole = facts.Endless || facts.Outcome == Pipeline.Cli.Summary.RunOutcome.Finished;
        return isWhole && facts.Problems.Count == 0 && facts.EventsWaiting == 0 ? ExitCode.Fine : ExitCode.Losses;
    }

    /// <summary>Tells the broker that the run begins.</summary>
    /// <param name="session">The run.</param>
    /// <param name="live">True for streams.</param>
    public static async Task StartPublisherAsync(RunSession session, bool live)
    {
        if (session.Publisher is not { } publisher)
        {
            return;
        }

        publisher.SetStatus(new SiteStatus
        {
            State = SiteState.Running,
            Version = typeof(RunHost).Assembly.GetName().Version!.ToString(3), // every assembly of this build has one
            StartedAt = session.Run.StartedAt,
            Mode = live ? RunMode.Live : RunMode.Recorded,
            ModelId = session.Run.ModelId,
            Calibrated = session.Calibration is not null,
            CalibrationId = session.Calibration?.Id,
        });
        await publisher.StartAsync();
    }

    /// <summary>An outcome as summaries say it.</summary>
    /// <param name="outcome">The store's word.</param>
    public static Pipeline.Cli.Summary.RunOutcome Told(RunOutcome outcome) =>
        outcome == RunOutcome.Finished ? Pipeline.Cli.Summary.RunOutcome.Finished : Pipeline.Cli.Summary.RunOutcome.Stopped;

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
