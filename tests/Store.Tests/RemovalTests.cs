using System.Text;
using Pipeline.Store;
using Pipeline.Tracker;

namespace Pipeline.Tests.Store;

public sealed class RemovalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FixedClock _clock = new(Footage.Start.AddHours(1));
    private readonly IdentityStore _store;
    private readonly RunRecord _run;

    public RemovalTests()
    {
        _store = IdentityStore.Open(Footage.Setup(_folder.Path, _clock) with { Options = new StoreOptions { TrackletEvents = true } });
        _run = _store.BeginRun("recordings", _folder.Path, Footage.Model, "{}");
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Erase_removes_crops_vectors_sightings_and_pictures_of_events_and_leaves_the_others()
    {
        List<LinkGroup> groups = [.. Footage.Groups(30)];
        groups.ForEach(group => _store.Commit(_run, group));
        Guid person = Footage.PersonId(0);
        IdentityDetail before = _store.Reader.Identity(person)!;
        string[] crops = [.. before.Sightings.SelectMany(s => s.Crops).Select(crop => crop.Path)];
        long last = _store.Outbox.Status().LastSequence;
        _store.Outbox.MarkSent(1);

        ErasureResult result = _store.Erase(person, "request", "dpo", "request 2026-118")!;

        Assert.Null(_store.Reader.Identity(person));
        Assert.NotEmpty(crops);
        Assert.DoesNotContain(crops, File.Exists);
        Assert.DoesNotContain(_store.LoadGallery(Footage.Model).Identities, identity => identity.Id == person);
        Assert.DoesNotContain(_store.Reader.Search(Footage.Model, Footage.Feature(0), 10), hit => hit.IdentityId == person);
        List<EventPayload> events = [.. _store.Reader.Events().Select(e => EventJson.Deserialize(e.Payload))];
        Assert.Equal(last, events.Count);
        Assert.All(events.Where(e => e.IdentityId == person), e => Assert.True(e.From is null && e.To is null));
        Assert.All(events.Where(e => e.IdentityId != person), e => Assert.NotNull(e.To));
        JsonSchema schema = new(MessageSchemas.Read("event"));
        Assert.All(_store.Reader.Events(), e => Assert.Empty(schema.Problems(e.Payload)));
        Assert.Equal(6, _store.Reader.Identities().Count);
        Assert.All(_store.Reader.Sightings().SelectMany(s => s.Crops), crop => Assert.True(File.Exists(crop.Path)));
        Assert.Equal(before.Sightings.Count, result.Notice.TrackletCount);
        Assert.Equal(crops.Length, result.Notice.CropCount);
        Assert.Equal([_run.Id], result.Runs.Select(run => run.Id));
    }

    [Fact]
    public void Erase_overwrites_vectors_in_the_database_and_its_log()
    {
        float[] feature = [.. Enumerable.Range(0, 64).Select(i => (float)(Half)(0.001f * (i + 1)))];
        _store.Commit(_run, Footage.Group(Footage.New(Footage.Tracklet(Footage.Entrance, 1, Footage.Start), 0) with { Feature = feature }));
        byte[] needle = HalfVector.ToBytes(feature);
        Assert.True(AnyFileHolds(needle));

        _store.Erase(Footage.PersonId(0), "request", "dpo", "asked");

        Assert.False(AnyFileHolds(needle));
    }

    [Fact]
    public void Erase_queues_a_notice_that_is_valid_behind_rewritten_rows_and_takes_no_sequence()
    {
        Footage.Groups(5).ToList().ForEach(group => _store.Commit(_run, group));
        OutboxStatus before = _store.Outbox.Status();

        ErasureResult result = _store.Erase(Footage.PersonId(0), "request", "dpo", "asked")!;

        IReadOnlyList<OutboxRow> rows = _store.Outbox.Pending(0, 1000);
        Assert.Equal("erasure", rows[^1].Type);
        Assert.Equal(result.Notice.ErasureId, rows[^1].EventId);
        Assert.Empty(new JsonSchema(MessageSchemas.Read("erasure")).Problems(rows[^1].Payload));
        Assert.Equal(_store.Reader.Events().Select(e => e.Payload), rows.SkipLast(1).Select(row => row.Payload));
        Assert.Equal((before.Pending + 1, before.LastSequence), (_store.Outbox.Status().Pending, _store.Outbox.Status().LastSequence));
        _store.Outbox.MarkSent(rows[^1].Sequence);
        StoredEvent next = _store.Commit(_run, Footage.Group(Footage.New(Footage.Tracklet(Footage.Dock, 99, Footage.Start), 7))).Events[0];
        Assert.Equal(before.LastSequence + 1, next.Sequence);
        Assert.Contains(_store.Outbox.Pending(rows[^1].Sequence, 10), row => row.EventId == next.EventId);
    }

    [Fact]
    public void Erase_writes_the_audit_log_and_the_persons_footage_does_not_bring_them_back()
    {
        LinkGroup group = Footage.Group(Footage.New(Footage.Tracklet(Footage.Entrance, 1, Footage.Start), 0));
        _store.Commit(_run, group);

        ErasureResult result = _store.Erase(Footage.PersonId(0), "operator", "desk1", "wrong person kept")!;

        AuditEntry entry = Assert.Single(_store.Reader.Audit());
        Assert.Equal((result.AuditId, "desk1", "erase", Footage.PersonId(0).ToString()), (entry.Id, entry.Actor, entry.Action, entry.Subject));
        Assert.Contains("1 tracklets, 2 crops, basis operator: wrong person kept", entry.Detail, StringComparison.Ordinal);
        Assert.Empty(_store.Commit(_run, group).Events);
        Assert.Contains(group.Links[0].Tracklet.Id, _store.LoadGallery(Footage.Model).Decided);
        Assert.Null(_store.Erase(Footage.PersonId(0), "operator", "desk1", "again"));
        Assert.Throws<ArgumentException>(() => _store.Erase(Footage.PersonId(0), "whim", "desk1", "bored"));
    }

    [Fact]
    public void Erase_drops_the_tracker_state_of_the_cameras_that_saw_the_person_for_it_may_hold_their_pixels()
    {
        _store.Commit(_run, Footage.Group(Footage.New(Footage.Tracklet(Footage.Entrance, 1, Footage.Start), 0)));
        _store.Commit(_run, Footage.SegmentGroup(Footage.Entrance, 0, [1]));
        _store.Commit(_run, Footage.SegmentGroup(Footage.Dock, 0, [2]));

        _store.Erase(Footage.PersonId(0), "request", "dpo", "asked");

        CameraResume left = Assert.Single(_store.Reader.ResumePoint(_run.Id)!.Cameras);
        Assert.Equal("dock", left.Camera);
        Assert.Equal([2], left.State);
    }

    [Fact]
    public void Purge_removes_what_is_older_than_retention_and_tells_of_persons_that_are_gone()
    {
        Tracklet early = Footage.Tracklet(Footage.Entrance, 1, Footage.Start);
        Tracklet other = Footage.Tracklet(Footage.Entrance, 2, Footage.Start.AddSeconds(20));
        Tracklet late = Footage.Tracklet(Footage.Dock, 1, Footage.Start.AddSeconds(60));
        _store.Commit(_run, Footage.Group(Footage.New(early, 0), Footage.New(other, 1)));
        DateTimeOffset stored = _clock.Now;
        _clock.Now = stored.AddDays(20);
        _store.Commit(_run, Footage.Group(Footage.Match(late, 1, other)));
        string[] crops = [.. _store.Reader.Sightings().Where(s => s.TrackletId != late.Id).SelectMany(s => s.Crops).Select(crop => crop.Path)];
        List<string> warnings = [];
        _store.Warned += warnings.Add;

        PurgeResult result = _store.Purge(stored.AddDays(31), new RetentionOptions { Days = 30 });

        Assert.Equal((2, 4, 1, 4), (result.Tracklets, result.Crops, result.Identities, result.Events));
        Assert.Equal(2, result.TrackletIds.Count);
        Assert.Equal(4, crops.Length);
        Assert.DoesNotContain(crops, File.Exists);
        IdentitySummary left = Assert.Single(_store.Reader.Identities());
        Assert.Equal((Footage.PersonId(1), 1), (left.Id, left.Sightings));
        OutboxRow notice = _store.Outbox.Pending(0, 1000).Single(row => row.Type == "erasure");
        Assert.Contains($"\"identity_ids\":[\"{Footage.PersonId(0)}\"],\"tracklet_count\":1,\"crop_count\":2,\"basis\":\"retention\"", Encoding.UTF8.GetString(notice.Payload), StringComparison.Ordinal);
        Assert.Equal((3L, 4L), (_store.Outbox.Status().Pending, _store.Outbox.Status().Dropped));
        Assert.Contains("4 unsent events given up", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal("purge", Assert.Single(_store.Reader.Audit()).Action);
        Assert.Empty(_store.Commit(_run, Footage.Group(Footage.New(early, 0))).Events);
    }

    [Fact]
    public void Purge_of_a_young_store_changes_nothing_and_says_nothing()
    {
        Footage.Groups(5).ToList().ForEach(group => _store.Commit(_run, group));
        int events = _store.Reader.Events().Count();

        PurgeResult result = _store.Purge(_clock.Now.AddDays(29), new RetentionOptions { Days = 30 });

        Assert.Equal((0, 0, 0, 0), (result.Tracklets, result.Crops, result.Identities, result.Events));
        Assert.Equal(events, _store.Outbox.Status().Pending);
        Assert.Empty(_store.Reader.Audit());
    }

    private bool AnyFileHolds(byte[] needle) => Directory.GetFiles(_folder.Path, "identities.db*")
        .Where(path => !path.EndsWith(".lock", StringComparison.Ordinal))
        .Any(path => File.ReadAllBytes(path).AsSpan().IndexOf(needle) >= 0);
}
