using System.Threading.Channels;
using Pipeline.Store;
using Pipeline.Tracker;

namespace Pipeline.Tests.Store;

public sealed class QueryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IdentityStore _store;
    private readonly RunRecord _run;

    public QueryTests()
    {
        _store = IdentityStore.Open(Footage.Setup(_folder.Path));
        _run = _store.BeginRun("recordings", _folder.Path, Footage.Model, "{}");
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Identities_lists_persons_with_cameras_counts_and_times_while_the_store_is_being_written()
    {
        Tracklet first = Footage.Tracklet(Footage.Entrance, 1, Footage.Start);
        Tracklet second = Footage.Tracklet(Footage.Dock, 1, Footage.Start.AddSeconds(60));
        Commit(Footage.New(first, 3));
        Commit(Footage.Match(second, 3, first));
        using StoreReader reader = StoreReader.Open(_folder.File("identities.db"));

        IdentitySummary summary = Assert.Single(reader.Identities());

        Assert.Equal((Footage.PersonId(3), 2, first.StartAt, second.EndAt), (summary.Id, summary.Sightings, summary.FirstSeenAt, summary.LastSeenAt));
        Assert.Equal(["entrance", "dock"], summary.Cameras);
        Assert.Equal([summary.Id], reader.FindIdentities(summary.Id.ToString()[..8]));
        Assert.Equal([summary.Id], reader.FindIdentities(summary.Id.ToString()[^4..].ToUpperInvariant()));
        Assert.Empty(reader.FindIdentities("zzz"));
    }

    [Fact]
    public void Identity_shows_sightings_in_time_order_with_evidence_and_pictures()
    {
        Tracklet late = Footage.Tracklet(Footage.Dock, 1, Footage.Start.AddSeconds(60));
        Tracklet early = Footage.Tracklet(Footage.Entrance, 1, Footage.Start);
        Commit(Footage.New(late, 3));
        Commit(Footage.Match(early, 3, late));

        IdentityDetail detail = _store.Reader.Identity(Footage.PersonId(3))!;

        Assert.Equal([early.Id, late.Id], detail.Sightings.Select(s => s.TrackletId));
        Assert.Equal([false, true], detail.Sightings.Select(s => s.IsNew));
        Assert.Equal([0.78125f, null], detail.Sightings.Select(s => s.Similarity));
        Assert.Equal(["accept", "reject"], detail.Sightings.Select(s => s.Band));
        Assert.Equal(["Entrance", "Loading dock"], detail.Sightings.Select(s => s.CameraName));
        Assert.All(detail.Sightings.SelectMany(s => s.Crops), crop => Assert.True(Path.IsPathRooted(crop.Path) && File.Exists(crop.Path)));
        Assert.Null(_store.Reader.Identity(Guid.Empty));
    }

    [Fact]
    public void Sightings_of_a_run_are_its_own_and_hold_what_was_too_poor()
    {
        Commit(Footage.TooPoor(Footage.Tracklet(Footage.Entrance, 1, Footage.Start, crops: 0)));
        RunRecord other = _store.BeginRun("more", _folder.Path, Footage.Model, "{}");
        _store.Commit(other, Footage.Group(Footage.New(Footage.Tracklet(Footage.Entrance, 2, Footage.Start), 0)));

        SightingView poor = Assert.Single(_store.Reader.Sightings(_run.Id));

        Assert.Null(poor.IdentityId);
        Assert.Null(poor.Band);
        Assert.Equal(new StoreCounts(1, 2, 1), _store.Reader.Counts());
        Assert.Empty(poor.Crops);
        Assert.Equal(2, _store.Reader.Sightings().Count);
    }

    [Fact]
    public void Events_since_a_sequence_are_paged_and_limited()
    {
        List<LinkGroup> groups = [.. Footage.Groups(420)];
        groups.ForEach(group => _store.Commit(_run, group));
        long last = _store.Outbox.Status().LastSequence;
        Assert.True(last > 500); // more than a page

        Assert.Equal(Range(1, last), _store.Reader.Events().Select(e => e.Sequence));
        Assert.Equal(Range(11, last), _store.Reader.Events(afterSequence: 10).Select(e => e.Sequence));
        Assert.Equal(Range(11, 15), _store.Reader.Events(afterSequence: 10, max: 5).Select(e => e.Sequence));
        Assert.Equal(Range(1, 505), _store.Reader.Events(max: 505).Select(e => e.Sequence));
        Assert.Empty(_store.Reader.Events(runId: Guid.Empty));
    }

    [Fact]
    public void Search_ranks_persons_by_their_nearest_tracklet()
    {
        Tracklet first = Footage.Tracklet(Footage.Entrance, 1, Footage.Start);
        Tracklet second = Footage.Tracklet(Footage.Dock, 1, Footage.Start.AddSeconds(60));
        Commit(Footage.New(first, 0) with { Feature = [1, 0] });
        Commit(Footage.Match(second, 0, first) with { Feature = [0.5f, 0.5f] });
        Commit(Footage.New(Footage.Tracklet(Footage.Dock, 2, Footage.Start.AddSeconds(90)), 1) with { Feature = [0, 0.75f] });

        IReadOnlyList<SearchHit> hits = _store.Reader.Search(Footage.Model, [0, 1], 5);

        Assert.Equal([(Footage.PersonId(1), 0.75f), (Footage.PersonId(0), 0.5f)], hits.Select(hit => (hit.IdentityId, hit.Similarity)));
        Assert.Equal((second.Id, "dock", second.StartAt), (hits[1].TrackletId, hits[1].Camera, hits[1].StartAt));
        Assert.Single(_store.Reader.Search(Footage.Model, [0, 1], 1));
        Assert.Empty(_store.Reader.Search("rga@2", [0, 1], 5));
        Assert.Throws<ArgumentException>(() => _store.Reader.Search(Footage.Model, [0, 1, 0], 5));
    }

    [Fact]
    public void EventLog_is_written_anew_on_opening_and_holds_the_bytes_of_the_outbox()
    {
        string path = _folder.File("out", "events.jsonl");
        List<LinkGroup> groups = [.. Footage.Groups(20)];
        groups[..8].ForEach(group => _store.Commit(_run, group));
        Directory.CreateDirectory(_folder.File("out"));
        File.WriteAllText(path, "{\"half a li");

        using (EventLog log = EventLog.Open(_store.Reader, _run.Id, path))
        {
            groups[8..].ForEach(group => log.Append(_store.Commit(_run, group).Events));
        }

        Assert.Equal(
            _store.Outbox.Pending(0, 1000).Select(row => System.Text.Encoding.UTF8.GetString(row.Payload)),
            File.ReadAllLines(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.False(File.Exists(path + ".new"));
    }

    [Fact]
    public void EventLog_says_which_file_it_cannot_write_and_that_nothing_is_lost()
    {
        _store.Commit(_run, Footage.Groups(1).First());
        string path = _folder.File("events.jsonl");
        File.CreateSymbolicLink(path + ".new", "/dev/full"); // every write to it fails as on a full disk

        StoreException error = Assert.Throws<StoreException>(() => EventLog.Open(_store.Reader, _run.Id, path));

        Assert.StartsWith($"cannot write '{path}': No space left on device", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("go on with --resume; the events are safe in the store.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoreStage_commits_in_order_writes_the_log_and_completes_its_output()
    {
        string path = _folder.File("events.jsonl");
        Channel<LinkGroup> input = Channel.CreateBounded<LinkGroup>(2);
        Channel<CommittedGroup> output = Channel.CreateBounded<CommittedGroup>(2);
        using EventLog log = EventLog.Open(_store.Reader, _run.Id, path);
        List<LinkGroup> groups = [.. Footage.Groups(10)];

        Task stage = new StoreStage(_store, _run, log).RunAsync(input.Reader, output.Writer, CancellationToken.None);
        Task feed = Task.Run(async () =>
        {
            foreach (LinkGroup group in groups)
            {
                await input.Writer.WriteAsync(group);
            }

            input.Writer.Complete();
        });
        List<CommittedGroup> committed = await output.Reader.ReadAllAsync().ToListAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));
        await Task.WhenAll(stage, feed).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(groups, committed.Select(c => c.Group));
        Assert.Equal(_store.Reader.Events().Select(e => e.Sequence), committed.SelectMany(c => c.Events).Select(e => e.Sequence));
        Assert.Equal(committed.Sum(c => c.Events.Count), File.ReadAllLines(path).Length);
    }

    [Fact]
    public async Task StoreStage_hands_a_failure_downstream()
    {
        Channel<LinkGroup> input = Channel.CreateBounded<LinkGroup>(2);
        Channel<CommittedGroup> output = Channel.CreateBounded<CommittedGroup>(2);
        await input.Writer.WriteAsync(Footage.Group(Footage.New(Footage.Tracklet(Footage.Entrance, 1, Footage.Start), 0) with { Feature = [float.NaN] }));

        Task stage = new StoreStage(_store, _run, null).RunAsync(input.Reader, output.Writer, CancellationToken.None);

        await Assert.ThrowsAsync<ArgumentException>(() => stage.WaitAsync(TimeSpan.FromMinutes(1)));
        await Assert.ThrowsAsync<ArgumentException>(() => output.Reader.Completion.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Options_report_every_rule_that_is_broken_under_its_key()
    {
        StoreOptions store = new() { File = " ", CropsPerTracklet = 0, LiveWindow = TimeSpan.FromDays(1), Outbox = new OutboxOptions { MaxRows = 0, MaxBytes = 1 } };
        RetentionOptions retention = new() { Days = 0, SentDays = 4000 };

        Assert.Equal(
            ["store.file", "store.crops_per_tracklet", "store.live_window_ms", "store.outbox.max_rows", "store.outbox.max_bytes"],
            store.Problems().Select(problem => problem.Key));
        Assert.Equal(["retention.days", "retention.sent_days"], retention.Problems().Select(problem => problem.Key));
        Assert.Empty(new StoreOptions().Problems());
        Assert.Empty(new RetentionOptions().Problems());
    }

    private static IEnumerable<long> Range(long first, long last) => Enumerable.Range((int)first, (int)(last - first + 1)).Select(i => (long)i);

    private void Commit(params Link[] links) => _store.Commit(_run, Footage.Group(links));
}
