using System.Globalization;
using System.Text;

namespace Pipeline.Reid.Training;

/// <summary>What a training did, step by step, in CSV files that any tool reads: <c>training.csv</c>, <c>validation.csv</c>, <c>factors.csv</c>.</summary>
public sealed class TrainingLog : IDisposable
{
    private const string StepTitles = "stage,step,epoch,seconds,learning_rate,loss,identity,triplet,regularisation,accuracy";
    private const string ScoreTitles = "stage,step,rank1,map";

    private readonly string _folder;
    private readonly StreamWriter _steps;
    private readonly List<TrainingStep> _rows = [];
    private readonly List<ValidationScore> _scores = [];
    private readonly List<RegularisationFactors> _factors = [];

    /// <summary>Opens the log of a folder.</summary>
    /// <param name="folder">The output folder.</param>
    /// <param name="stage">With <paramref name="step"/>: what came later is left out, for a training that goes on from there. 0 and 0 begin anew.</param>
    /// <param name="step">As <paramref name="stage"/>.</param>
    /// <exception cref="InvalidDataException">A file of the log was changed by somebody else.</exception>
    public TrainingLog(string folder, int stage = 0, int step = 0)
    {
        ArgumentNullException.ThrowIfNull(folder);
        _folder = folder;
        bool Before(int ofStage, int ofStep) => ofStage < stage || (ofStage == stage && ofStep <= step);
        if (stage > 0 || step > 0)
        {
            (IReadOnlyList<TrainingStep> steps, IReadOnlyList<ValidationScore> scores) = Read(folder);
            _rows.AddRange(steps.Where(r => Before(r.Stage, r.Step)));
            _scores.AddRange(scores.Where(s => Before(s.Stage, s.Step)));
            (FactorNames, IReadOnlyList<RegularisationFactors> factors) = ReadFactors(folder);
            _factors.AddRange(factors.Where(f => Before(f.Stage, f.Step)));
        }

        WriteAll("training.csv", StepTitles, _rows.Select(Line));
        WriteAll("validation.csv", ScoreTitles, _scores.Select(Line));
        if (FactorNames.Count > 0)
        {
            WriteAll("factors.csv", FactorTitles, _factors.Select(Line));
        }

        _steps = new StreamWriter(Path.Combine(folder, "training.csv"), append: true) { AutoFlush = true };
    }

    /// <summary>Names of the tensors that adaptive L2 has factors for.</summary>
    public IReadOnlyList<string> FactorNames { get; private set; } = [];

    private string FactorTitles => $"stage,step,{string.Join(',', FactorNames)}";

    /// <summary>Steps so far.</summary>
    public IReadOnlyList<TrainingStep> Steps => _rows;

    /// <summary>Scores so far.</summary>
    public IReadOnlyList<ValidationScore> Scores => _scores;

    /// <summary>Factors of adaptive L2 so far.</summary>
    public IReadOnlyList<RegularisationFactors> Factors => _factors;

    /// <summary>Adds a step.</summary>
    public void Add(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        _rows.Add(step);
        _steps.Write(Line(step) + '\n');
    }

    /// <summary>Adds scores.</summary>
    public void Add(ValidationScore score)
    {
        ArgumentNullException.ThrowIfNull(score);
        _scores.Add(score);
        File.AppendAllText(Path.Combine(_folder, "validation.csv"), Line(score) + '\n');
    }

    /// <summary>Adds factors; the file is begun with the first.</summary>
    /// <param name="names">Names of the tensors.</param>
    /// <param name="factors">Their factors.</param>
    public void Add(IReadOnlyList<string> names, RegularisationFactors factors)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(factors);
        if (FactorNames.Count == 0)
        {
            FactorNames = names;
            WriteAll("factors.csv", FactorTitles, []);
        }

        _factors.Add(factors);
        File.AppendAllText(Path.Combine(_folder, "factors.csv"), Line(factors) + '\n');
    }

    /// <inheritdoc/>
    public void Dispose() => _steps.Dispose();

    /// <summary>Reads the log of a folder.</summary>
    /// <exception cref="InvalidDataException">A line is not as this program writes it.</exception>
    public static (IReadOnlyList<TrainingStep> Steps, IReadOnlyList<ValidationScore> Scores) Read(string folder) =>
    (
        [.. Lines(folder, "training.csv", 10).Select(n => new TrainingStep((int)n[0], (int)n[1], (int)n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9]))],
        [.. Lines(folder, "validation.csv", 4).Select(n => new ValidationScore((int)n[0], (int)n[1], n[2], n[3]))]
    );

    private static (IReadOnlyList<string> Names, IReadOnlyList<RegularisationFactors> Factors) ReadFactors(string folder)
    {
        string path = Path.Combine(folder, "factors.csv");
        string[] titles = File.Exists(path) ? (File.ReadLines(path).FirstOrDefault() ?? "").Split(',') : [];
        return titles.Length < 3 ? ([], []) : (
            titles[2..],
            [.. Lines(folder, "factors.csv", titles.Length).Select(n => new RegularisationFactors((int)n[0], (int)n[1], [.. n[2..].Select(f => (float)f)]))]);
    }

    // A line that a kill cut short is the last one, and has no line break.
    private static IEnumerable<double[]> Lines(string folder, string name, int columns)
    {
        string path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            yield break;
        }

        string text = File.ReadAllText(path);
        string[] lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach ((int at, string line) in lines.Index().Skip(1))
        {
            double[] numbers = [.. line.Split(',').Select(t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out double n) ? n : double.NaN)];
            yield return numbers.Length == columns
                ? numbers
                : throw new InvalidDataException($"{path}:{at + 1}: {columns} numbers are expected, got {numbers.Length}. Train into an empty folder.");
        }
    }

    private static string Line(TrainingStep s) => string.Create(
        CultureInfo.InvariantCulture,
        $"{s.Stage},{s.Step},{s.Epoch},{s.Seconds:0.###},{s.LearningRate:g7},{s.Loss:g9},{s.Identity:g9},{s.Triplet:g9},{s.Regularisation:g9},{s.Accuracy:0.#####}");

    private static string Line(ValidationScore s) =>
        string.Create(CultureInfo.InvariantCulture, $"{s.Stage},{s.Step},{s.Rank1:0.######},{s.MeanAveragePrecision:0.######}");

    private static string Line(RegularisationFactors f) => string.Create(
        CultureInfo.InvariantCulture, $"{f.Stage},{f.Step},{string.Join(',', f.Factors.Select(x => x.ToString("g6", CultureInfo.InvariantCulture)))}");

    private void WriteAll(string name, string titles, IEnumerable<string> lines) => AtomicFile.Write(Path.Combine(_folder, name), stream =>
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(titles);
        foreach (string line in lines)
        {
            writer.WriteLine(line);
        }
    });
}
