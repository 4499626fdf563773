using System.Diagnostics;
using System.Threading.Channels;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Running;
using Pipeline.Cli.Terminal;
using Pipeline.Reid;

namespace Pipeline.Cli.Benchmarks;

/// <summary><c>pipeline benchmark embed</c>.</summary>
internal sealed class EmbedBenchmarkCommand()
    : BenchmarkCommand("embed", "The embedder's stage against its bare session on the same crops; aim 0.9 of its speed.", "--reid-model", "--threads", "--device")
{
    private const int Clips = 8;
    private const int CropsPerClip = 8;
    private const int Turns = 5;

    /// <inheritdoc/>
    public override string Needs => "nothing; rga-sc-compact unless --reid-model names another";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline benchmark embed", "pipeline benchmark embed --reid-model osnet.onnx", "pipeline benchmark embed --reid-model colour"];

    /// <inheritdoc/>
    protected override IReadOnlyList<SettingFlag> Given { get; } = [new("reid.model", "rga-sc-compact", "benchmark")];

    /// <inheritdoc/>
    protected override async Task<DataTable> MeasureAsync(Call call, LoadedSettings<Settings> settings, CancellationToken cancellationToken)
    {
        using IEmbedder embedder = Running.Models.OpenEmbedder(settings, []);
        Random random = new(1);
        CropSet[] clips = [.. Enumerable.Range(0, Clips).Select(i => new CropSet(i, [.. Enumerable.Range(0, CropsPerClip).Select(_ => CropOf(random))]))];
        int crops = Clips * CropsPerClip;
        (double stage, double bare) = (double.MaxValue, double.MaxValue);
        for (int turn = 0; turn < Turns; turn++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            stage = Math.Min(stage, await StageAsync(embedder, settings.Value.Reid, clips));
            if (embedder is OnnxEmbedder network)
            {
                long start = Stopwatch.GetTimestamp();
                network.RunBare(crops * (network.Mirrors ? 2 : 1));
                bare = Math.Min(bare, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        bool compared = embedder is OnnxEmbedder;
        DataTable table = new("model", "crops", "stage ms a crop", "bare ms a crop", "of bare");
        table.Add(embedder.ModelId, crops, stage / crops, compared ? bare / crops : null, compared ? bare / stage : null);
        return table;
    }

    private static async Task<double> StageAsync(IEmbedder embedder, ReidOptions options, CropSet[] clips)
    {
        Channel<CropSet> input = Channel.CreateUnbounded<CropSet>();
        Channel<ClipFeature> output = Channel.CreateUnbounded<ClipFeature>();
        foreach (CropSet clip in clips)
        {
            input.Writer.TryWrite(clip);
        }

        input.Writer.Complete();
        long start = Stopwatch.GetTimestamp();
        await new EmbedStage(embedder, options).RunAsync(input.Reader, output.Writer, CancellationToken.None);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    // As large as people are at the usual distance of a camera.
    private static Crop CropOf(Random random)
    {
        const int width = 90;
        const int height = 220;
        byte[] pixels = new byte[3 * width * height];
        random.NextBytes(pixels);
        return new Crop(new Picture(width, height, pixels), DateTimeOffset.UnixEpoch, 1);
    }
}
