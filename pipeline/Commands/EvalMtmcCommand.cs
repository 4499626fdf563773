using System.CommandLine;
using Pipeline.Cli.Running;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline eval mtmc</c>.</summary>
internal sealed class EvalMtmcCommand : PipelineCommand
{
    private readonly Option<string> _truth = new("--truth")
    {
        Description = "Folder with CAMERA.gt.txt, CAMERA/gt.txt or CAMERA/SEGMENT.gt.txt, MOTChallenge text; an id is one person in all cameras.", HelpName = "FOLDER", Required = true,
    };

    private readonly Option<string> _result = new("--result")
    {
        Description = "Folder with CAMERA.txt or CAMERA/SEGMENT.txt in the same form, or the output folder of a run made with --run.tracks true.", HelpName = "FOLDER", Required = true,
    };

    private readonly Option<int?> _length = new("--length") { Description = "Number of frames of each recording; default: seqLength of seqinfo.ini, else the truth's last frame.", HelpName = "N" };

    /// <summary>Makes the command.</summary>
    public EvalMtmcCommand()
        : base("mtmc", "Holds identities over all cameras against ground truth: one identity space, scores per camera, per camera pair and per person.")
    {
        Add(_truth);
        Add(_result);
        Add(_length);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline run site --output out --run.tracks true && pipeline eval mtmc --truth site --result out",
        "pipeline eval mtmc --truth truth --result linked           # files of any tracker and linker",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Get(_length) is < 1 and int wrong)
        {
            throw new InvalidDataException($"--length: 1 or more frames, got {wrong}. Correct it.");
        }

        (string truth, string result) = (call.Get(_truth)!, call.Get(_result)!); // both are required
        MotSequences pairs = RunIdentities.Read(new MotSequenceReader(call.Get(_length)), truth, result);
        SiteScores scores = SiteScores.Of(pairs.Sequences);
        if (call.Json)
        {
            await call.Output.WriteLineAsync(SummaryJson.Line(new { type = "site_scores", scores }));
        }
        else
        {
            Show(call, scores);
        }

        return await ScoreTable.SayUnjudgedAsync(call, pairs);
    }

    private static void Show(Call call, SiteScores scores)
    {
        int frames = scores.Cameras.Sum(camera => camera.Frames);
        ScoreTable.Of(
        [
            .. scores.Cameras.Select(camera => (camera.Camera, camera.Frames, camera.Scores)), ("cameras apart", frames, scores.Apart), ("ALL CAMERAS", frames, scores.All),
        ]).Write(call.Terminal);
        DataTable pairs = new("cameras", "persons in both", "HOTA", "IDF1", "IDP", "IDR");
        foreach (CameraPairScores pair in scores.Pairs)
        {
            pairs.Add($"{pair.First} + {pair.Second}", pair.SharedPersons, 100 * pair.Hota, 100 * pair.Identity.Idf1, 100 * pair.Identity.Precision, 100 * pair.Identity.Recall);
        }

        if (pairs.Count > 0)
        {
            pairs.Write(call.Terminal);
        }

        DataTable persons = new("person", "boxes", "identity", "its boxes", "shared", "IDF1", "identities met");
        foreach (PersonScores person in scores.Persons)
        {
            persons.Add($"{person.Person}", person.Boxes, person.Identity is { } id ? $"{id}" : null, person.IdentityBoxes, person.Right, 100 * person.Idf1, person.Identities);
        }

        persons.Write(call.Terminal);
    }
}
