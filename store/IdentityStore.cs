using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Pipeline.Tracker;

namespace Pipeline.Store;

/// <summary>
/// What is known of persons, on disk: tracklets, crops, features, identities, events and what waits for the broker. One process writes a
/// store at a time; others may read it meanwhile (<see cref="StoreReader"/>).
/// </summary>
/// <remarks>
/// SQLite with a write-ahead log and full synchronisation: <see cref="Commit"/> returns when the disk has it, and after a crash at any
/// moment a group is there whole or not at all. Safe to use from several threads.
/// </remarks>
public sealed partial class IdentityStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StoreSetup _setup;
    private readonly StoreLock _lock;
    private readonly SqliteConnection _connection;
    private readonly Outbox _outbox;
    private readonly CropFolder _crops;
    private readonly HashSet<Guid> _active = [];
    private long _lastSequence;
    private bool _disposed;

    private IdentityStore(StoreSetup setup, StoreLock taken, SqliteConnection connection)
    {
        _setup = setup;
        _lock = taken;
        _connection = connection;
        _crops = new CropFolder(setup.Path);
        StreamId = Guid.Parse(connection.ExecuteScalar<string>("SELECT value FROM meta WHERE key = 'stream_id'")!); // Initialise wrote it
        _lastSequence = connection.ExecuteScalar<long>("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'last_sequence'");
        SweptCrops = _crops.Sweep(sha256 => connection.ExecuteScalar<long>("SELECT EXISTS (SELECT 1 FROM crops WHERE sha256 = @sha256)", new { sha256 }) != 0);
        _outbox = new Outbox(setup, _gate, () => _lastSequence);
        Reader = StoreReader.Open(setup.Path);
    }

    /// <summary>Identity of the event stream; changes only when the database is made anew.</summary>
    public Guid StreamId { get; }

    /// <summary>The database, absolute.</summary>
    public string Database => _setup.Path;

    /// <summary>Folder of the crops, absolute.</summary>
    public string CropsFolder => _crops.Folder;

    /// <summary>Crops found on opening that no row names, left by a crash; they were deleted.</summary>
    public int SweptCrops { get; }

    /// <summary>What waits for the broker.</summary>
    public IOutbox Outbox => _outbox;

    /// <summary>Queries on this store. Ends with it.</summary>
    public StoreReader Reader { get; }

    /// <summary>One line for the user when something was given up, such as outbox rows at a limit; on the committing thread.</summary>
    public event Action<string>? Warned;

    /// <summary>Opens a store for writing, or makes it; removes crops that a crash left behind.</summary>
    /// <param name="setup">Where, for which site, and how.</param>
    /// <exception cref="StoreException">Another process writes to it (named), or it cannot be opened.</exception>
    /// <exception cref="InvalidDataException">The file is no identity store, has a newer schema, or belongs to another site.</exception>
    public static IdentityStore Open(StoreSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        setup = setup with { Path = Path.GetFullPath(setup.Path) };
        SqliteConnection? connection = null;
        StoreLock? taken = null;
        try
        {
            Files.CreateFolder(Path.GetDirectoryName(setup.Path)!); // a full path of a file has one
            taken = StoreLock.Take(setup.Path);
            connection = Connections.OpenWriting(setup.Path, durable: true);
            Migrations.Apply(connection, Migrations.Scripts, setup.Path);
            Initialise(connection, setup);
            return new IdentityStore(setup, taken, connection);
        }
        catch (Exception e)
        {
            connection?.Abandon();
            taken?.Dispose();
            switch (StoreReader.FromOpening(e, setup.Path) ?? StoreException.FromWriting(e, setup.Path))
            {
                case { } told:
                    throw told;
                default:
                    throw;
            }
        }
    }

    /// <summary>Begins a run.</summary>
    /// <param name="input">Folder, or URLs with their credentials masked.</param>
    /// <param name="output">Output folder.</param>
    /// <param name="modelId">Re-identification model in use.</param>
    /// <param name="settings">Settings in force, for the record.</param>
    public RunRecord BeginRun(string input, string output, string modelId, string settings)
    {
        DateTimeOffset now = _setup.Clock.GetUtcNow();
        RunRecord run = new(Guid.CreateVersion7(now), input, Path.GetFullPath(output), modelId, settings, now, null, RunOutcome.Running);
        Write(transaction => _connection.Execute(
            """
            INSERT INTO runs (id, input, output, model_id, settings, started_at, outcome)
            VALUES (@id, @Input, @Output, @ModelId, @Settings, @startedAt, 'running')
            """,
            new { id = run.Id.ToString(), run.Input, run.Output, run.ModelId, run.Settings, startedAt = StoreTime.Text(now) },
            transaction));
        Activate(run.Id);
        return run;
    }

    /// <summary>Goes on with a run.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="modelId">Re-identification model in use; must be the run's.</param>
    /// <returns>Where each camera goes on.</returns>
    /// <exception cref="InvalidDataException">There is no such run, or it was made with another model.</exception>
    public ResumePoint ResumeRun(Guid runId, string modelId)
    {
        ResumePoint point = Reader.ResumePoint(runId)
            ?? throw new InvalidDataException($"the store '{_setup.Path}' has no run {runId}. Start without --resume.");
        if (point.Run.ModelId != modelId)
        {
            throw new InvalidDataException(
                $"run {runId} was made with model {point.Run.ModelId}, got {modelId}. Resume with that model, or start a new run without --resume.");
        }

        Write(transaction => _connection.Execute(
            "UPDATE runs SET outcome = 'running', ended_at = NULL WHERE id = @id", new { id = runId.ToString() }, transaction));
        Activate(runId);
        return point with { Run = point.Run with { Outcome = RunOutcome.Running, EndedAt = null } };
    }

    /// <summary>Notes how a run ended. The tracker states of a finished one, which hold pixels, are deleted.</summary>
    /// <param name="run">The run.</param>
    /// <param name="outcome">Anything but <see cref="RunOutcome.Running"/>.</param>
    public void EndRun(RunRecord run, RunOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(run);
        string id = run.Id.ToString();
        Write(transaction =>
        {
            _connection.Execute(
                "UPDATE runs SET outcome = @outcome, ended_at = @at WHERE id = @id",
                new { id, outcome = RunRow.Word(outcome), at = StoreTime.Text(_setup.Clock.GetUtcNow()) },
                transaction);
            if (outcome == RunOutcome.Finished)
            {
                _connection.Execute("DELETE FROM checkpoints WHERE run_id = @id", new { id }, transaction);
            }

            _active.Remove(run.Id);
        });
    }

    /// <summary>
    /// Stores a group: crops to the disk first, then all else in one transaction. Tracklets stored before are skipped whole, so the
    /// same footage analysed again changes nothing.
    /// </summary>
    /// <param name="run">The run that made it.</param>
    /// <param name="group">Decisions, and the segments finished with them.</param>
    /// <returns>What was new, with its events.</returns>
    /// <exception cref="StoreException">The disk is full or fails; nothing of the group is stored.</exception>
    public CommittedGroup Commit(RunRecord run, LinkGroup group)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(group);
        List<StoredEvent> events = [];
        IReadOnlyList<Link> links = [];
        long dropped = 0;
        Write(transaction =>
        {
            CommitWriter writer = new(_connection, transaction, _setup, run, _crops);
            links = writer.Fresh(group.Links);
            events = writer.Write(links, group, new EventFactory(_setup, StreamId), _lastSequence);
            dropped = _setup.Publish ? _outbox.Add(_connection, transaction, events) : 0;
        });
        if (events.Count > 0)
        {
            _outbox.Wake();
        }

        if (dropped > 0)
        {
            Warned?.Invoke($"outbox: {dropped} unsent events given up, its limit is reached (store.outbox); is the broker away?");
        }

        return new CommittedGroup(group, links, events);
    }

    /// <summary>What linking needs to go on: identities of this model, and every tracklet decided, of whatever model.</summary>
    /// <param name="modelId">Model in use. Identities of other models are left out: <see cref="StoreReader.Models"/> counts them.</param>
    public GallerySnapshot LoadGallery(string modelId) => Reader.LoadGallery(modelId);

    /// <summary>Erases a person: crops, vectors, sightings, pictures in events, and queues the notice to receivers (mqtt.md 6).</summary>
    /// <param name="identityId">The person.</param>
    /// <param name="basis"><c>request</c> or <c>operator</c>.</param>
    /// <param name="actor">Who asked, for the audit log.</param>
    /// <param name="reason">Why, for the audit log.</param>
    /// <returns>What went; null when the identity is not known.</returns>
    /// <exception cref="ArgumentException">Another basis.</exception>
    /// <remarks>Footage of the person that is analysed again does not bring the erased tracklets back.</remarks>
    public ErasureResult? Erase(Guid identityId, string basis, string actor, string reason)
    {
        if (basis is not ("request" or "operator"))
        {
            throw new ArgumentException($"'request' or 'operator', got '{basis}'", nameof(basis));
        }

        ErasureResult? result = null;
        Removal removal = new(_connection, _setup);
        Write(transaction =>
        {
            result = removal.Erase(transaction, identityId, basis, actor, reason);
            if (result is not null && _setup.Publish)
            {
                _outbox.Add(_connection, transaction, result.Notice, _setup.Clock.GetUtcNow());
            }
        });
        Finish(removal, result is not null);
        return result;
    }

    /// <summary>Removes what is older than the settings allow, and tells receivers of persons that are gone with it.</summary>
    /// <param name="now">The present.</param>
    /// <param name="options">How long what is kept.</param>
    public PurgeResult Purge(DateTimeOffset now, RetentionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        PurgeResult result = new(0, 0, 0, 0);
        Removal removal = new(_connection, _setup);
        long unsent = 0;
        Write(transaction =>
        {
            (result, IReadOnlyList<ErasureNotice> notices) = removal.Purge(transaction, now, options, _active);
            unsent = _outbox.Reload(_connection, transaction);
            foreach (ErasureNotice notice in _setup.Publish ? notices : [])
            {
                _outbox.Add(_connection, transaction, notice, now);
            }
        });
        Finish(removal, result.Tracklets > 0);
        if (unsent > 0)
        {
            Warned?.Invoke($"outbox: {unsent} unsent events given up, they are older than retention.days; is the broker away?");
        }

        return result;
    }

    /// <summary>Queues again what the broker would not take.</summary>
    /// <returns>How many rows.</returns>
    public int ResendSetAside()
    {
        int count = 0;
        Write(transaction =>
        {
            count = _connection.Execute("UPDATE outbox SET set_aside_at = NULL, reason = NULL WHERE set_aside_at IS NOT NULL", transaction: transaction);
            _outbox.Reload(_connection, transaction);
        });
        _outbox.Wake();
        return count;
    }

    /// <summary>Closes the store and gives it free for other processes.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            Reader.Dispose();
            _outbox.Dispose();
            _connection.Abandon();
            _lock.Dispose();
        }
    }

    /// <summary>For tests of a full disk: the database may not grow beyond this.</summary>
    internal void LimitPages(long pages) => _connection.Execute($"PRAGMA max_page_count = {pages}");

    private static void Initialise(SqliteConnection connection, StoreSetup setup) => connection.InTransaction(transaction =>
    {
        connection.Execute(
            """
            INSERT OR IGNORE INTO meta (key, value) VALUES ('stream_id', @stream), ('site', @Site), ('last_sequence', '0'), ('outbox_dropped', '0');
            INSERT OR REPLACE INTO meta (key, value) VALUES ('writer', @writer)
            """,
            new { stream = Guid.NewGuid().ToString(), setup.Site, writer = Environment.ProcessId.ToString(CultureInfo.InvariantCulture) },
            transaction);
        string? site = connection.ExecuteScalar<string>("SELECT value FROM meta WHERE key = 'site'", transaction: transaction);
        if (site != setup.Site)
        {
            throw new InvalidDataException(
                $"the store '{setup.Path}' belongs to site '{site}', got site '{setup.Site}'. Set that site, or name another file with --store.");
        }
    });

    /// <summary>One transaction under the gate; what is only in memory follows the database, after success as after failure.</summary>
    private void Write(Action<SqliteTransaction> work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            SqliteTransaction? transaction = null;
            try
            {
                transaction = _connection.BeginTransaction();
                work(transaction);
                long last = _connection.ExecuteScalar<long>("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'last_sequence'", transaction: transaction);
                transaction.Commit(); // which disposes it, too
                _lastSequence = last;
                _outbox.Keep();
            }
            catch (Exception e)
            {
                _outbox.Forget();
                transaction?.Abandon();
                if (StoreException.FromWriting(e, _setup.Path) is { } told)
                {
                    throw told;
                }

                throw;
            }
        }
    }

    private void Activate(Guid runId)
    {
        lock (_gate)
        {
            _active.Add(runId);
        }
    }

    private void Finish(Removal removal, bool removed)
    {
        lock (_gate)
        {
            removal.DeleteCrops(_crops);
            if (removed)
            {
                _connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)"); // the log still holds what was erased
            }
        }

        _outbox.Wake();
    }
}
