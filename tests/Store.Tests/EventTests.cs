using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Ingest;
using Pipeline.Reid.Calibrating;
using Pipeline.Reid.Evaluation;
using Pipeline.Store;
using Pipeline.Tracker;

namespace Pipeline.Tests.Store;

public sealed class EventTests : IDisposable
{
    private static readonly JsonSchema Schema = new(MessageSchemas.Read("event"));
    private readonly TemporaryFolder _folder = new();
    private readonly FixedClock _clock = new(Footage.Start.AddHours(1));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("match")]
    [InlineData("new_identity")]
    [InlineData("tracklet")]
    [InlineData("reassigned")]
    [InlineData("merged")]
    public void Serialize_writes_the_bytes_of_the_contracts_example(string type)
    {
        byte[] example = Encoding.UTF8.GetBytes(File.ReadAllText(TestData.Golden("mqtt", $"event-{type}.json")).TrimEnd());

        byte[] written = EventJson.Serialize(EventJson.Deserialize(example));

        Assert.Equal(Encoding.UTF8.GetString(example), Encoding.UTF8.GetString(written));
    }

    [Fact]
    public void Serialize_writes_the_split_of_the_contract_in_an_order_of_its_own()
    {
        string example = File.ReadAllText(TestData.Golden("mqtt", "event-split.json"));

        byte[] written = EventJson.Serialize(EventJson.Deserialize(Encoding.UTF8.GetBytes(example)));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(example), JsonNode.Parse(written)));
    }

    [Fact]
    public void With_a_calibration_events_tell_the_chance_and_the_rate_of_false_matches()
    {
        Calibration calibration = new Calibration
        {
            ModelId = Footage.Model,
            TargetRate = 0.01,
            Threshold = 0.7f,
            SameCameraThreshold = null,
            Slope = 20,
            Intercept = -12,
            Prior = 0.5,
            Tail = [new TailPoint(0.6f, 0.1), new TailPoint(0.7f, 0.01)],
            CameraPairs = [],
            Evidence = new CalibrationEvidence("labelled", [], 2, new OperatingPoint(0.7f, 1, 100, new Share(0.01, 0, 0.05), 0, 10, new Share(0, 0, 0.3)), null, null, null, []),
        }.Named();
        Tracklet first = Footage.Tracklet(Footage.Entrance, 1, Footage.Start);
        Link match = Footage.Match(Footage.Tracklet(Footage.Dock, 1, Footage.Start.AddSeconds(9)), 0, first);
        Candidate candidate = match.Decision!.Candidates[0] with { Probability = calibration.Probability(0.78125f) };
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path, _clock) with { Calibration = calibration });
        RunRecord run = store.BeginRun("site", "out", Footage.Model, "{}");
        RunRecord other = store.BeginRun("site", "out", "other@1", "{}");

        store.Commit(run, Footage.Group(Footage.New(first, 0)));
        EventPayload told = EventJson.Deserialize(Assert.Single(store.Commit(run, Footage.Group(match with { Decision = match.Decision with { Candidates = [candidate] } })).Events).Payload);
        EventPayload apart = EventJson.Deserialize(Assert.Single(store.Commit(other, Footage.Group(Footage.New(Footage.Tracklet(Footage.Yard, 2, Footage.Start.AddSeconds(20)), 3))).Events).Payload);

        Assert.Equal((true, calibration.Id, 0.01), (told.Decision!.Calibrated, told.Decision.CalibrationId, told.Decision.FalseMatchRate));
        Assert.Equal(Math.Round(1 / (1 + Math.Exp(-3.625)), 4), told.Decision.Probability!.Value, 2e-4);
        Assert.Equal(told.Decision.Probability, told.Decision.Candidates[0].Probability);
        Assert.Equal((false, null, null), (apart.Decision!.Calibrated, apart.Decision.CalibrationId, apart.Decision.FalseMatchRate));
    }

    [Fact]
    public void A_new_identity_tells_where_when_and_on_what_evidence()
    {
        EventPayload told = Single(Footage.New(Footage.Tracklet(Footage.Entrance, 7, Footage.Start), 0));

        Assert.Equal(("1.0", 1L, "new_identity", "north-store", "entrance"), (told.SchemaVersion, told.Sequence, told.Type, told.SiteId, told.Camera));
        Assert.Equal(Footage.Start, told.OccurredAt);
        Assert.Equal(_clock.Now, told.PublishedAt);
        Assert.False(told.Live);
        Assert.Equal(ContentId.Create(Footage.Start, "north-store", "entrance", "digest-entrance-0", "7", "new_identity", "0"), told.EventId);
        Assert.Null(told.From);
        Assert.Null(told.ElapsedMs);
        Assert.Null(told.Decision!.Similarity);
        Assert.Equal(0.7, told.Decision.Threshold);
        Assert.Equal(("reject", Footage.Model, 0), (told.Decision.Band, told.Decision.ModelId, told.Decision.GallerySize));
        SightingPayload to = told.To!;
        Assert.Equal(("Entrance", "file_name", 640, 480, 2, 0.75), (to.CameraName, to.TimeSource, to.FrameWidth, to.FrameHeight, to.Frames, to.Quality));
        Assert.Equal(new BoxPayload(0, 0.0625, 0.1563, 0.5), to.Box); // 100 of 640 px are in the frame: 0.15625
        Assert.Equal(new SourcePayload("file", "0.mp4", 0), to.Source);
        Assert.Equal(("image/jpeg", "none", 2, 3), (to.Crop!.ContentType, to.Crop.Redaction, to.Crop.Width, to.Crop.Height));
        byte[] crop = File.ReadAllBytes(_folder.File("crops", to.Crop.Sha256[..2], to.Crop.Sha256 + ".jpg"));
        Assert.Equal(crop.Length, to.Crop.Bytes);
        Assert.Equal(CropFolder.Digest(crop), to.Crop.Sha256);
    }

    [Fact]
    public void A_match_tells_the_earlier_sighting_and_the_time_between()
    {
        Tracklet first = Footage.Tracklet(Footage.Entrance, 1, Footage.Start);
        Tracklet second = Footage.Tracklet(Footage.Dock, 1, Footage.Start.AddSeconds(60));

        EventPayload told = Single(Footage.New(first, 0), Footage.Match(second, 0, first));

        Assert.Equal("match", told.Type);
        Assert.Equal(first.Id, told.From!.TrackletId);
        Assert.Equal("Entrance", told.From.CameraName);
        Assert.Equal(second.Id, told.To!.TrackletId);
        Assert.Equal(55_000, told.ElapsedMs);
        Assert.Equal(0.7813, told.Decision!.Similarity);
        Assert.Equal(0.1235, told.Decision.Margin);
        Assert.Equal(new CandidatePayload(Footage.PersonId(0), 0.7813, null, first.Id, "accepted"), Assert.Single(told.Decision.Candidates));
    }

    [Fact]
    public void A_match_stays_a_match_when_the_earlier_sighting_is_not_kept_any_more()
    {
        Tracklet gone = Footage.Tracklet(Footage.Entrance, 1, Footage.Start);

        EventPayload told = Single(Footage.Match(Footage.Tracklet(Footage.Dock, 1, Footage.Start.AddSeconds(60)), 0, gone));

        Assert.Equal("match", told.Type);
        Assert.Null(told.From);
        Assert.Null(told.ElapsedMs);
    }

    [Fact]
    public void A_tracklet_too_poor_to_use_is_told_only_when_asked_for()
    {
        Link poor = Footage.TooPoor(Footage.Tracklet(Footage.Entrance, 1, Footage.Start, crops: 0));
        Link sound = Footage.New(Footage.Tracklet(Footage.Entrance, 2, Footage.Start), 0);

        Assert.Equal(["new_identity"], Told("quiet", new StoreOptions(), poor, sound).Select(e => e.Type));
        List<EventPayload> told = Told("talking", new StoreOptions { TrackletEvents = true }, poor, sound);

        Assert.Equal(["tracklet", "tracklet", "new_identity"], told.Select(e => e.Type));
        Assert.Equal([null, Footage.PersonId(0), Footage.PersonId(0)], told.Select(e => e.IdentityId));
        Assert.Null(told[0].To!.Crop);
        Assert.All(told, e => Assert.Empty(Schema.Problems(EventJson.Serialize(e))));
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public void A_live_event_says_so_unless_it_is_late(int secondsLate, bool live)
    {
        _clock.Now = Footage.Start.AddSeconds(secondsLate);

        EventPayload told = Single(Footage.New(Footage.Tracklet(Footage.Yard, 1, Footage.Start), 0));

        Assert.Equal(live, told.Live);
        Assert.Equal(7, told.EventId.Version);
    }

    [Fact]
    public void A_crops_topic_is_named_when_crops_are_published()
    {
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path) with { CropTopicRoot = "reid/north-store" });

        EventPayload told = Payloads(store, Footage.New(Footage.Tracklet(Footage.Entrance, 1, Footage.Start), 0)).Single();

        Assert.Equal($"reid/north-store/crop/{told.To!.Crop!.Id}", told.To.Crop.Topic);
        Assert.Equal(told.To.Crop.Bytes, store.Reader.ReadCrop(told.To.Crop.Id)!.Length);
        Assert.Null(store.Reader.ReadCrop(Guid.Empty));
    }

    [Fact]
    public void Every_event_of_a_run_is_valid_one_line_and_has_an_id_of_its_own()
    {
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path));
        RunRecord run = store.BeginRun("recordings", _folder.Path, Footage.Model, "{}");

        List<StoredEvent> events = [.. Footage.Groups(60).SelectMany(group => store.Commit(run, group).Events)];

        Assert.True(events.Count > 60);
        Assert.Equal(events.Count, events.DistinctBy(e => e.EventId).Count());
        Assert.All(events, e => Assert.Empty(Schema.Problems(e.Payload)));
        Assert.All(events, e => Assert.DoesNotContain((byte)'\n', e.Payload));
    }

    [Fact]
    public void Names_in_any_script_stay_as_they_are_and_cannot_break_the_line()
    {
        Camera camera = new("hof", "Hof \"Süd\"\n大门", CameraKind.Recorded);

        byte[] payload = EventJson.Serialize(Single(Footage.New(Footage.Tracklet(camera, 1, Footage.Start), 0)));

        Assert.Contains("Hof \\\"Süd\\\"\\n大门", Encoding.UTF8.GetString(payload), StringComparison.Ordinal);
    }

    [Fact]
    public void Serialize_cuts_candidates_then_tracklet_ids_to_stay_within_64_KiB()
    {
        EventPayload match = EventJson.Deserialize(File.ReadAllBytes(TestData.Golden("mqtt", "event-match.json")));
        EventPayload merged = EventJson.Deserialize(File.ReadAllBytes(TestData.Golden("mqtt", "event-merged.json")));
        string filler = new('x', 63_450);

        byte[] cut = EventJson.Serialize(match with { To = match.To! with { CameraName = filler } });
        byte[] counted = EventJson.Serialize(merged with { TrackletIds = [.. Enumerable.Range(0, 300).Select(_ => Guid.NewGuid())], TrackletCount = 300 });
        byte[] both = EventJson.Serialize(merged with { Cause = filler, TrackletIds = [.. Enumerable.Range(0, 200).Select(_ => Guid.NewGuid())] });

        Assert.InRange(cut.Length, EventJson.MaxBytes - 400, EventJson.MaxBytes);
        Assert.InRange(EventJson.Deserialize(cut).Decision!.Candidates.Count, 0, 1);
        Assert.Equal(200, EventJson.Deserialize(counted).TrackletIds!.Count);
        Assert.Equal(300, EventJson.Deserialize(counted).TrackletCount);
        Assert.InRange(both.Length, EventJson.MaxBytes - 40, EventJson.MaxBytes);
        Assert.Throws<ArgumentException>(() => EventJson.Serialize(match with { To = match.To with { CameraName = filler + filler } }));
    }

    private EventPayload Single(params Link[] links) => Told("store", new StoreOptions(), links)[^1];

    private List<EventPayload> Told(string folder, StoreOptions options, params Link[] links)
    {
        using TemporaryFolder other = new();
        using IdentityStore store = IdentityStore.Open(
            Footage.Setup(folder == "store" ? _folder.Path : other.Path, _clock) with { Options = options });
        return Payloads(store, links);
    }

    private static List<EventPayload> Payloads(IdentityStore store, params Link[] links)
    {
        RunRecord run = store.BeginRun("recordings", "runs/1", Footage.Model, "{}");
        CommittedGroup committed = store.Commit(run, Footage.Group(links));
        Assert.All(committed.Events, e => Assert.Empty(Schema.Problems(e.Payload)));
        return [.. committed.Events.Select(e => EventJson.Deserialize(e.Payload))];
    }
}
