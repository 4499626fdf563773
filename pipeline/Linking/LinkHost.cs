using System.Diagnostics;
using System.Globalization;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Report;
using Pipeline.Cli.Running;
using Pipeline.Cli.Summary;
using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Store;
using Pipeline.Tracker.Evaluation;

using RunOutcome = Pipeline.Store.RunOutcome;

namespace Pipeline.Cli.Linking;

/// <summary>What is to be linked.</summary>
/// <param name="Path">A folder of text files, the output folder of a run, or a store.</param>
/// <param name="Pattern">Which files of a folder are the cameras.</param>
/// <param name="Truth">Which files of a folder are the truth; null without.</param>
/// <param name="FramesPerSecond">Rate of the frames in text files.</param>
/// <param name="LongestGap">Frames after which a track in text files is two.</param>
internal sealed record LinkRequest(string Path, string Pattern, string? Truth, double FramesPerSecond, int LongestGap);

/// <summary>Linking of tracks that are there already, from start to end.</summary>
internal static class LinkHost
{
    /// <summary>Links.</summary>
    /// <param name="call">Console.</param>
    /// <param name="settings">Settings in force.</param>
    /// <param name="request">What.</param>
    /// <param name="stored">The run that it names; null for a folder of text files.</param>
    /// <param name="cancellationToken">Stops cleanly.</param>
    public static async Task<ExitCode> RunAsync(
        Call call, LoadedSettings<Settings> settings, LinkRequest request, StoredTracks? stored, CancellationToken cancellationToken)
    {
        IReadOnlyList<GivenCamera> cameras = stored is null ? GivenFolder.Read(request.Path, request.Pattern) : [];
        GivenTracks given = new(settings.Value.Run.Site, request.FramesPerSecond, request.LongestGap, settings.Value.Tracker);
        GivenTracklet[] tracklets = stored is null ? [.. cameras.SelectMany(given.Of)] : [.. stored.Tracklets];
        using IEmbedder model = stored is null ? Model(cameras) : stored.Model;
        DateTimeOffset startedAt = TimeProvider.System.GetUtcNow();
        Stopwatch elapsed = Stopwatch.StartNew();
        await using RunSession session = RunSession.Open(settings, model, new StageMeters(), Devices.Kind(), [request.Path], startedAt);
        session.Words = stored?.Words ?? OperatorWords.None;
        List<RunProblem> problems = [.. session.UnknownCameras(tracklets.Select(one => one.Tracklet.Camera.Id).Distinct())];
        FeatureRun run = new(tracklets, session);
        await RunHost.StartPublisherAsync(session, live: false);
        (RunOutcome outcome, long waiting) = await RunHost.WatchAsync(call, session, run.RunAsync(cancellationToken), run.Snapshot, endless: false, cancellationToken);
        ExitCode code = RunHost.Conclude(call, session, new RunFacts
        {
            Settings = settings,
            Input = [request.Path],
            Outcome = RunHost.Told(outcome),
            StartedAt = startedAt,
            Elapsed = elapsed.Elapsed,
            Detector = "none: the tracks are given",
            Device = "none: the features are given",
            Cameras = [.. tracklets.Select(one => one.Tracklet).GroupBy(one => one.Camera).OrderBy(group => group.Key.Id, StringComparer.Ordinal).Select(Facts)],
            Problems = problems,
            Notices = [.. WithoutFeatures(tracklets)],
            Timings = session.Observer.Timings,
            EventsWaiting = waiting,
            Resumable = false,
        });
        if (stored is not null)
        {
            Copy(stored.Tracks, session.Output.Tracks);
            return code;
        }

        IReadOnlyDictionary<string, IReadOnlyList<MotRow>> linked = LinkedRows(session, tracklets);
        Write(linked, Path.Combine(session.Output.Path, "linked"));
        if (request.Truth is { } truth && outcome == RunOutcome.Finished)
        {
            Tell(call, Judge(request.Path, truth, cameras, linked));
        }

        return code;
    }

    private static IEnumerable<RunNotice> WithoutFeatures(GivenTracklet[] tracklets)
    {
        int without = tracklets.Count(one => one.Feature is null);
        if (without > 0)
        {
            yield return new RunNotice("no_features", $"{without} of {tracklets.Length} tracklets have no features: nobody is recognised among them, each keeps a number of its own.");
        }
    }

    // Features without a name: only their length can be told apart. Without any, nothing is compared.
    private static StatedModel Model(IReadOnlyList<GivenCamera> cameras)
    {
        int dimension = cameras.Select(camera => camera.Features?.Dimension).OfType<int>().FirstOrDefault();
        return new StatedModel(dimension == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"given-{dimension}"), Math.Max(1, dimension), 0.7f, 0);
    }

    private static CameraFacts Facts(IGrouping<Camera, Tracker.Tracklet> camera)
    {
        (DateTimeOffset start, DateTimeOffset end) = (camera.Min(one => one.StartAt), camera.Max(one => one.EndAt));
        TimeSource source = camera.First().Segment.TimeSource;
        return new CameraFacts(
            new CameraSummary(
                camera.Key.Id, camera.Key.Name, 1, 0, 0, end - start, start, end, TimeSourceName.Of(source), HasClock: source != TimeSource.Order, 0, RestedShare: null, 0),
            [new RecordedSpan(camera.Key.Id, start, end)],
            []);
    }

    // One number for one identity in all cameras; whoever has none, for want of features, has one of their own.
    private static Dictionary<string, IReadOnlyList<MotRow>> LinkedRows(RunSession session, IReadOnlyList<GivenTracklet> tracklets)
    {
        Dictionary<Guid, Guid?> identities = session.Store.Reader.Sightings(session.Run.Id).ToDictionary(s => s.TrackletId, s => s.IdentityId);
        Dictionary<Guid, int> numbers = [];
        Dictionary<string, IReadOnlyList<MotRow>> rows = [];
        foreach (IGrouping<string, GivenTracklet> camera in tracklets.GroupBy(one => one.Tracklet.Camera.Id))
        {
            List<MotRow> found = [];
            foreach (GivenTracklet one in camera)
            {
                Guid who = identities.GetValueOrDefault(one.Tracklet.Id) ?? one.Tracklet.Id;
                numbers.TryAdd(who, numbers.Count + 1);
                found.AddRange(one.Rows.Select(row => row with { Id = numbers[who] }));
            }

            rows[camera.Key] = [.. found.OrderBy(row => row.Frame).ThenBy(row => row.Id)];
        }

        return rows;
    }

    private static void Write(IReadOnlyDictionary<string, IReadOnlyList<MotRow>> linked, string folder)
    {
        PrivateFile.CreateFolder(folder);
        foreach ((string camera, IReadOnlyList<MotRow> rows) in linked)
        {
            PrivateFile.Write(Path.Combine(folder, camera + ".txt"), writer => writer.Write(MotText.Format(rows)));
        }
    }

    private static TrackingScores Judge(
        string folder, string pattern, IReadOnlyList<GivenCamera> cameras, IReadOnlyDictionary<string, IReadOnlyList<MotRow>> linked)
    {
        Dictionary<string, string> truth = GivenFolder.Find(folder, pattern).ToDictionary(file => file.Name, file => file.Path);
        List<(IReadOnlyList<MotRow>, IReadOnlyList<MotRow>, int)> parts = [];
        foreach (GivenCamera camera in cameras)
        {
            string path = truth.GetValueOrDefault(camera.Camera.Name)
                ?? throw new InvalidDataException($"'{folder}': no truth '{pattern}' for camera '{camera.Camera.Name}'. Bring it, or leave --truth out.");
            List<MotRow> real = GivenFolder.Rows(path);
            IReadOnlyList<MotRow> found = linked.GetValueOrDefault(camera.Camera.Id) ?? [];
            parts.Add((real, [.. found.Select(row => row with { Class = -1 })], real.Concat(found).Select(row => row.Frame).DefaultIfEmpty(0).Max()));
        }

        return TrackingScores.Of(ScoredSequence.Concatenate(parts));
    }

    private static void Tell(Call call, TrackingScores scores) => call.Output.WriteLine(call.Json
        ? SummaryJson.Line(new { type = "scores", idf1 = scores.Identity.Idf1, hota = scores.Hota.Mean, mota = scores.Clear.Mota })
        : string.Create(CultureInfo.InvariantCulture, $"Against the truth, all cameras: IDF1 {100 * scores.Identity.Idf1:0.0}  HOTA {100 * scores.Hota.Mean:0.0}  MOTA {100 * scores.Clear.Mota:0.0}"));

    private static void Copy(string? from, string to)
    {
        foreach (string file in from is null ? [] : Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from!, file));
            PrivateFile.CreateFolder(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
