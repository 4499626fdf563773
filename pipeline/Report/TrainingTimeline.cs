using Pipeline.Reid.Training;

namespace Pipeline.Cli.Report;

/// <summary>A curve: points with the step they belong to, over all stages.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Points">Step and value, in order of steps.</param>
/// <param name="Marked">Drawn with a dot at each point.</param>
internal sealed record Curve(string Name, IReadOnlyList<(double Step, double Value)> Points, bool Marked = false);

/// <summary>Turns a log into curves over the steps of all stages; many steps become the mean of some hundred stretches.</summary>
internal sealed class TrainingTimeline
{
    private const int MostPoints = 400;

    private readonly TrainingLog _log;
    private readonly Dictionary<int, int> _before = [];

    /// <summary>Lays the stages one after the other.</summary>
    public TrainingTimeline(TrainingLog log)
    {
        _log = log;
        int steps = 0;
        foreach (IGrouping<int, TrainingStep> stage in log.Steps.GroupBy(s => s.Stage).OrderBy(g => g.Key))
        {
            _before[stage.Key] = steps;
            steps += stage.Max(s => s.Step);
        }

        Steps = Math.Max(1, steps);
    }

    /// <summary>Steps of all stages.</summary>
    public int Steps { get; }

    /// <summary>Where a stage begins, the first left out.</summary>
    public IEnumerable<int> Borders => _before.Values.Where(b => b > 0);

    /// <summary>A curve of what every step gave.</summary>
    public Curve Of(string name, Func<TrainingStep, double> value)
    {
        int stretch = Math.Max(1, (_log.Steps.Count + MostPoints - 1) / MostPoints);
        return new Curve(name, [.. _log.Steps.Chunk(stretch).Select(c => (c.Average(s => (double)At(s.Stage, s.Step)), c.Average(value)))]);
    }

    /// <summary>A curve of scores.</summary>
    public Curve Scores(string name, Func<ValidationScore, double> value) =>
        new(name, [.. _log.Scores.Select(s => ((double)At(s.Stage, s.Step), value(s)))], Marked: true);

    /// <summary>A curve for each factor of adaptive L2.</summary>
    public IReadOnlyList<Curve> Factors()
    {
        int stretch = Math.Max(1, (_log.Factors.Count + 99) / 100);
        RegularisationFactors[] some = [.. _log.Factors.Where((_, i) => i % stretch == 0 || i == _log.Factors.Count - 1)];
        return [.. _log.FactorNames.Select((name, i) => new Curve(name, [.. some.Select(f => ((double)At(f.Stage, f.Step), (double)f.Factors[i]))]))];
    }

    private int At(int stage, int step) => _before.GetValueOrDefault(stage) + step;
}
