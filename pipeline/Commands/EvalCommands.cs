using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Running;
using Pipeline.Cli.Summary;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline eval tracklets</c>.</summary>
internal sealed class EvalTrackletsCommand : PipelineCommand
{
    private readonly Argument<string> _run = new("run") { Description = "Output folder of a run that was made with --run.tracks true." };

    private readonly Option<string> _truth = new("--truth")
    {
        Description = "Folder with CAMERA/SEGMENT.gt.txt, MOTChallenge text: frame (from 1), id, left, top, width, height.", HelpName = "FOLDER", Required = true,
    };

    private readonly Option<string?> _persons = new("--persons")
    {
        Description = "CSV with columns person and track: which ids of the truth are one person. Default: every id is one.", HelpName = "FILE",
    };

    /// <summary>Makes the command.</summary>
    public EvalTrackletsCommand()
        : base("tracklets", "Holds tracks and identities of a run against ground truth: tracking scores, right, wrong and missed links.")
    {
        Add(_run);
        Add(_truth);
        Add(_persons);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline run recordings --output out --run.tracks true    # first",
        "pipeline eval tracklets out --truth recordings            # recordings/entrance/0800.gt.txt beside 0800.mp4",
        "pipeline eval tracklets out --truth truth --persons persons.csv",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        TrackletVerdict verdict = TrackletJudge.Judge(call.Get(_run)!, call.Get(_truth)!, call.Get(_persons));
        await call.Output.WriteLineAsync(call.Json ? SummaryJson.Line(new { type = "verdict", verdict }) : Text(verdict));
        return ExitCode.Fine;
    }

    private static string Text(TrackletVerdict verdict) => string.Create(CultureInfo.InvariantCulture, $"""
        tracks      HOTA {verdict.Tracking.Hota.Mean:0.000}  MOTA {verdict.Tracking.Clear.Mota:0.000}  IDF1 {verdict.Tracking.Identity.Idf1:0.000}  switches {verdict.Tracking.Clear.IdentitySwitches}
        tracklets   {verdict.Tracklets}, of which {verdict.Agreement.Tracklets} of {verdict.Agreement.Persons} persons, {verdict.Mixed} mixed of two
        identities  {verdict.Agreement.Identities} of persons, {verdict.Links.FalseIdentities} of nobody; pairs precision {verdict.Agreement.PairPrecision:0.000}, recall {verdict.Agreement.PairRecall:0.000}; IDF1 {verdict.Agreement.Idf1:0.000}
        links across cameras   {Counts(verdict.Links.AcrossCameras)}
        links within a camera  {Counts(verdict.Links.SameCamera)}
        """);

    private static string Counts(LinkCounts counts) => string.Create(CultureInfo.InvariantCulture, $"{counts.Right} right, {counts.Wrong} wrong, {counts.Missed} missed");
}
