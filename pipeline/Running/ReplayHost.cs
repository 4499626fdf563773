using System.Diagnostics;
using System.Globalization;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Report;
using Pipeline.Cli.Summary;
using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Reid.Data;
using Pipeline.Reid.Evaluation;
using Pipeline.Tracker;

using RunOutcome = Pipeline.Store.RunOutcome;

namespace Pipeline.Cli.Running;

/// <summary>A replay of labelled clips from start to end.</summary>
internal static class ReplayHost
{
    /// <summary>Replays.</summary>
    /// <param name="call">Console.</param>
    /// <param name="settings">Settings in force.</param>
    /// <param name="path">A folder in MARS layout.</param>
    /// <param name="part"><c>test</c>, <c>train</c> or null.</param>
    /// <param name="cancellationToken">Stops cleanly.</param>
    public static async Task<ExitCode> RunAsync(
        Call call, LoadedSettings<Settings> settings, string path, string? part, CancellationToken cancellationToken)
    {
        DateTimeOffset startedAt = TimeProvider.System.GetUtcNow();
        Stopwatch elapsed = Stopwatch.StartNew();
        MarsFolder folder = MarsFolder.Read(path, part);
        List<RunNotice> notices = [];
        StageMeters meters = new();
        using IEmbedder embedder = Models.OpenEmbedder(settings, notices);
        await using RunSession session = RunSession.Open(settings, new MeteredEmbedder(embedder, meters.Embed), meters, Devices.Kind(embedder.RunsOn), [path], startedAt);
        ReplayRun run = new(folder, settings.Value.Run.Site, settings.Value.Tracker.Crops, session);
        await RunHost.StartPublisherAsync(session, live: false);
        (RunOutcome outcome, long waiting) = await RunHost.WatchAsync(call, session, run.RunAsync(cancellationToken), run.Snapshot, endless: false, cancellationToken);

        RunProblem[] problems = [.. folder.Problems.Concat(run.Problems).Select(problem => new RunProblem(null, problem))];
        ExitCode code = RunHost.Conclude(call, session, new RunFacts
        {
            Settings = settings,
            Input = [path],
            Outcome = RunHost.Told(outcome),
            StartedAt = startedAt,
            Elapsed = elapsed.Elapsed,
            Detector = "none: the clips are cut already",
            Device = Devices.Describe(settings.Value.Run.Device, detector: null, embedder.RunsOn),
            Cameras = [.. run.Clips.GroupBy(c => c.Tracklet.Camera).OrderBy(g => g.Key.Id, StringComparer.Ordinal).Select(Facts)],
            Problems = problems,
            Notices = notices,
            Timings = session.Observer.Timings,
            EventsWaiting = waiting,
            Resumable = false,
        });
        if (outcome == RunOutcome.Finished)
        {
            Tell(call, Agreement(session, run));
        }

        return code;
    }

    private static CameraFacts Facts(IGrouping<Camera, (Tracklet Tracklet, MarsTracklet Clip)> camera)
    {
        DateTimeOffset start = camera.Min(c => c.Tracklet.StartAt);
        DateTimeOffset end = camera.Max(c => c.Tracklet.EndAt);
        long frames = camera.Sum(c => (long)c.Clip.Paths.Count);
        return new CameraFacts(
            new CameraSummary(
                camera.Key.Id, camera.Key.Name, 1, frames, frames, end - start, start, end, TimeSourceName.Of(TimeSource.Order), HasClock: false, 0, RestedShare: null, 0),
            [new RecordedSpan(camera.Key.Id, start, end)],
            []);
    }

    private static ClusterAgreement Agreement(RunSession session, ReplayRun run)
    {
        Dictionary<Guid, Guid?> identities = session.Store.Reader.Sightings().ToDictionary(s => s.TrackletId, s => s.IdentityId);
        return ClusterAgreement.Of(run.Clips.Select(c => (c.Clip.Pid, identities.GetValueOrDefault(c.Tracklet.Id)?.ToString())));
    }

    private static void Tell(Call call, ClusterAgreement agreement)
    {
        if (call.Json)
        {
            call.Output.WriteLine(SummaryJson.Line(new { type = "agreement", agreement }));
            return;
        }

        call.Output.WriteLine();
        call.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Against the labels: {agreement.Persons} persons in {agreement.Tracklets} clips, {agreement.Identities} identities; "
            + $"pairs precision {agreement.PairPrecision:0.000}, recall {agreement.PairRecall:0.000}; IDF1 {agreement.Idf1:0.000}"));
    }
}
