using Pipeline.Reid;

namespace Pipeline.Tracker.Evaluation;

/// <summary>Which rows of ground truth and tracker count.</summary>
public enum MotRules
{
    /// <summary>Every ground-truth row whose flag is not 0 counts, all tracker rows count. MOT15, and any data without MOT17's classes.</summary>
    Mot15,

    /// <summary>MOT16 and MOT17: tracker boxes on distractors (classes 2, 7, 8, 12) do not count, neither does ground truth other than pedestrians.</summary>
    Mot17,

    /// <summary>As <see cref="Mot17"/> with class 6 (non-motorised vehicle) among the distractors.</summary>
    Mot20,
}

/// <summary>One frame: who is in it by ground truth and by the tracker, and how alike the boxes are.</summary>
/// <param name="Truth">Ground-truth identities, renumbered from 0.</param>
/// <param name="Found">Tracker identities, renumbered from 0.</param>
/// <param name="Similarity">IoU, row-major (ground truth, tracker).</param>
public sealed record ScoredFrame(int[] Truth, int[] Found, double[] Similarity);

/// <summary>A sequence made ready for scoring: rows that do not count are gone, identities renumbered, similarities computed.</summary>
public sealed class ScoredSequence
{
    private const double Half = 0.5 - 2.220446049250313e-16; // as TrackEval: a pair at exactly one half counts

    private static readonly int[] s_distractors17 = [2, 7, 8, 12];
    private static readonly int[] s_distractors20 = [2, 6, 7, 8, 12];

    private ScoredSequence(IReadOnlyList<ScoredFrame> frames, int[] truthNames, int[] foundNames)
    {
        (Frames, TruthNames, FoundNames) = (frames, truthNames, foundNames);
        TruthBoxes = frames.Sum(frame => frame.Truth.Length);
        FoundBoxes = frames.Sum(frame => frame.Found.Length);
    }

    /// <summary>The frames in order.</summary>
    public IReadOnlyList<ScoredFrame> Frames { get; }

    /// <summary>Identities in the ground truth.</summary>
    public int TruthIds => TruthNames.Count;

    /// <summary>Identities in the tracker's output.</summary>
    public int FoundIds => FoundNames.Count;

    /// <summary>The ids that the ground truth has for the renumbered ones, ascending.</summary>
    public IReadOnlyList<int> TruthNames { get; }

    /// <summary>The ids that the tracker's output has for the renumbered ones, ascending.</summary>
    public IReadOnlyList<int> FoundNames { get; }

    /// <summary>Boxes in the ground truth.</summary>
    public int TruthBoxes { get; }

    /// <summary>Boxes in the tracker's output.</summary>
    public int FoundBoxes { get; }

    /// <summary>The rules that a truth is meant for: those with distractors where every row has a class, and some another than pedestrian.</summary>
    /// <param name="truth">Ground truth.</param>
    public static MotRules RulesOf(IReadOnlyList<MotRow> truth)
    {
        ArgumentNullException.ThrowIfNull(truth);
        return truth.Any(row => row.Class > 1) && !truth.Any(row => row.Class < 1) ? MotRules.Mot17 : MotRules.Mot15;
    }

    /// <summary>Prepares one sequence.</summary>
    /// <param name="truth">Ground truth, any order.</param>
    /// <param name="found">Tracker output, any order.</param>
    /// <param name="length">Number of frames.</param>
    /// <param name="rules">Which rows count.</param>
    /// <exception cref="InvalidDataException">A frame outside 1..length, an identity twice in a frame, or a tracker row of a class other than 1.</exception>
    public static ScoredSequence Create(IReadOnlyList<MotRow> truth, IReadOnlyList<MotRow> found, int length, MotRules rules)
    {
        if (found.Any(row => row.Class > 1))
        {
            throw new InvalidDataException("tracker output: class 1 or -1 is needed, got another one. Only persons are scored; leave other rows out.");
        }

        List<MotRow>[] truthByFrame = ByFrame(truth, length, "ground truth");
        List<MotRow>[] foundByFrame = ByFrame(found, length, "tracker output");
        AssignmentSolver solver = new();
        for (int frame = 0; frame < length; frame++)
        {
            DropUncounted(truthByFrame[frame], foundByFrame[frame], rules, solver);
        }

        return Renumber(truthByFrame, foundByFrame);
    }

    /// <summary>
    /// Puts cameras with one identity space behind one another: every (camera, frame) is one time step, identities keep their numbers
    /// (golden/mot, "Identity scores over several cameras").
    /// </summary>
    /// <param name="cameras">Ground truth, tracker output and number of frames of each camera.</param>
    public static ScoredSequence Concatenate(IEnumerable<(IReadOnlyList<MotRow> Truth, IReadOnlyList<MotRow> Found, int Length)> cameras) =>
        Join([.. cameras.Select(camera => Create(camera.Truth, camera.Found, camera.Length, MotRules.Mot15))]);

    /// <summary>Puts sequences that share their identities behind one another, without comparing boxes again.</summary>
    /// <param name="parts">The sequences.</param>
    public static ScoredSequence Join(IReadOnlyList<ScoredSequence> parts)
    {
        int[] truthNames = [.. parts.SelectMany(part => part.TruthNames).Distinct().Order()];
        int[] foundNames = [.. parts.SelectMany(part => part.FoundNames).Distinct().Order()];
        List<ScoredFrame> frames = new(parts.Sum(part => part.Frames.Count));
        foreach (ScoredSequence part in parts)
        {
            int[] truth = [.. part.TruthNames.Select(name => Array.BinarySearch(truthNames, name))];
            int[] found = [.. part.FoundNames.Select(name => Array.BinarySearch(foundNames, name))];
            frames.AddRange(part.Frames.Select(frame => new ScoredFrame(
                Array.ConvertAll(frame.Truth, id => truth[id]), Array.ConvertAll(frame.Found, id => found[id]), frame.Similarity)));
        }

        return new ScoredSequence(frames, truthNames, foundNames);
    }

    private static List<MotRow>[] ByFrame(IReadOnlyList<MotRow> rows, int length, string what)
    {
        List<MotRow>[] frames = [.. Enumerable.Range(0, length).Select(_ => new List<MotRow>())];
        foreach (MotRow row in rows)
        {
            if (row.Frame < 1 || row.Frame > length)
            {
                throw new InvalidDataException($"{what}: frames 1 to {length} are allowed, got {row.Frame}. Check that it belongs to this sequence.");
            }

            frames[row.Frame - 1].Add(row);
        }

        foreach (List<MotRow> frame in frames)
        {
            HashSet<int> seen = [];
            if (frame.FirstOrDefault(row => !seen.Add(row.Id)) is { Frame: > 0 } twice)
            {
                throw new InvalidDataException($"{what}: id {twice.Id} is twice in frame {twice.Frame}. Each id may have one box a frame.");
            }
        }

        return frames;
    }

    private static void DropUncounted(List<MotRow> truth, List<MotRow> found, MotRules rules, AssignmentSolver solver)
    {
        if (rules != MotRules.Mot15)
        {
            int[] distractors = rules == MotRules.Mot20 ? s_distractors20 : s_distractors17;
            HashSet<int> onDistractor = [];
            ReadOnlySpan<int> matches = solver.Solve(Overlapping(truth, found), truth.Count, found.Count);
            for (int row = 0; row < truth.Count; row++)
            {
                if (matches[row] >= 0 && distractors.Contains(truth[row].Class))
                {
                    onDistractor.Add(found[matches[row]].Id);
                }
            }

            found.RemoveAll(row => onDistractor.Contains(row.Id));
            truth.RemoveAll(row => row.Class != 1);
        }

        truth.RemoveAll(row => row.Confidence == 0);
    }

    private static Pairing[] Overlapping(List<MotRow> truth, List<MotRow> found)
    {
        List<Pairing> pairs = [];
        for (int row = 0; row < truth.Count; row++)
        {
            for (int column = 0; column < found.Count; column++)
            {
                if (truth[row].IoU(found[column]) is var similarity && similarity >= Half)
                {
                    pairs.Add(new Pairing(row, column, similarity));
                }
            }
        }

        return [.. pairs];
    }

    private static ScoredSequence Renumber(List<MotRow>[] truth, List<MotRow>[] found)
    {
        (int[] truthNames, int[] foundNames) = (Names(truth), Names(found));
        ScoredFrame[] frames = new ScoredFrame[truth.Length];
        for (int frame = 0; frame < frames.Length; frame++)
        {
            (List<MotRow> rows, List<MotRow> columns) = (truth[frame], found[frame]);
            double[] similarity = rows.Count * columns.Count == 0 ? [] : new double[rows.Count * columns.Count];
            for (int row = 0; row < rows.Count; row++)
            {
                for (int column = 0; column < columns.Count; column++)
                {
                    similarity[(row * columns.Count) + column] = rows[row].IoU(columns[column]);
                }
            }

            frames[frame] = new ScoredFrame(Numbers(rows, truthNames), Numbers(columns, foundNames), similarity);
        }

        return new ScoredSequence(frames, truthNames, foundNames);
    }

    private static int[] Names(List<MotRow>[] frames) => [.. frames.SelectMany(frame => frame).Select(row => row.Id).ToHashSet().Order()];

    private static int[] Numbers(List<MotRow> rows, int[] names) => [.. rows.Select(row => Array.BinarySearch(names, row.Id))];
}
