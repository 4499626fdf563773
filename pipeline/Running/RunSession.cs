using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Reid;
using Pipeline.Reid.Calibrating;
using Pipeline.Store;
using Pipeline.Store.Mqtt;
using Pipeline.Tracker;

namespace Pipeline.Cli.Running;

/// <summary>
/// The half that all runs share: crops in, decisions on disk and at the broker. What stands before it differs: cameras
/// (<see cref="CameraRun"/>), or clips that somebody else cut.
/// </summary>
internal sealed class RunSession : IAsyncDisposable
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);

    private readonly LoadedSettings<Settings> _settings;
    private readonly IEmbedder _embedder;
    private readonly StageMeters _meters;
    private readonly EventLog _log;
    private EmbedStage? _embed;
    private LinkStage? _link;
    private readonly ConcurrentDictionary<string, (int Count, string Why)> _refused = new(StringComparer.Ordinal);

    private RunSession(
        LoadedSettings<Settings> settings,
        IEmbedder embedder,
        StageMeters meters,
        OutputFolder output,
        IdentityStore store,
        RunRecord run,
        ResumePoint? resume)
    {
        _settings = settings;
        _embedder = embedder;
        _meters = meters;
        Output = output;
        Store = store;
        Run = run;
        Resume = resume;
        _log = EventLog.Open(store.Reader, run.Id, output.Events);
        Observer = new RunObserver(store.Reader, run.Id, meters);
        store.Warned += text => Observer.Say(text, isProblem: true);
        if (Effective.Mqtt(settings) is { } mqtt)
        {
            Publisher = new MqttPublisher(mqtt, settings.Value.Run.Site, store.Outbox, Observer.Stats, row => CropOf(store, row));
            Publisher.Notice += text => Observer.Say(text);
        }
    }

    /// <summary>Where results go.</summary>
    public OutputFolder Output { get; }

    /// <summary>The store.</summary>
    public IdentityStore Store { get; }

    /// <summary>The run in the store.</summary>
    public RunRecord Run { get; }

    /// <summary>Where the cameras go on; null for a new run.</summary>
    public ResumePoint? Resume { get; }

    /// <summary>What has happened so far.</summary>
    public RunObserver Observer { get; }

    /// <summary>Sends events; null without a broker.</summary>
    public MqttPublisher? Publisher { get; }

    /// <summary>Similarity at which a clip joins an identity.</summary>
    public float Threshold => _settings.Value.Linker.Threshold ?? _embedder.DefaultThreshold;

    /// <summary>What operators said elsewhere of the tracklets that are linked here.</summary>
    public OperatorWords Words { get; set; } = OperatorWords.None;

    /// <summary>Tracklets of this input that earlier runs of the store had decided: they are left as they are.</summary>
    public int Skipped => _link?.Skipped ?? 0;

    /// <summary>What was measured of the model at this site; null when nothing was.</summary>
    public Calibration? Calibration => _embedder.Calibration;

    /// <summary>What was lost behind the cameras: people whom the model could not describe, by camera.</summary>
    public IReadOnlyList<RunProblem> Problems =>
        [.. _refused.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => new RunProblem(r.Key, $"{r.Value.Count} tracklets stay without identity: {r.Value.Why}"))];

    /// <summary>Cameras that the settings name and nobody knows; each is told at once.</summary>
    /// <param name="cameras">Ids of the cameras of this run.</param>
    public IReadOnlyList<RunProblem> UnknownCameras(IEnumerable<string> cameras)
    {
        RunProblem[] problems = [.. RunNotices.UnknownCameras(_settings.Value.Linker, [.. cameras.Concat(Store.Reader.Cameras()).Distinct()])];
        foreach (RunProblem problem in problems)
        {
            Observer.Say(problem.Text, isProblem: true);
        }

        return problems;
    }

    /// <summary>Opens output folder and store, and begins a run or goes on with one.</summary>
    /// <param name="settings">Settings in force.</param>
    /// <param name="embedder">The model; identities of other models are not compared.</param>
    /// <param name="meters">What is measured.</param>
    /// <param name="device"><c>cpu</c> or <c>cuda</c>: what the networks run on, of which a resumed run must have the same.</param>
    /// <param name="input">What is run on, credentials masked.</param>
    /// <param name="now">When the run begins.</param>
    /// <exception cref="InvalidDataException">There is a run there already, or none to go on with, or it ran with other settings.</exception>
    public static RunSession Open(
        LoadedSettings<Settings> settings, IEmbedder embedder, StageMeters meters, string device, IReadOnlyList<string> input, DateTimeOffset now)
    {
        RunOptions options = settings.Value.Run;
        string named = options.Output.Length > 0 ? settings.Resolve("run.output", options.Output) : "";
        (OutputFolder output, RunMark? mark) = options.Resume ? OutputFolder.Find(named, input) : (OutputFolder.Create(named, now), null);
        string path = settings.Value.Store.File is { } file ? settings.Resolve("store.file", file) : mark?.Store ?? output.Store;
        string results = ResultSettings.Of(settings, embedder.Calibration?.Id, device);
        IdentityStore store = IdentityStore.Open(new StoreSetup
        {
            Path = path,
            Site = options.Site,
            EncodeJpeg = picture => PictureIo.ToJpeg(picture),
            Options = settings.Value.Store,
            Publish = Effective.Mqtt(settings) is not null,
            Calibration = embedder.Calibration,
            CropTopicRoot = settings.Value.Mqtt.Crops ? Effective.Topics(settings).Root : null,
        });
        try
        {
            // Before anything is linked: the gallery of this run must not hold whom the store has forgotten.
            PurgeResult forgotten = store.Purge(now, settings.Value.Retention);
            ResumePoint? resume = mark is null ? null : store.ResumeRun(mark.RunId, embedder.ModelId);
            if (resume is not null)
            {
                ResultSettings.RequireSame(resume.Run.Settings, results);
            }

            RunRecord run = resume?.Run ?? store.BeginRun(string.Join(' ', input), output.Path, embedder.ModelId, results);
            output.Write(new RunMark(run.Id, input, path, run.StartedAt));
            RunSession session = new(settings, embedder, meters, output, store, run, resume);
            if (forgotten.Tracklets > 0)
            {
                session.SayForgotten(forgotten);
            }

            return session;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Cuts made in tracks that went from one person to another.</summary>
    public long Cuts => _embed?.Cuts ?? 0;

    /// <summary>From now on forgets what is too old while it runs, too: for streams.</summary>
    public void ForgetWhileRunning()
    {
        LiveRetention retention = new(Store, _settings.Value.Retention, TimeProvider.System, gone =>
        {
            _link?.Forget(gone.TrackletIds);
            SayForgotten(gone);
        });
        Observer.Committed += _ => retention.Check();
    }

    /// <summary>Runs the given first stages and, behind them, embedding, linking and the store. Returns when all have ended.</summary>
    /// <param name="front">Stages that end in <paramref name="crops"/>.</param>
    /// <param name="crops">Where they write.</param>
    /// <param name="cancellationToken">Stops all stages; what is committed stays.</param>
    public async Task RunAsync(IReadOnlyList<Func<CancellationToken, Task>> front, Channel<CropSet> crops, CancellationToken cancellationToken)
    {
        Channel<ClipFeature> features = Channel.CreateBounded<ClipFeature>(Capacity.Small);
        EmbedStage embed = _embed = new(_embedder, _settings.Value.Reid) { Refused = Refused };
        _meters.Embed.Waiting = () => crops.Reader.Count;
        await RunFeaturesAsync([.. front, token => embed.RunAsync(crops, features, token)], features, cancellationToken);
    }

    /// <summary>Runs the given first stages and, behind them, linking and the store. Returns when all have ended.</summary>
    /// <param name="front">Stages that end in <paramref name="features"/>.</param>
    /// <param name="features">Where they write.</param>
    /// <param name="cancellationToken">Stops all stages; what is committed stays.</param>
    public async Task RunFeaturesAsync(IReadOnlyList<Func<CancellationToken, Task>> front, Channel<ClipFeature> features, CancellationToken cancellationToken)
    {
        Channel<LinkGroup> groups = Channel.CreateBounded<LinkGroup>(Capacity.Small);
        Channel<CommittedGroup> committed = Channel.CreateBounded<CommittedGroup>(Capacity.Small);
        GallerySnapshot known = Store.LoadGallery(_embedder.ModelId).With(Words.Together, Words.Apart);
        LinkStage link = _link = new(new Linker(Effective.Linker(_settings), _embedder.DefaultThreshold, known, Calibration is null ? null : Calibration.Probability, defaultSameCameraExtra: _embedder.DefaultSameCameraExtra), known.Decided) { Worked = _meters.Link.Add };
        _meters.Link.Waiting = () => features.Reader.Count;
        StoreStage store = new(Store, Run, _log);
        await StageRunner.RunAllAsync(
        [
            .. front,
            token => link.RunAsync(features, groups, token),
            token => store.RunAsync(groups, committed, token),
            token => Observer.RunAsync(committed, token),
        ], cancellationToken);
        if (Words != OperatorWords.None)
        {
            Store.Adopt(Words);
        }

        Relink();
    }

    // All that was recorded is decided: look at it once more as a whole. Done again after a crash it finds nothing left to do.
    private void Relink()
    {
        LinkerOptions options = Effective.Linker(_settings);
        if (!options.Relink)
        {
            return;
        }

        RelinkInput input = Store.Reader.LoadRelink(Run.Id, _embedder.ModelId);
        if (input.Items.Count > options.RelinkTracklets)
        {
            Observer.Say($"{input.Items.Count} tracklets are not linked once more: linker.relink_tracklets allows {options.RelinkTracklets}", isProblem: true);
            return;
        }

        RelinkResult result = new Relinker(options, _embedder.DefaultThreshold, _embedder.DefaultSameCameraExtra)
            .Solve(input.Items, input.Settled, input.Constraints, LearnedState.From(input.Learned).Travel, input.Feedback);
        if (result.Corrections.Count > 0)
        {
            CommittedGroup committed = Store.Commit(Run, new LinkGroup(input.At, [], [], []) { Corrections = result.Corrections, PrototypeSets = result.Prototypes });
            _log.Append(committed.Events);
            Observer.Take(committed);
        }
    }

    /// <summary>How far the run is, from how far its first half is.</summary>
    /// <param name="elapsed">Time since it began.</param>
    /// <param name="cameras">Cameras by id.</param>
    public ProgressSnapshot Snapshot(TimeSpan elapsed, IReadOnlyList<CameraProgress> cameras) => new(
        elapsed,
        cameras,
        Observer.Identities,
        Observer.NewIdentities,
        Observer.Matches,
        Observer.Events,
        Publisher is null ? null : Store.Outbox.Status().Pending,
        Observer.News);

    /// <summary>Notes how the run ended and, with a broker, waits a moment for what is not sent yet.</summary>
    /// <param name="outcome">How.</param>
    /// <returns>Events that still wait for the broker.</returns>
    public async Task<long> EndAsync(Pipeline.Store.RunOutcome outcome)
    {
        Store.EndRun(Run, outcome);
        return Publisher is null ? 0 : await Publisher.StopAsync(Drain);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Publisher is not null)
        {
            await Publisher.DisposeAsync();
        }

        _log.Dispose();
        Store.Dispose();
    }

    /// <summary>The picture of an event for the broker: the event names it, and it lies beside the store. Null when there is none.</summary>
    /// <param name="store">The store.</param>
    /// <param name="row">The event.</param>
    internal static CropPicture? CropOf(IdentityStore store, OutboxRow row)
    {
        using JsonDocument payload = JsonDocument.Parse(row.Payload);
        return payload.RootElement.TryGetProperty("to", out JsonElement to) && to.ValueKind == JsonValueKind.Object
            && to.TryGetProperty("crop", out JsonElement crop) && crop.ValueKind == JsonValueKind.Object
            && crop.GetProperty("id").GetGuid() is var id && store.Reader.ReadCrop(id) is { } jpeg
            ? new CropPicture(id, jpeg)
            : null;
    }

    private void SayForgotten(PurgeResult gone) =>
        Observer.Say($"older than {_settings.Value.Retention.Days} days and forgotten: {gone.Tracklets} sightings, {gone.Identities} people");

    private void Refused(ClipFeature clip)
    {
        string camera = ((Tracklet)clip.Key).Camera.Id;
        (int count, string _) = _refused.AddOrUpdate(camera, (1, clip.Problem!), (_, before) => (before.Count + 1, before.Why)); // a refused clip says why
        if (count == 1)
        {
            Observer.Say($"camera {camera}: {clip.Problem}", isProblem: true);
        }
    }
}
