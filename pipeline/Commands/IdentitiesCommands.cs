using System.CommandLine;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Running;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Reid;
using Pipeline.Store;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline identities list</c>.</summary>
internal sealed class IdentitiesListCommand() : StoreCommand("list", "Lists the people that a store knows.")
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline identities list                              # of the latest run",
        "pipeline identities list --store people.db --json",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        using StoreReader reader = StoreReader.Open(PathOf(Load(call)));
        IReadOnlyList<Store.IdentitySummary> people = reader.Identities();
        bool named = people.Any(person => person.Label is not null);
        string[] columns = ["identity", "sightings", "cameras", "first seen", "last seen", "model"];
        DataTable table = new(named ? [.. columns, "label"] : columns);
        foreach (Store.IdentitySummary person in people)
        {
            if (call.Json)
            {
                await call.Output.WriteLineAsync(SummaryJson.Line(person));
            }

            object?[] cells = [person.Id.ToString(), person.Sightings, string.Join(", ", person.Cameras), Moment(person.FirstSeenAt), Moment(person.LastSeenAt), person.ModelId.Split('@')[0]];
            table.Add(named ? [.. cells, person.Label] : cells);
        }

        if (!call.Json)
        {
            table.Write(call.Terminal);
            await call.Output.WriteLineAsync($"{people.Count} identities. Times are UTC; those with + count from the start of cameras without a clock.");
        }

        return ExitCode.Fine;
    }
}

/// <summary><c>pipeline identities show</c>.</summary>
internal sealed class IdentitiesShowCommand : StoreCommand
{
    private readonly Argument<string> _id = new("id") { Description = "An identity, or the beginning or end of its id." };

    /// <summary>Makes the command.</summary>
    public IdentitiesShowCommand()
        : base("show", "Shows where and when a person was seen, and the pictures of it.") => Add(_id);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline identities show 3f9c", "pipeline identities show 3f9c --json"];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        using StoreReader reader = StoreReader.Open(PathOf(Load(call)));
        IdentityDetail person = reader.Identity(Resolve(reader, call.Get(_id)!))!; // it was just found
        if (call.Json)
        {
            await call.Output.WriteLineAsync(SummaryJson.Line(person));
            return ExitCode.Fine;
        }

        await call.Output.WriteLineAsync($"{person.Summary.Id}{(person.Summary.Label is { } label ? $", {TerminalText.Clean(label)}" : "")}, by {person.Summary.ModelId}");
        DataTable table = new("tracklet", "camera", "from", "to", "similarity", "band", "detections", "crop");
        foreach (SightingView seen in person.Sightings)
        {
            CropView? best = seen.Crops.FirstOrDefault(crop => crop.IsBest) ?? (seen.Crops.Count > 0 ? seen.Crops[0] : null);
            table.Add(seen.TrackletId.ToString()[^8..], seen.Camera, Moment(seen.StartAt), Moment(seen.EndAt), seen.Similarity, seen.IsNew ? "new" : seen.Band, seen.Detections, best is null ? null : Path.GetRelativePath(".", best.Path));
        }

        table.Write(call.Terminal);
        return ExitCode.Fine;
    }
}

/// <summary><c>pipeline identities search</c>.</summary>
internal sealed class IdentitiesSearchCommand : StoreCommand
{
    private readonly Argument<string> _picture = new("picture") { Description = "A picture of one person, cut out." };
    private readonly Option<int> _limit = new("--limit") { Description = "Show at most so many.", HelpName = "N", DefaultValueFactory = _ => 5 };

    /// <summary>Makes the command.</summary>
    public IdentitiesSearchCommand()
        : base("search", "Finds the people who look most like a picture.", "--reid-model", "--device", "--threads")
    {
        Add(_picture);
        Add(_limit);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline identities search somebody.jpg",
        "pipeline identities search somebody.jpg --store people.db --reid-model osnet.onnx     # the model that the store was made with",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        LoadedSettings<Settings> settings = Load(call);
        int limit = call.Get(_limit);
        if (limit < 1)
        {
            throw new InvalidDataException($"--limit from 1 is needed, got {limit}. Correct it.");
        }

        Picture picture = PictureIo.Read(call.Get(_picture)!); // required
        using StoreReader reader = StoreReader.Open(PathOf(settings));
        using IEmbedder embedder = Models.OpenEmbedder(settings, []);
        IReadOnlyList<ModelUse> models = reader.Models();
        if (models.Count > 0 && models.All(model => model.ModelId != embedder.ModelId))
        {
            throw new InvalidDataException(
                $"the identities of this store were made with {string.Join(", ", models.Select(model => model.ModelId))}, the model chosen is {embedder.ModelId}: their similarities mean nothing. Choose the same with --reid-model.");
        }

        float[] feature = new float[embedder.Dimension];
        embedder.Embed([picture], feature);
        if (!TemporalPooling.TryFinish(feature))
        {
            throw new InvalidDataException($"'{call.Get(_picture)}': {embedder.ModelId} gives no usable vector for it. Try another picture.");
        }

        float threshold = settings.Value.Linker.Threshold ?? embedder.DefaultThreshold;
        DataTable table = new("identity", "similarity", "camera", "seen at", "");
        foreach (SearchHit hit in reader.Search(embedder.ModelId, feature, limit))
        {
            if (call.Json)
            {
                await call.Output.WriteLineAsync(SummaryJson.Line(hit));
            }

            table.Add(hit.IdentityId.ToString(), hit.Similarity, hit.Camera, Moment(hit.StartAt), hit.Similarity >= threshold ? "match" : "");
        }

        if (!call.Json)
        {
            table.Write(call.Terminal);
            await call.Output.WriteLineAsync(FormattableString.Invariant($"{embedder.ModelId}: a match from {threshold:0.00}{(embedder.Notice is { } notice ? $"; {notice}" : "")}."));
        }

        return ExitCode.Fine;
    }
}
