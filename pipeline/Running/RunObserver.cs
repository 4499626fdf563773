using System.Diagnostics;
using System.Threading.Channels;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Store;
using Pipeline.Store.Mqtt;
using Pipeline.Tracker;

namespace Pipeline.Cli.Running;

/// <summary>Counts what a run decides, for everybody who watches it. Written by the last stage, read from any thread.</summary>
internal sealed class RunObserver
{
    private const int NewsKept = 8;

    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _identities = [];
    private readonly Queue<ProgressNews> _news = [];
    private readonly Dictionary<string, long> _eventsOfInterval = [];
    private readonly Stopwatch _sinceStats = Stopwatch.StartNew();
    private TimeSpan _cpuAtStats = Process.GetCurrentProcess().TotalProcessorTime;
    private long _newsNumber;

    private readonly StoreReader _store;
    private readonly StageMeters _meters;

    /// <summary>Starts from what a resumed run decided before.</summary>
    /// <param name="store">The store.</param>
    /// <param name="run">The run.</param>
    /// <param name="meters">What is measured.</param>
    public RunObserver(StoreReader store, Guid run, StageMeters meters)
    {
        _store = store;
        _meters = meters;
        foreach (SightingView sighting in store.Sightings(run))
        {
            Count(sighting.IdentityId, sighting.IsNew, sighting.Band == "uncertain");
        }
    }

    /// <summary>Tracklets decided.</summary>
    public int Tracklets { get; private set; }

    /// <summary>Tracklets too poor to be anybody.</summary>
    public int TooPoor { get; private set; }

    /// <summary>Decisions that were a new identity.</summary>
    public int NewIdentities { get; private set; }

    /// <summary>Decisions that joined a known identity.</summary>
    public int Matches { get; private set; }

    /// <summary>New identities that were nearly a match.</summary>
    public int Uncertain { get; private set; }

    /// <summary>Events written in this process.</summary>
    public long Events { get; private set; }

    /// <summary>Identities sighted in this run.</summary>
    public int Identities
    {
        get
        {
            lock (_gate)
            {
                return _identities.Count;
            }
        }
    }

    /// <summary>Time worked by each stage that is measured.</summary>
    public IReadOnlyList<StageTiming> Timings => [.. _meters.All.Where(m => m.Meter.Busy > TimeSpan.Zero).Select(m => new StageTiming(m.Name, m.Meter.Busy))];

    /// <summary>Told of every group that is on disk, on the last stage's thread.</summary>
    public event Action<CommittedGroup>? Committed;

    /// <summary>The latest lines of news, oldest first.</summary>
    public IReadOnlyList<ProgressNews> News
    {
        get
        {
            lock (_gate)
            {
                return [.. _news];
            }
        }
    }

    /// <summary>Last stage: reads what is committed until there is no more.</summary>
    /// <param name="input">Groups in order.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(ChannelReader<CommittedGroup> input, CancellationToken cancellationToken)
    {
        await foreach (CommittedGroup group in input.ReadAllAsync(cancellationToken))
        {
            Take(group);
        }
    }

    /// <summary>Counts a group that is on disk.</summary>
    /// <param name="group">The group.</param>
    public void Take(CommittedGroup group)
    {
        lock (_gate)
        {
            foreach (Link link in group.Links)
            {
                Count(link.IdentityId, link.IsNew, link.Decision?.Band == Band.Uncertain);
            }

            foreach (Correction correction in group.Group.Corrections)
            {
                _identities.Add(correction.IdentityId);
                if (correction.Kind == CorrectionKind.Merged)
                {
                    _identities.Remove(correction.PreviousIdentityId);
                }
            }

            Events += group.Events.Count;
            foreach (StoredEvent @event in group.Events)
            {
                _eventsOfInterval[@event.Type] = _eventsOfInterval.GetValueOrDefault(@event.Type) + 1;
            }

            long uncertain = group.Links.Count(link => link.Decision?.Band == Band.Uncertain);
            if (uncertain > 0)
            {
                _eventsOfInterval["uncertain"] = _eventsOfInterval.GetValueOrDefault("uncertain") + uncertain;
            }
        }

        Committed?.Invoke(group);
    }

    /// <summary>Adds a line of news.</summary>
    /// <param name="text">One line.</param>
    /// <param name="isProblem">Whether it is bad news.</param>
    public void Say(string text, bool isProblem = false)
    {
        lock (_gate)
        {
            _news.Enqueue(new ProgressNews(++_newsNumber, text, isProblem));
            while (_news.Count > NewsKept)
            {
                _news.Dequeue();
            }
        }
    }

    /// <summary>Statistics since the last call, for the broker.</summary>
    public SiteStats Stats()
    {
        using Process self = Process.GetCurrentProcess();
        TimeSpan cpu = self.TotalProcessorTime;
        StoreCounts known = _store.Counts();
        lock (_gate)
        {
            SiteStats stats = new()
            {
                CpuPercent = Math.Round(100 * (cpu - _cpuAtStats) / _sinceStats.Elapsed / Environment.ProcessorCount, 1),
                MemoryMb = self.WorkingSet64 >> 20,
                Stages = _meters.All.Select(m => (m.Name, Stats: m.Meter.Stats())).Where(m => m.Stats is not null).ToDictionary(m => m.Name, m => m.Stats!),
                Identities = known.Identities,
                Tracklets = known.Tracklets,
                Events = new Dictionary<string, long>(_eventsOfInterval),
            };
            _cpuAtStats = cpu;
            _sinceStats.Restart();
            _eventsOfInterval.Clear();
            return stats;
        }
    }

    private void Count(Guid? identity, bool isNew, bool uncertain)
    {
        Tracklets++;
        if (identity is not { } id)
        {
            TooPoor++;
            return;
        }

        _identities.Add(id);
        NewIdentities += isNew ? 1 : 0;
        Matches += isNew ? 0 : 1;
        Uncertain += uncertain ? 1 : 0;
    }
}
