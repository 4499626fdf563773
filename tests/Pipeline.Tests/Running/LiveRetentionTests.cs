using Pipeline.Cli.Running;
using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Store;
using Pipeline.Tracker;

using Box = Pipeline.Detector.Box;

namespace Pipeline.Tests.Cli;

public sealed class LiveRetentionTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly Camera s_camera = new("hall", "hall", CameraKind.Live);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("live-retention-");
    private readonly Clock _clock = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_run_of_weeks_forgets_in_the_store_and_in_memory_while_it_goes_on()
    {
        using IdentityStore store = IdentityStore.Open(new StoreSetup { Path = Path.Combine(_folder.FullName, "people.db"), Site = "site", EncodeJpeg = _ => [], Clock = _clock });
        RunRecord run = store.BeginRun("rtsp://camera", "out", "model", "{}");
        Linker linker = new(new LinkerOptions { ForgetAfter = TimeSpan.FromDays(3650) }, 0.8f, GallerySnapshot.Empty);
        List<PurgeResult> told = [];
        LiveRetention retention = new(store, new RetentionOptions { Days = 2 }, _clock, gone =>
        {
            told.Add(gone);
            linker.Forget(gone.TrackletIds);
        });
        for (int day = 0; day < 10; day++)
        {
            _clock.Now = s_start.AddDays(day);
            store.Commit(run, new LinkGroup(_clock.Now, linker.Decide([Clip(day)]), [], []) { Learned = linker.TakeLearned() });
            retention.Check();
            retention.Check(); // within the hour: nothing
        }

        // What was stored over two days ago is gone, here as there; what a restart would load is what is known now.
        Assert.Equal(7, told.Count);
        Assert.Equal(3, linker.Gallery.Count);
        KnownIdentity[] loaded = [.. store.LoadGallery("model").Identities];
        Assert.Equal(loaded.Select(identity => identity.Id), Enumerable.Range(0, 3).Select(linker.Gallery.Id));
        Assert.Equal(7, store.Reader.Audit().Count(entry => entry.Action == "purge"));
    }

    private static ClipFeature Clip(int day)
    {
        float[] feature = new float[16];
        feature[day] = 1;
        DateTimeOffset end = s_start.AddDays(day);
        return new ClipFeature(
            new Tracklet(s_camera, end)
            {
                Id = ContentId.Create(end, "hall", $"{day}"),
                Number = day + 1,
                StartAt = end.AddSeconds(-5),
                EndAt = end, Entry = null, Exit = null,
                Segment = new Segment(s_camera, "stream", "camera", 0, "digest", s_start, TimeSource.FileName),
                Offset = TimeSpan.Zero,
                Box = new Box(0, 0, 10, 20),
                BoxAt = end,
                FrameWidth = 100,
                FrameHeight = 100,
                Detections = 10,
                Quality = 0.8f,
                Crops = [],
                BestCrop = -1,
                MediaDigest = "digest",
                Ordinal = day,
            },
            feature,
            8);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = s_start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
