using Pipeline.Store;
using Pipeline.Tracker;

namespace Pipeline.Tests.Store;

public sealed class OutboxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FixedClock _clock = new(Footage.Start.AddHours(1));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pending_gives_rows_in_order_with_the_bytes_of_the_event()
    {
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path, _clock));
        List<StoredEvent> events = Fill(store, 10);

        IReadOnlyList<OutboxRow> first = store.Outbox.Pending(0, 4);
        IReadOnlyList<OutboxRow> next = store.Outbox.Pending(first[^1].Sequence, 4);

        Assert.Equal(events.Take(8).Select(e => e.Payload), first.Concat(next).Select(row => row.Payload));
        Assert.Equal(events.Take(4).Select(e => (e.Sequence, e.EventId, e.Type, e.Camera, e.Live, e.OccurredAt, e.PublishedAt)),
            first.Select(row => (row.Sequence, row.EventId, row.Type, row.Camera, row.Live, row.OccurredAt, row.PublishedAt)));
    }

    [Fact]
    public void Marks_last_over_a_restart_and_rows_set_aside_wait_until_resent()
    {
        StoreSetup setup = Footage.Setup(_folder.Path, _clock);
        int count;
        using (IdentityStore store = IdentityStore.Open(setup))
        {
            count = Fill(store, 10).Count;
            store.Outbox.MarkSent(1);
            store.Outbox.SetAside(2, "0x83 too large");
            store.Outbox.MarkSent(1);
            store.Outbox.SetAside(1, "sent already, so nothing happens");
            store.Outbox.MarkSent(999);
            Assert.Equal(new OutboxStatus(count - 2, _clock.Now, 0, 1, count), store.Outbox.Status());
        }

        using IdentityStore again = IdentityStore.Open(setup);
        Assert.Equal(new OutboxStatus(count - 2, _clock.Now, 0, 1, count), again.Outbox.Status());
        Assert.Equal(3, again.Outbox.Pending(0, 1)[0].Sequence);

        Assert.Equal(1, again.ResendSetAside());

        Assert.Equal(new OutboxStatus(count - 1, _clock.Now, 0, 0, count), again.Outbox.Status());
        Assert.Equal(2, again.Outbox.Pending(0, 1)[0].Sequence);
    }

    [Fact]
    public void RowsAdded_is_raised_after_a_commit_with_events_and_only_then()
    {
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path, _clock));
        RunRecord run = store.BeginRun("recordings", "runs/1", Footage.Model, "{}");
        List<long> pending = [];
        store.Outbox.RowsAdded += () => pending.Add(store.Outbox.Status().Pending);
        LinkGroup group = Footage.Group(Footage.New(Footage.Tracklet(Footage.Entrance, 1, Footage.Start), 0));

        store.Commit(run, Footage.SegmentGroup(Footage.Entrance, 0, [1]));
        store.Commit(run, group);
        store.Commit(run, group);

        Assert.Equal([1], pending);
    }

    [Fact]
    public void At_its_limit_of_rows_the_oldest_tracklet_events_go_first_then_the_oldest_of_the_rest()
    {
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path, _clock) with
        {
            Options = new StoreOptions { TrackletEvents = true, Outbox = new OutboxOptions { MaxRows = 3 } },
        });
        List<string> warnings = [];
        store.Warned += warnings.Add;

        Fill(store, 2);
        Assert.Equal(["new_identity", "new_identity", "new_identity"], Types(store));
        Fill(store, 4, from: 2);

        Assert.DoesNotContain("tracklet", Types(store));
        Assert.Equal(3, store.Outbox.Status().Pending);
        long all = store.Outbox.Status().LastSequence;
        Assert.Equal(all - 3, store.Outbox.Status().Dropped);
        Assert.Equal([all - 4, all - 2, all], store.Outbox.Pending(0, 9).Select(row => row.Sequence));
        Assert.Equal(all, store.Reader.Events().Count());
        Assert.NotEmpty(warnings);
        Assert.Contains("unsent events given up, its limit is reached (store.outbox)", warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void At_its_limit_of_bytes_the_oldest_go()
    {
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path, _clock) with
        {
            Options = new StoreOptions { Outbox = new OutboxOptions { MaxBytes = 65_536 } },
        });

        Fill(store, 80);

        IReadOnlyList<OutboxRow> rows = store.Outbox.Pending(0, 1000);
        long bytes = rows.Sum(row => (long)row.Payload.Length);
        Assert.InRange(bytes, 62_000, 65_536);
        OutboxStatus status = store.Outbox.Status();
        Assert.Equal((rows.Count, status.LastSequence), (status.Pending, status.Pending + status.Dropped));
        Assert.Equal(status.LastSequence, rows[^1].Sequence);
    }

    [Fact]
    public void Nothing_is_queued_when_nothing_is_published()
    {
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path, _clock) with { Publish = false });

        int count = Fill(store, 5).Count;

        Assert.Equal(count, store.Reader.Events().Count());
        Assert.Equal(new OutboxStatus(0, null, 0, 0, count), store.Outbox.Status());
    }

    [Fact]
    public async Task The_sender_marks_while_decisions_are_committed()
    {
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path, _clock));
        using SemaphoreSlim wake = new(0);
        store.Outbox.RowsAdded += () => wake.Release();
        int count = Footage.Groups(40).Sum(group => group.Links.Count(link => link.IdentityId is not null));
        List<long> sent = [];

        Task sender = Task.Run(async () =>
        {
            while (sent.Count < count)
            {
                await wake.WaitAsync();
                foreach (OutboxRow row in store.Outbox.Pending(sent.LastOrDefault(), 8))
                {
                    store.Outbox.MarkSent(row.Sequence);
                    sent.Add(row.Sequence);
                    wake.Release();
                }
            }
        });
        Fill(store, 40);
        await sender.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(Enumerable.Range(1, count).Select(i => (long)i), sent);
        Assert.Equal(0, store.Outbox.Status().Pending);
    }

    private static IEnumerable<string> Types(IdentityStore store) => store.Outbox.Pending(0, 1000).Select(row => row.Type);

    private static List<StoredEvent> Fill(IdentityStore store, int groups, int from = 0)
    {
        RunRecord run = store.BeginRun("recordings", "runs/1", Footage.Model, "{}");
        return [.. Footage.Groups(from + groups).Skip(from).SelectMany(group => store.Commit(run, group).Events)];
    }
}
