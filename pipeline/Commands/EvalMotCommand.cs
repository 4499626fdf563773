using System.CommandLine;
using Pipeline.Cli.Summary;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline eval mot</c>.</summary>
internal sealed class EvalMotCommand : PipelineCommand
{
    private readonly Option<string> _truth = new("--truth")
    {
        Description = "MOTChallenge ground truth: a file, or a folder with NAME/gt/gt.txt, NAME/gt.txt, NAME.gt.txt or NAME.txt for each sequence.", HelpName = "PATH", Required = true,
    };

    private readonly Option<string> _result = new("--result") { Description = "Tracks in the same form: a file, or a folder with NAME.txt.", HelpName = "PATH", Required = true };
    private readonly Option<string?> _rules = new("--rules")
    {
        Description = "Which rows count: mot17 and mot20 leave out boxes on distractors, plain and mot15 count all. Default: mot17 where the truth has classes, else plain.",
        HelpName = "RULES",
    };

    private readonly Option<int?> _length = new("--length") { Description = "Number of frames; default: seqLength of seqinfo.ini beside the truth, else the truth's last frame.", HelpName = "N" };

    /// <summary>Makes the command.</summary>
    public EvalMotCommand()
        : base("mot", "Holds tracks of single cameras against ground truth: HOTA, CLEAR and Identity scores as TrackEval counts them.")
    {
        _rules.AcceptOnlyFromAmong("mot17", "mot20", "mot15", "plain");
        Add(_truth);
        Add(_result);
        Add(_rules);
        Add(_length);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline eval mot --truth MOT17-02/gt.txt --result tracks.txt --rules mot17",
        "pipeline eval mot --truth truth --result tracks          # folders: every sequence, and all of them pooled",
        "pipeline eval mot --truth gt.txt --result tracks.txt --json",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Get(_length) is < 1 and int wrong)
        {
            throw new InvalidDataException($"--length: 1 or more frames, got {wrong}. Correct it.");
        }

        MotSequences pairs = new MotSequenceReader(call.Get(_length)).Read(call.Get(_truth)!, call.Get(_result)!); // both are required
        MotRules rules = Rules(call.Get(_rules), pairs.Sequences);
        List<(string Name, int Frames, TrackingScores Scores)> rows = [];
        foreach (MotSequence sequence in pairs.Sequences)
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows.Add((sequence.Name, sequence.Length, Score(sequence, rules)));
        }

        if (rows.Count > 1)
        {
            rows.Add(("COMBINED", rows.Sum(row => row.Frames), TrackingScores.Combine([.. rows.Select(row => row.Scores)])));
        }

        if (call.Json)
        {
            foreach ((string name, int frames, TrackingScores scores) in rows)
            {
                await call.Output.WriteLineAsync(SummaryJson.Line(new { type = "scores", name, frames, rules, scores }));
            }
        }
        else
        {
            ScoreTable.Of(rows.Select(row => (row.Name, row.Frames, row.Scores))).Write(call.Terminal);
            await call.Output.WriteLineAsync($"in percent, counts apart; rules: {rules.ToString().ToLowerInvariant()}");
        }

        return await ScoreTable.SayUnjudgedAsync(call, pairs);
    }

    private static MotRules Rules(string? named, IReadOnlyList<MotSequence> sequences) => named switch
    {
        "mot17" => MotRules.Mot17,
        "mot20" => MotRules.Mot20,
        "mot15" or "plain" => MotRules.Mot15,
        _ => sequences.Any(sequence => ScoredSequence.RulesOf(sequence.Truth) == MotRules.Mot17) ? MotRules.Mot17 : MotRules.Mot15,
    };

    private static TrackingScores Score(MotSequence sequence, MotRules rules)
    {
        try
        {
            return TrackingScores.Of(ScoredSequence.Create(sequence.Truth, sequence.Found, sequence.Length, rules));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{sequence.Name}: {e.Message}", e);
        }
    }
}
