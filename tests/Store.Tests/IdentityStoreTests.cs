using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Pipeline.Ingest;
using Pipeline.Store;
using Pipeline.Tracker;

namespace Pipeline.Tests.Store;

public sealed class IdentityStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_gives_files_0600_folders_0700_a_write_ahead_log_and_full_synchronisation()
    {
        StoreSetup setup = Footage.Setup(_folder.File("new", "store"));

        using IdentityStore store = IdentityStore.Open(setup);
        Commit(store, Footage.New(Footage.Tracklet(Footage.Entrance, 1, Footage.Start), 0));

        string[] folders = [_folder.File("new"), .. Directory.GetDirectories(_folder.File("new"), "*", SearchOption.AllDirectories)];
        Assert.Contains(_folder.File("new", "store", "crops"), folders);
        Assert.All(folders, path => Assert.Equal(Mode("rwx------"), File.GetUnixFileMode(path)));
        string[] files = Directory.GetFiles(_folder.File("new", "store"), "*", SearchOption.AllDirectories);
        Assert.Contains(files, path => path.EndsWith("-wal", StringComparison.Ordinal));
        Assert.Equal(2, files.Count(path => path.EndsWith(".jpg", StringComparison.Ordinal)));
        Assert.All(files, path => Assert.Equal(Mode("rw-------"), File.GetUnixFileMode(path)));
        using SqliteConnection durable = Connections.OpenWriting(setup.Path, durable: true);
        Assert.Equal(2, durable.ExecuteScalar<long>("PRAGMA synchronous"));
    }

    [Fact]
    public void Open_takes_the_mode_of_others_off_a_database_that_exists()
    {
        StoreSetup setup = Footage.Setup(_folder.Path);
        IdentityStore.Open(setup).Dispose();
        File.SetUnixFileMode(setup.Path, Mode("rw-r--r--"));

        IdentityStore.Open(setup).Dispose();

        Assert.Equal(Mode("rw-------"), File.GetUnixFileMode(setup.Path));
    }

    [Fact]
    public void Open_refuses_a_second_writer_and_names_the_process_of_the_first()
    {
        StoreSetup setup = Footage.Setup(_folder.Path);
        using IdentityStore first = IdentityStore.Open(setup);

        StoreException error = Assert.Throws<StoreException>(() => IdentityStore.Open(setup));

        Assert.Contains($"is in use by process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        Assert.Contains("--store", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_works_again_once_the_first_writer_is_gone()
    {
        StoreSetup setup = Footage.Setup(_folder.Path);
        IdentityStore first = IdentityStore.Open(setup);
        Guid stream = first.StreamId;
        first.Dispose();

        using IdentityStore second = IdentityStore.Open(setup);

        Assert.Equal(stream, second.StreamId);
    }

    [Fact]
    public void Open_refuses_a_newer_schema_for_writing_and_for_reading()
    {
        StoreSetup setup = Footage.Setup(_folder.Path);
        IdentityStore.Open(setup).Dispose();
        using (SqliteConnection connection = Connections.OpenWriting(setup.Path, durable: true))
        {
            connection.Execute("PRAGMA user_version = 99");
        }

        InvalidDataException writing = Assert.Throws<InvalidDataException>(() => IdentityStore.Open(setup));
        InvalidDataException reading = Assert.Throws<InvalidDataException>(() => StoreReader.Open(setup.Path));

        Assert.Contains("has schema 99, made by a newer version of this program, which knows schemas up to 3", writing.Message, StringComparison.Ordinal);
        Assert.Equal(writing.Message, reading.Message);
    }

    [Fact]
    public void Open_refuses_what_is_no_store()
    {
        StoreSetup text = Footage.Setup(_folder.Path) with { Path = _folder.File("notes.db") };
        File.WriteAllText(text.Path, string.Concat(Enumerable.Repeat("not a database ", 100)));
        StoreSetup other = text with { Path = _folder.File("other.db") };
        using (SqliteConnection connection = Connections.OpenWriting(other.Path, durable: true))
        {
            connection.Execute("CREATE TABLE shopping (item TEXT)");
        }

        Assert.Contains("is not an identity store, or is damaged", Assert.Throws<InvalidDataException>(() => IdentityStore.Open(text)).Message, StringComparison.Ordinal);
        Assert.Contains("but not an identity store", Assert.Throws<InvalidDataException>(() => IdentityStore.Open(other)).Message, StringComparison.Ordinal);
        Assert.Contains("there is no store", Assert.Throws<InvalidDataException>(() => StoreReader.Open(_folder.File("none.db"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_refuses_the_store_of_another_site()
    {
        StoreSetup setup = Footage.Setup(_folder.Path);
        IdentityStore.Open(setup).Dispose();

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => IdentityStore.Open(setup with { Site = "south-store" }));

        Assert.Contains("belongs to site 'north-store', got site 'south-store'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Migrations_run_only_what_is_missing_and_in_order()
    {
        string path = _folder.File("steps.db");
        using SqliteConnection connection = Connections.OpenWriting(path, durable: true);
        string[] scripts = ["CREATE TABLE steps (name TEXT)", "INSERT INTO steps VALUES ('second')", "INSERT INTO steps VALUES ('third')"];

        Migrations.Apply(connection, scripts[..2], path);
        Migrations.Apply(connection, scripts, path);

        Assert.Equal(["second", "third"], connection.Query<string>("SELECT name FROM steps ORDER BY rowid"));
        Assert.Equal(3, connection.ExecuteScalar<long>("PRAGMA user_version"));
    }

    [Fact]
    public void Tracklets_of_a_store_from_before_there_were_foot_points_came_and_went_nobody_knows_where()
    {
        string path = _folder.File("identities.db");
        using (IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path)))
        {
            Commit(store, Footage.New(Footage.Tracklet(Footage.Entrance, 1, Footage.Start), 0));
        }

        using (SqliteConnection connection = Connections.OpenWriting(path, durable: true))
        {
            foreach (string column in (string[])["entry_x", "entry_y", "exit_x", "exit_y"])
            {
                connection.Execute($"ALTER TABLE tracklets DROP COLUMN {column}");
            }

            connection.Execute("PRAGMA user_version = 2");
        }

        using IdentityStore again = IdentityStore.Open(Footage.Setup(_folder.Path));

        KnownSighting sighting = Assert.Single(Assert.Single(again.LoadGallery(Footage.Model).Identities).Sightings);
        Assert.Equal((null, null), (sighting.Entry, sighting.Exit));
    }

    [Fact]
    public void Migrations_leave_the_version_before_when_one_fails()
    {
        string path = _folder.File("steps.db");
        using SqliteConnection connection = Connections.OpenWriting(path, durable: true);

        Assert.Throws<SqliteException>(() => Migrations.Apply(connection, ["CREATE TABLE steps (name TEXT)", "CREATE TABLE more (a); NONSENSE"], path));

        Assert.Equal(1, connection.ExecuteScalar<long>("PRAGMA user_version"));
        Assert.Equal(["steps"], connection.Query<string>("SELECT name FROM sqlite_master"));
    }

    [Fact]
    public void Commit_skips_a_tracklet_that_is_stored_so_that_footage_seen_twice_makes_no_event()
    {
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path));
        RunRecord run = Begin(store);
        List<LinkGroup> groups = [.. Footage.Groups(20)];
        int written = groups.Sum(group => store.Commit(run, group).Events.Count);

        int again = groups.Sum(group => store.Commit(Begin(store), group).Events.Count);

        Assert.True(written > 20);
        Assert.Equal(0, again);
        Assert.Equal(written, store.Outbox.Status().Pending);
        Assert.Equal(written, store.Outbox.Status().LastSequence);
    }

    [Fact]
    public void Commit_into_a_fresh_store_gives_the_same_bytes_but_for_stream_and_wall_clock()
    {
        string[] first = Events(_folder.File("a"), Footage.Start.AddHours(1));

        string[] second = Events(_folder.File("b"), Footage.Start.AddHours(1));

        Assert.NotEmpty(first);
        Assert.Equal(first, second);
    }

    [Fact]
    public void Commit_numbers_events_without_gaps_over_restarts()
    {
        StoreSetup setup = Footage.Setup(_folder.Path);
        List<LinkGroup> groups = [.. Footage.Groups(30)];
        foreach (LinkGroup[] part in groups.Chunk(7))
        {
            using IdentityStore store = IdentityStore.Open(setup);
            RunRecord run = Begin(store);
            Array.ForEach(part, group => store.Commit(run, group));
        }

        using StoreReader reader = StoreReader.Open(setup.Path);
        long[] sequences = [.. reader.Events().Select(e => e.Sequence)];

        Assert.Equal(Enumerable.Range(1, sequences.Length).Select(i => (long)i), sequences);
        Assert.Equal(sequences.Length, reader.Runs().Sum(run => reader.EventCounts(run.Id).Values.Sum()));
    }

    [Fact]
    public void Commit_keeps_the_best_crops_when_it_may_not_keep_all()
    {
        StoreSetup setup = Footage.Setup(_folder.Path);
        using IdentityStore store = IdentityStore.Open(setup with { Options = new StoreOptions { CropsPerTracklet = 2 } });

        Commit(store, Footage.New(Footage.Tracklet(Footage.Entrance, 1, Footage.Start, crops: 5) with { BestCrop = 1 }, 0));

        SightingView sighting = Assert.Single(store.Reader.Sightings());
        Assert.Equal([false, true], sighting.Crops.Select(crop => crop.IsBest).Reverse());
        Assert.Equal(Footage.Start.AddSeconds(-2 + 1), sighting.Crops[0].CapturedAt);
        Assert.Equal(Footage.Start.AddSeconds(-2 + 4), sighting.Crops[1].CapturedAt);
        Assert.All(sighting.Crops, crop => Assert.True(File.Exists(crop.Path)));
    }

    [Fact]
    public void Commit_refuses_a_feature_that_is_not_finite_and_stores_nothing_of_its_group()
    {
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path));
        RunRecord run = Begin(store);
        Link sound = Footage.New(Footage.Tracklet(Footage.Dock, 1, Footage.Start), 0);
        Link broken = Footage.New(Footage.Tracklet(Footage.Entrance, 1, Footage.Start), 1) with { Feature = [0, float.NaN] };

        ArgumentException error = Assert.Throws<ArgumentException>(() => store.Commit(run, Footage.Group(sound, broken)));

        Assert.Contains("element 1 of a clip feature is NaN", error.Message, StringComparison.Ordinal);
        Assert.Empty(store.Reader.Events());
        Assert.Single(store.Commit(run, Footage.Group(sound)).Events);
        Assert.Equal(1, store.Outbox.Status().Pending);
    }

    [Fact]
    public void Commit_says_that_the_disk_is_full_loses_nothing_and_goes_on_when_there_is_room()
    {
        StoreSetup setup = Footage.Setup(_folder.Path);
        List<LinkGroup> groups = [.. Footage.Groups(60)];
        using IdentityStore store = IdentityStore.Open(setup);
        RunRecord run = Begin(store);
        store.Commit(run, groups[0]);
        store.LimitPages(60);
        int done = 1;

        StoreException error = Assert.Throws<StoreException>(() =>
        {
            for (; done < groups.Count; done++)
            {
                store.Commit(run, groups[done]);
            }
        });

        Assert.Contains($"cannot write to the store '{setup.Path}': the disk is full. Free space in '{_folder.Path}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("--resume", error.Message, StringComparison.Ordinal);
        Assert.InRange(done, 2, groups.Count - 1);
        Assert.Equal(groups.Take(done).Sum(g => g.Links.Count(l => l.IdentityId is not null)), store.Reader.Events().Count());
        Assert.Equal(store.Reader.Events().Count(), store.Outbox.Status().Pending);
        store.LimitPages(100_000);
        groups.ForEach(group => store.Commit(run, group));
        Assert.Equal(groups.Sum(g => g.Links.Count(l => l.IdentityId is not null)), store.Reader.Events().Count());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)] // the first script does not fit, or one behind it
    public void A_disk_that_is_full_while_the_store_is_made_is_the_cause_that_is_told(long pages)
    {
        using SqliteConnection connection = Connections.OpenWriting(_folder.File("identities.db"), durable: true);
        connection.Execute($"PRAGMA max_page_count = {pages}");

        SqliteException error = Assert.Throws<SqliteException>(() => Migrations.Apply(connection, Migrations.Scripts, "identities.db"));

        Assert.Equal(StoreException.Full, error.SqliteErrorCode);
        Assert.Contains("the disk is full. Free space", StoreReader.FromOpening(error, "identities.db")!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Commit_says_that_the_disk_is_full_when_a_crop_does_not_fit()
    {
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path));
        RunRecord run = Begin(store);
        Link link = Footage.New(Footage.Tracklet(Footage.Entrance, 1, Footage.Start, crops: 1), 0);
        string digest = CropFolder.Digest(Footage.Encode(link.Tracklet.Crops[0].Picture));
        Directory.CreateDirectory(_folder.File("crops", digest[..2]));
        string crop = _folder.File("crops", digest[..2], digest + ".jpg");
        File.CreateSymbolicLink(crop, "/dev/full"); // every write to it fails as on a full disk

        StoreException error = Assert.Throws<StoreException>(() => store.Commit(run, Footage.Group(link)));

        Assert.Contains("the disk is full", error.Message, StringComparison.Ordinal);
        Assert.Empty(store.Reader.Events());
        File.Delete(crop);
        Assert.Single(store.Commit(run, Footage.Group(link)).Events);
    }

    [Fact]
    public void Open_sweeps_crops_that_no_row_names_and_nothing_else()
    {
        StoreSetup setup = Footage.Setup(_folder.Path);
        using (IdentityStore store = IdentityStore.Open(setup))
        {
            Commit(store, Footage.New(Footage.Tracklet(Footage.Entrance, 1, Footage.Start), 0));
        }

        string orphan = new('a', 64);
        Directory.CreateDirectory(_folder.File("crops", "aa"));
        File.WriteAllText(_folder.File("crops", "aa", orphan + ".jpg"), "left by a crash");
        File.WriteAllText(_folder.File("crops", "aa", "holiday.jpg"), "somebody's own");

        using IdentityStore again = IdentityStore.Open(setup);

        Assert.Equal(1, again.SweptCrops);
        Assert.True(File.Exists(_folder.File("crops", "aa", "holiday.jpg")));
        Assert.All(again.Reader.Sightings().Single().Crops, crop => Assert.True(File.Exists(crop.Path)));
    }

    [Fact]
    public void Stores_in_one_folder_keep_their_crops_apart()
    {
        using IdentityStore first = IdentityStore.Open(Footage.Setup(_folder.Path));
        Commit(first, Footage.New(Footage.Tracklet(Footage.Entrance, 1, Footage.Start), 0));

        using IdentityStore second = IdentityStore.Open(Footage.Setup(_folder.Path) with { Path = _folder.File("other.db") });

        Assert.Equal(0, second.SweptCrops);
        Assert.All(first.Reader.Sightings().Single().Crops, crop => Assert.True(File.Exists(crop.Path)));
    }

    [Fact]
    public void LoadGallery_gives_back_what_was_linked_to_the_bit_and_to_the_tick()
    {
        Tracklet first = Footage.Tracklet(Footage.Entrance, 1, Footage.Start);
        Tracklet second = Footage.Tracklet(Footage.Dock, 1, Footage.Start.AddSeconds(60));
        Tracklet third = Footage.Tracklet(Footage.Dock, 2, Footage.Start.AddSeconds(90));
        Tracklet poor = Footage.Tracklet(Footage.Dock, 3, Footage.Start.AddSeconds(95), crops: 0);
        float[] feature = [(float)(Half)0.6f, (float)(Half)(-0.8f), (float)(Half)1e-6f];
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path));
        Commit(store, Footage.New(first, 4) with { Feature = feature });
        Commit(store, Footage.Match(second, 4, first) with { Prototypes = new PrototypeChange(Footage.PersonId(4), second.Id, null) }, Footage.TooPoor(poor));
        Commit(store, Footage.New(third, 1));

        GallerySnapshot gallery = store.LoadGallery(Footage.Model);

        Assert.Equal([Footage.PersonId(4), Footage.PersonId(1)], gallery.Identities.Select(identity => identity.Id));
        Assert.Equal([first.Id, second.Id], gallery.Identities[0].Prototypes.Select(prototype => prototype.TrackletId));
        Assert.Equal(["entrance", "dock"], gallery.Identities[0].Prototypes.Select(prototype => prototype.Camera));
        Assert.Equal(feature, gallery.Identities[0].Prototypes[0].Feature);
        Assert.Equal(
            [
                new KnownSighting(first.Id, "entrance", first.StartAt, first.EndAt, true) { Order = 1, Entry = first.Entry, Exit = first.Exit },
                new KnownSighting(second.Id, "dock", second.StartAt, second.EndAt, true) { Order = 2, Entry = second.Entry, Exit = second.Exit },
            ],
            gallery.Identities[0].Sightings);
        Assert.Equal(new HashSet<Guid> { first.Id, second.Id, third.Id, poor.Id }, gallery.Decided);
        Assert.Equal([first.Id, second.Id, third.Id], gallery.Recent.Select(recent => recent.Sighting.TrackletId));
        Assert.Equal([Footage.PersonId(4), Footage.PersonId(4), Footage.PersonId(1)], gallery.Recent.Select(recent => recent.IdentityId));
        Assert.Equal(feature, gallery.Recent[0].Feature);
    }

    [Fact]
    public void LoadGallery_follows_the_changes_of_prototypes()
    {
        Tracklet[] tracklets = [.. Enumerable.Range(1, 3).Select(i => Footage.Tracklet(Footage.Entrance, i, Footage.Start.AddSeconds(20 * i)))];
        Guid person = Footage.PersonId(0);
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path));
        Commit(store, Footage.New(tracklets[0], 0));
        Commit(store, Footage.Match(tracklets[1], 0, tracklets[0]) with { Prototypes = new PrototypeChange(person, null, null) });
        Commit(store, Footage.Match(tracklets[2], 0, tracklets[1]) with { Prototypes = new PrototypeChange(person, tracklets[2].Id, tracklets[0].Id) });

        KnownIdentity known = Assert.Single(store.LoadGallery(Footage.Model).Identities);

        Assert.Equal([tracklets[2].Id], known.Prototypes.Select(prototype => prototype.TrackletId));
        Assert.Equal(3, known.Sightings.Count);
    }

    [Fact]
    public void LoadGallery_leaves_identities_of_other_models_out_and_Models_counts_them()
    {
        Tracklet tracklet = Footage.Tracklet(Footage.Entrance, 1, Footage.Start);
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path));
        Commit(store, Footage.New(tracklet, 0));

        GallerySnapshot gallery = store.LoadGallery("rga@2");

        Assert.Empty(gallery.Identities);
        Assert.Contains(tracklet.Id, gallery.Decided);
        Assert.Equal([new ModelUse(Footage.Model, 1)], store.Reader.Models());
    }

    [Fact]
    public void LoadGallery_knows_which_cameras_have_no_clock()
    {
        Tracklet tracklet = Footage.Tracklet(Footage.Entrance, 1, Footage.Start);
        tracklet = tracklet with { Segment = tracklet.Segment with { TimeSource = TimeSource.Order } };
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path));

        Commit(store, Footage.New(tracklet, 0));

        Assert.False(store.LoadGallery(Footage.Model).Identities[0].Sightings[0].HasClock);
    }

    [Fact]
    public void ResumeRun_gives_each_cameras_segments_and_only_its_newest_state()
    {
        StoreSetup setup = Footage.Setup(_folder.Path);
        RunRecord run;
        using (IdentityStore store = IdentityStore.Open(setup))
        {
            run = Begin(store);
            store.Commit(run, Footage.SegmentGroup(Footage.Entrance, 0, [1]));
            store.Commit(run, Footage.SegmentGroup(Footage.Entrance, 1, [2]));
            store.Commit(run, Footage.SegmentGroup(Footage.Dock, 0, [3]));
            store.Commit(run, new LinkGroup(Footage.Start, [], [], [new CameraFinished(Footage.Dock, Footage.Start)]));
        }

        using IdentityStore again = IdentityStore.Open(setup);
        ResumePoint point = again.ResumeRun(run.Id, Footage.Model);

        Assert.Equal(RunOutcome.Running, point.Run.Outcome);
        Assert.Equal(["dock", "entrance"], point.Cameras.Select(camera => camera.Camera));
        Assert.Equal([(0, "digest-entrance-0"), (1, "digest-entrance-1")], point.Cameras[1].Segments.Select(s => (s.Ordinal, s.Digest)));
        Assert.Equal([2], point.Cameras[1].State);
        Assert.Equal([true, false], point.Cameras.Select(camera => camera.Finished));
    }

    [Fact]
    public void ResumeRun_refuses_another_model_and_an_unknown_run()
    {
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path));
        RunRecord run = Begin(store);

        Assert.Contains("was made with model colour@1, got rga@2", Assert.Throws<InvalidDataException>(() => store.ResumeRun(run.Id, "rga@2")).Message, StringComparison.Ordinal);
        Assert.Contains("has no run", Assert.Throws<InvalidDataException>(() => store.ResumeRun(Guid.Empty, Footage.Model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EndRun_deletes_the_tracker_states_of_a_finished_run_only()
    {
        using IdentityStore store = IdentityStore.Open(Footage.Setup(_folder.Path));
        RunRecord finished = Begin(store);
        RunRecord stopped = Begin(store);
        store.Commit(finished, Footage.SegmentGroup(Footage.Entrance, 0, [1]));
        store.Commit(stopped, Footage.SegmentGroup(Footage.Entrance, 0, [1]));

        store.EndRun(finished, RunOutcome.Finished);
        store.EndRun(stopped, RunOutcome.Stopped);

        Assert.Equal([RunOutcome.Finished, RunOutcome.Stopped], store.Reader.Runs().Select(run => run.Outcome));
        Assert.Null(store.Reader.ResumePoint(finished.Id)!.Cameras[0].State);
        Assert.Equal([1], store.Reader.ResumePoint(stopped.Id)!.Cameras[0].State);
    }

    private static UnixFileMode Mode(string letters) =>
        (UnixFileMode)letters.Aggregate(0, (mode, letter) => (mode << 1) | (letter == '-' ? 0 : 1));

    private static RunRecord Begin(IdentityStore store) => store.BeginRun("recordings", "runs/1", Footage.Model, "{}");

    private static CommittedGroup Commit(IdentityStore store, params Link[] links) => store.Commit(Begin(store), Footage.Group(links));

    private static string[] Events(string folder, DateTimeOffset now)
    {
        using IdentityStore store = IdentityStore.Open(Footage.Setup(folder, new FixedClock(now)));
        RunRecord run = Begin(store);
        return
        [
            .. Footage.Groups(25).SelectMany(group => store.Commit(run, group).Events).Select(e =>
                System.Text.Encoding.UTF8.GetString(e.Payload).Replace(store.StreamId.ToString(), "stream", StringComparison.Ordinal)),
        ];
    }
}
