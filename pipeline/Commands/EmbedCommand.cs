using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Running;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Reid;
using Pipeline.Reid.Data;
using Pipeline.Reid.Weights;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline embed</c>.</summary>
internal sealed class EmbedCommand : SettingsCommand
{
    private readonly Argument<string> _folder = new("folder") { Description = "Folder of person pictures; folders in it are read too." };
    private readonly Option<string> _output = new("--output") { Description = "File to write (safetensors).", HelpName = "FILE", Required = true };

    /// <summary>Makes the command.</summary>
    public EmbedCommand()
        : base("embed", "Describes pictures of people: one unit vector each, as the tensor 'features' (N, D); their names are in the metadata.", "--reid-model", "--threads", "--device")
    {
        Add(_folder);
        Add(_output);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline embed crops --output crops.safetensors",
        "pipeline embed crops --output crops.safetensors --reid-model osnet.onnx",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        LoadedSettings<Settings> settings = Load(call);
        (string folder, string output) = (call.Get(_folder)!, call.Get(_output)!); // both are required
        string[] files = Pictures(folder);
        PrivateFile.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(output)) ?? "/"); // before the work, which would be lost
        List<RunNotice> notices = [];
        using IEmbedder embedder = Models.OpenEmbedder(settings, notices);
        notices.ForEach(notice => call.Error.WriteLine($"pipeline: {notice.Text}"));
        List<string> names = [];
        List<float> features = [];
        List<string> problems = [];
        int done = 0;
        Task work = Task.Run(() =>
        {
            foreach (string[] batch in files.Chunk(settings.Value.Reid.Batch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Embed(embedder, folder, batch, names, features, problems);
                Interlocked.Add(ref done, batch.Length);
            }
        }, cancellationToken);
        await new WorkProgress(call).WatchAsync(() => string.Create(CultureInfo.InvariantCulture, $"{Volatile.Read(ref done)} of {files.Length} pictures"), work);
        problems.ForEach(problem => call.Error.WriteLine($"pipeline: {TerminalText.Clean(problem)}"));
        SafetensorsFile.Write(
            output,
            [new("features", WeightTensor.Of([names.Count, embedder.Dimension], System.Runtime.InteropServices.CollectionsMarshal.AsSpan(features)))],
            new Dictionary<string, string> { ["model_id"] = embedder.ModelId, ["names"] = JsonSerializer.Serialize(names) });
        await call.Output.WriteLineAsync(call.Json
            ? SummaryJson.Line(new { path = output, pictures = names.Count, dimension = embedder.Dimension, model_id = embedder.ModelId, left_out = problems.Count })
            : $"{output}: {names.Count} vectors of {embedder.Dimension} by {embedder.ModelId}{(problems.Count > 0 ? $"; {problems.Count} pictures left out" : "")}");
        return problems.Count > 0 ? ExitCode.Losses : ExitCode.Fine;
    }

    private static string[] Pictures(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidDataException($"'{folder}': no such folder. Name a folder of pictures.");
        }

        string[] files = PictureFolder.Below(folder);
        return files.Length > 0 ? files : throw new InvalidDataException($"'{folder}' holds no pictures ({PictureFolder.Kinds}). Name another folder.");
    }

    private static void Embed(IEmbedder embedder, string folder, string[] files, List<string> names, List<float> features, List<string> problems)
    {
        List<(string File, Picture Picture)> pictures = [];
        foreach (string file in files)
        {
            try
            {
                pictures.Add((file, PictureIo.Read(file)));
            }
            catch (InvalidDataException e)
            {
                problems.Add(e.Message);
            }
        }

        float[] vectors = new float[pictures.Count * embedder.Dimension];
        embedder.Embed([.. pictures.Select(picture => picture.Picture)], vectors);
        for (int i = 0; i < pictures.Count; i++)
        {
            Span<float> vector = vectors.AsSpan(i * embedder.Dimension, embedder.Dimension);
            if (TemporalPooling.TryFinish(vector))
            {
                names.Add(Path.GetRelativePath(folder, pictures[i].File).Replace('\\', '/'));
                features.AddRange(vector);
            }
            else
            {
                problems.Add($"'{pictures[i].File}': {embedder.ModelId} gives no usable vector (NaN, infinity or zero). Check picture and model.");
            }
        }
    }
}
