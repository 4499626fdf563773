using System.CommandLine;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Linking;
using Pipeline.Cli.Running;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Reid;
using Pipeline.Tracker;

namespace Pipeline.Cli.Benchmarks;

/// <summary><c>pipeline benchmark days</c>.</summary>
internal sealed class DaysBenchmarkCommand : BenchmarkCommand
{
    private const double Mega = 1 << 20;

    private readonly Argument<string> _source = new("source") { Description = "Output folder of a run, or a store." };
    private readonly Option<double> _hours = new("--hours") { Description = "How long.", HelpName = "H", DefaultValueFactory = _ => 24 };
    private readonly Option<double?> _every = new("--every") { Description = "Hours from one turn of the footage to the next; default its length.", HelpName = "H" };
    private readonly Option<double> _strangers = new("--strangers") { Description = "Share of the people who are somebody new on each turn.", HelpName = "SHARE", DefaultValueFactory = _ => 0.2 };
    private readonly Option<int> _rows = new("--rows") { Description = "Rows of the table.", HelpName = "N", DefaultValueFactory = _ => 24 };
    private readonly Option<string?> _plot = new("--plot") { Description = "Picture of the table to write.", HelpName = "FILE.svg" };

    /// <summary>Makes the command.</summary>
    public DaysBenchmarkCommand()
        : base("days", "Cost and memory of linking over days: the tracklets of a run over and over, later each time.", "no short flag")
    {
        Add(_source);
        Add(_hours);
        Add(_every);
        Add(_strangers);
        Add(_rows);
        Add(_plot);
    }

    /// <inheritdoc/>
    public override string Needs => "a run";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline benchmark days out --plot days.svg                       # 24 hours, a fifth of the people new each time",
        "pipeline benchmark days out --hours 72 --every 24 --strangers 0   # the same people on three days",
        "pipeline benchmark days out --set linker.forget_after_ms=21600000 # forgotten after six hours",
    ];

    /// <inheritdoc/>
    protected override Task<DataTable> MeasureAsync(Call call, LoadedSettings<Settings> settings, CancellationToken cancellationToken)
    {
        string source = call.Get(_source)!; // required
        StoredTracks stored = StoredTracks.Read(source) ?? throw new InvalidDataException($"'{source}' is no output folder of a run and no store. Name one.");
        if (stored.Tracklets.Count == 0)
        {
            throw new InvalidDataException($"'{source}': the run has no tracklets. Name another.");
        }

        TimeSpan length = RepeatedFootage.Length(stored.Tracklets);
        TimeSpan every = call.Get(_every) is { } hours ? TimeSpan.FromHours(hours) : length;
        if (every < length || call.Get(_hours) is not (> 0 and < 1e5) || call.Get(_rows) < 1 || call.Get(_strangers) is not (>= 0 and <= 1))
        {
            throw new InvalidDataException($"--every from {length.TotalHours:0.###} on (the footage is that long), --hours above 0, --rows from 1, --strangers 0 to 1 are needed. Correct them.");
        }

        int turns = (int)Math.Ceiling(TimeSpan.FromHours(call.Get(_hours)) / every);
        RepeatedFootage footage = new(stored.Tracklets, stored.Linked, every, call.Get(_strangers));
        Linker linker = new(Effective.Linker(settings), stored.Model.DefaultThreshold, GallerySnapshot.Empty, defaultSameCameraExtra: stored.Model.DefaultSameCameraExtra);
        DataTable table = new("hours", "tracklets", "identities", "prototypes", "sightings", "as at first %", "ms a tracklet", "managed MB", "resident MB");
        List<double[]> rows = [];
        FirstTurn first = new();
        int rowsWanted = Math.Min(call.Get(_rows), turns);
        for (int row = 0; row < rowsWanted; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (int from, int to) = ((int)((long)row * turns / rowsWanted), (int)((row + 1L) * turns / rowsWanted));
            (TimeSpan spent, int tracklets, double same) = Link(linker, footage, first, from, to);
            double[] numbers =
            [
                (to * every).TotalHours, tracklets, linker.Gallery.Count, linker.Gallery.PrototypeCount, linker.Gallery.SightingCount, 100 * same,
                spent.TotalMilliseconds / Math.Max(1, tracklets), GC.GetTotalMemory(forceFullCollection: true) / Mega, Environment.WorkingSet / Mega,
            ];
            rows.Add(numbers);
            table.Add([.. numbers.Select((number, column) => column is > 0 and < 5 ? (object)(long)number : number)]);
        }

        if (call.Get(_plot) is { } plot)
        {
            PrivateFile.Write(plot, writer => DaysPlot.Write(writer, rows));
        }

        return Task.FromResult(table);
    }

    private static (TimeSpan Spent, int Tracklets, double Same) Link(Linker linker, RepeatedFootage footage, FirstTurn first, int from, int to)
    {
        TimeSpan spent = TimeSpan.Zero; // processor time: a busy machine counts for nothing
        (int tracklets, int regulars, int same) = (0, 0, 0);
        for (int turn = from; turn < to; turn++)
        {
            List<(Guid Regular, Guid Identity)> seen = [];
            foreach (IGrouping<long, (ClipFeature Clip, Guid? Regular)> moment in footage.Turn(turn).GroupBy(one => ((Tracklet)one.Clip.Key).At.UtcTicks / TimeSpan.TicksPerSecond))
            {
                Dictionary<Guid, Guid?> regular = moment.ToDictionary(one => ((Tracklet)one.Clip.Key).Id, one => one.Regular);
                ClipFeature[] clips = [.. moment.Select(one => one.Clip)];
                TimeSpan start = Environment.CpuUsage.TotalTime;
                IReadOnlyList<Link> links = linker.Decide(clips);
                (IReadOnlyList<Correction> corrections, _) = linker.TakeCorrections();
                linker.TakeLearned();
                spent += Environment.CpuUsage.TotalTime - start;
                tracklets += links.Count;
                seen.AddRange(links.Where(link => link.IdentityId is not null && regular[link.Tracklet.Id] is not null).Select(link => (regular[link.Tracklet.Id]!.Value, link.IdentityId!.Value)));
                first.Follow(corrections);
            }

            regulars += seen.Count;
            same += seen.Count(one => first.Same(one.Regular, one.Identity));
        }

        return (spent, tracklets, regulars == 0 ? 1 : (double)same / regulars);
    }

    /// <summary>Whom each tracklet was on the first turn on which it came, under the names of today.</summary>
    private sealed class FirstTurn
    {
        private readonly Dictionary<Guid, Guid> _identities = [];
        private readonly Dictionary<Guid, Guid> _heirs = [];

        internal void Follow(IReadOnlyList<Correction> corrections)
        {
            foreach (Correction merged in corrections.Where(one => one.Kind == CorrectionKind.Merged))
            {
                _heirs[merged.PreviousIdentityId] = merged.IdentityId;
            }
        }

        internal bool Same(Guid regular, Guid identity) => _identities.TryAdd(regular, identity) || Now(_identities[regular]) == Now(identity);

        private Guid Now(Guid identity) => _heirs.TryGetValue(identity, out Guid heir) ? Now(heir) : identity;
    }
}
