using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Report;
using Pipeline.Cli.Running;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Reid;
using Pipeline.Reid.Evaluation;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline eval reid</c>.</summary>
internal sealed class EvalReidCommand : SettingsCommand
{
    private const int ListsShown = 40;
    private const int AnswersShown = 10;

    private readonly Option<string> _data = new("--data")
    {
        Description = "Folder of pictures of people, with a manifest.csv or laid out as person/camera/picture.jpg.", HelpName = "FOLDER", Required = true,
    };

    private readonly Option<string?> _manifest = new("--manifest")
    {
        Description = "CSV with columns file, role (query or gallery), person, camera; default manifest.csv in the folder, if there is one.", HelpName = "FILE",
    };

    private readonly Option<string[]> _models = new("--reid-model")
    {
        Description = "What is measured: default, colour, a network of ours, an .onnx file, weights; several, with commas, side by side.",
        HelpName = "NAME|FILE[,...]",
        DefaultValueFactory = _ => ["default"],
    };

    private readonly Option<string> _protocol = new("--protocol")
    {
        Description = "picture, clip, hard (seen from the other side), or all that apply.", DefaultValueFactory = _ => "all",
    };

    private readonly Option<bool> _openSet = new("--open-set") { Description = "Report false matches against misses too: thresholds at stated rates, with intervals." };
    private readonly Option<double?> _rate = new("--rate") { Description = "A rate of false matches for --open-set, beside 10, 1, 0.1 and 0.01 %.", HelpName = "SHARE" };
    private readonly Option<string?> _report = new("--report") { Description = "Page to write: scores, open-set curves, ranked lists with pictures.", HelpName = "FILE.html" };
    private readonly Option<bool> _reRank = new("--rerank") { Description = "Rank by k-reciprocal re-ranking (k1 20, k2 6, lambda 0.3)." };
    private readonly Option<bool> _flip = new("--flip") { Description = "Embed each picture's mirror image too and take the mean." };

    private readonly Option<bool> _centre = new("--centre-cameras")
    {
        Description = "Take each camera's mean feature, over all of its pictures, off its features. Uses no identities; a run does not do this.",
    };

    /// <summary>Makes the command.</summary>
    public EvalReidCommand()
        : base("reid", "Scores models on labelled pictures of people: rank-k, mAP, mINP.", "--threads", "--device")
    {
        _protocol.AcceptOnlyFromAmong("picture", "clip", "hard", "all");
        Add(_data);
        Add(_manifest);
        Add(_models);
        Add(_protocol);
        Add(_flip);
        Add(_reRank);
        Add(_centre);
        Add(_openSet);
        Add(_rate);
        Add(_report);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline eval reid --data people                                        # the default model, every protocol that applies",
        "pipeline eval reid --data people --reid-model colour,default,mine.onnx  # side by side",
        "pipeline eval reid --data people --open-set --report people.html        # thresholds, and lists to look at",
        "pipeline eval reid --data people --centre-cameras                       # what is left when each camera's own look is taken off",
        "pipeline eval reid --data people --manifest test.csv --json             # rank1, rank5, rank10, map, minp as fractions",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        LoadedSettings<Settings> settings = Load(call);
        if (call.Get(_rate) is { } rate && rate is not (> 0 and < 1))
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"--rate is above 0 and below 1, got {rate}."));
        }

        IReadOnlyList<EvaluationPicture> pictures = EvaluationFolder.Read(call.Get(_data)!, call.Get(_manifest));
        PictureProtocol[] protocols = call.Get(_protocol) is { } one && Enum.TryParse(one, ignoreCase: true, out PictureProtocol named) ? [named] : Enum.GetValues<PictureProtocol>();
        List<ModelScore> scores = [];
        foreach (string model in call.Get(_models)!.SelectMany(names => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            ModelScore score = await ScoreAsync(call, settings, model, pictures, protocols, cancellationToken);
            scores.Add(score);
            if (call.Json)
            {
                await call.Output.WriteLineAsync(SummaryJson.Line(score.Record(call.Get(_data)!)));
            }
        }

        if (!call.Json)
        {
            ModelScore.Table(scores).Write(call.Terminal);
            if (scores.Exists(score => score.CamerasCentred))
            {
                await call.Output.WriteLineAsync("Cameras centred: each feature without the mean of all pictures, queries and gallery, of its camera. No identities are used, but no run of one picture after the other has that mean.");
            }

            scores.ForEach(score => score.OpenSet?.Table(score.Model).Write(call.Terminal));
            scores.ForEach(score => score.OpenSet?.HalvesTable(score.Model).Write(call.Terminal));
        }

        if (call.Get(_report) is { } page)
        {
            EvaluationPage.Write(page, call.Get(_data)!, scores);
        }

        return scores.Any(score => score.LeftOut > 0) ? ExitCode.Losses : ExitCode.Fine;
    }

    private async Task<ModelScore> ScoreAsync(
        Call call, LoadedSettings<Settings> settings, string model, IReadOnlyList<EvaluationPicture> pictures, PictureProtocol[] protocols, CancellationToken cancellationToken)
    {
        ReidOptions options = model == "default" ? Effective.Reid(settings) : settings.Value.Reid with { Model = model };
        using IEmbedder embedder = Embedders.Open(options with { Flip = options.Flip || call.Get(_flip) }, settings.Value.Run.Device, Effective.Threads(settings));
        if (embedder.Notice is { } notice)
        {
            await call.Error.WriteLineAsync($"pipeline: {embedder.ModelId}: {TerminalText.Clean(notice)}.");
        }

        bool byAttention = options.Pooling == ClipPooling.Attention && embedder.WeighsClips; // models without a head for clips beside one with it: the mean
        int done = 0;
        Task<PictureFeatures> work = Task.Run(() => PictureFeatures.Of(pictures, embedder, count => Volatile.Write(ref done, count), byAttention, cancellationToken), cancellationToken);
        await new WorkProgress(call).WatchAsync(() => string.Create(CultureInfo.InvariantCulture, $"{model}: {Volatile.Read(ref done)} of {pictures.Count} pictures"), work);
        PictureFeatures features = await work;
        foreach (string problem in features.Problems)
        {
            await call.Error.WriteLineAsync($"pipeline: {TerminalText.Clean(problem)}");
        }

        if (call.Get(_centre))
        {
            features = features with { Features = CameraCentring.Centred(features.Features, [.. features.Pictures.Select(picture => picture.Camera)]) };
        }

        ReRankingOptions? reRanking = call.Get(_reRank) ? new ReRankingOptions() : null;
        return new ModelScore(
            model,
            embedder.ModelId,
            (embedder as OnnxEmbedder)?.Mirrors ?? false,
            features.Pictures.Count,
            features.Problems.Count,
            reRanking is not null,
            PictureProtocols.Score(features.Features, features.Pictures, protocols, Effective.Threads(settings), reRanking, features.Taps),
            call.Get(_openSet) || call.Has(_rate) ? OpenSetReport.Of(features, call.Get(_rate)) : null,
            call.Get(_report) is null ? [] : RankedList.Of(features.Features, features.Pictures, ListsShown, AnswersShown))
        {
            CamerasCentred = call.Get(_centre),
        };
    }
}
