using System.CommandLine;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Reid.Networks;
using Pipeline.Reid.Onnx;
using Pipeline.Reid.Weights;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline model import</c>.</summary>
internal sealed class ModelImportCommand : PipelineCommand
{
    private readonly Argument<string> _from = new("checkpoint") { Description = "A checkpoint of a published re-id network (.pth, .tar), or .safetensors." };
    private readonly Argument<string> _to = new("to") { Description = "The .safetensors file to write." };

    /// <summary>Makes the command.</summary>
    public ModelImportCommand()
        : base("import", "Reads a PyTorch checkpoint without running anything in it, and keeps its weights as safetensors.")
    {
        Add(_from);
        Add(_to);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline model import checkpoint_600.pth.tar rga_sc.safetensors"];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        (string from, string to) = (call.Get(_from)!, call.Get(_to)!); // both are required
        WeightPaths.Check(from, to, ".safetensors");
        ReidNetwork network = ModelFiles.Import(from, to);
        long bytes = new FileInfo(to).Length;
        await call.Output.WriteLineAsync(call.Json
            ? SummaryJson.Line(new { path = to, network = network.Name, input_height = network.Height, input_width = network.Width, classes = network.Classes, bytes })
            : $"{to}: {network.Name} at {network.Height} x {network.Width}, {network.Classes} training identities, {DataTable.Show(bytes)} bytes");
        return ExitCode.Fine;
    }
}

/// <summary><c>pipeline model export</c>.</summary>
internal sealed class ModelExportCommand : PipelineCommand
{
    private readonly Argument<string> _from = new("weights") { Description = "Weights of a re-id network: .safetensors, .pth or .tar." };
    private readonly Argument<string> _to = new("to") { Description = "The .onnx file to write." };

    private readonly Option<NetworkFeature?> _feature = new("--feature")
    {
        Description = "AfterNeck or BeforeNeck: which feature is the embedding. What the network was made for when left out.",
    };

    /// <summary>Makes the command.</summary>
    public ModelExportCommand()
        : base("export", "Writes the network that a weight file holds as ONNX.")
    {
        Add(_from);
        Add(_to);
        Add(_feature);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
        ["pipeline model export rga_sc.safetensors rga_sc.onnx", "pipeline model export checkpoint.pth.tar rga_sc.onnx --feature BeforeNeck"];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        (string from, string to) = (call.Get(_from)!, call.Get(_to)!); // both are required
        WeightPaths.Check(from, to, ".onnx");
        ModelFiles.ExportWeights(from, to, call.Get(_feature));
        long bytes = new FileInfo(to).Length;
        await call.Output.WriteLineAsync(call.Json ? SummaryJson.Line(new { path = to, bytes }) : $"{to}: {DataTable.Show(bytes)} bytes");
        return ExitCode.Fine;
    }
}

/// <summary><c>pipeline model verify</c>.</summary>
internal sealed class ModelVerifyCommand : PipelineCommand
{
    private readonly Argument<string> _onnx = new("onnx") { Description = "The .onnx file." };
    private readonly Argument<string> _weights = new("weights") { Description = "The weights it was made from." };

    /// <summary>Makes the command.</summary>
    public ModelVerifyCommand()
        : base("verify", "Compares an ONNX file on ONNX Runtime with its weights on libtorch; exit code 1 when they differ by more than rounding.")
    {
        Add(_onnx);
        Add(_weights);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline model verify rga_sc.onnx rga_sc.safetensors"];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        (string onnx, string weights) = (call.Get(_onnx)!, call.Get(_weights)!); // both are required
        WeightPaths.Exists(onnx);
        WeightPaths.Exists(weights);
        IReadOnlyList<OutputDeviation> rows = ModelVerification.Compare(onnx, weights);
        bool fine = rows.All(r => r.Deviation <= ModelVerification.Tolerance);
        if (call.Json)
        {
            await call.Output.WriteLineAsync(SummaryJson.Line(new { equal = fine, tolerance = ModelVerification.Tolerance, outputs = rows }));
        }
        else
        {
            foreach (OutputDeviation row in rows)
            {
                string word = row.Deviation <= ModelVerification.Tolerance ? "fine" : "too much";
                await call.Output.WriteLineAsync(FormattableString.Invariant(
                    $"{row.Output}: off by {row.Deviation:0.0e+0} of its largest value, {word} ({ModelVerification.Tolerance:0.0e+0} is allowed)"));
            }
        }

        return fine ? ExitCode.Fine : ExitCode.Losses;
    }
}

/// <summary><c>pipeline model average</c>.</summary>
internal sealed class ModelAverageCommand : PipelineCommand
{
    private readonly Argument<string[]> _from = new("weights")
    {
        Description = "Two or more weight files of one network, trained one from another.", Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _to = new("--output") { Description = "The .safetensors file to write.", HelpName = "FILE", Required = true };

    /// <summary>Makes the command.</summary>
    public ModelAverageCommand()
        : base("average", "Writes the mean of several weight files: what trainings that followed each other agree on, often better than the last.")
    {
        Add(_from);
        Add(_to);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
        ["pipeline model average second/weights.safetensors third/weights.safetensors --output mean.safetensors"];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        (string[] from, string to) = (call.Get(_from)!, call.Get(_to)!); // both are required
        foreach (string file in from)
        {
            WeightPaths.Check(file, to, ".safetensors");
        }

        WeightFile mean = WeightMean.Of([.. from.Select(WeightFile.Read)]);
        SafetensorsFile.Write(to, mean.Tensors, mean.Metadata);
        long bytes = new FileInfo(to).Length;
        await call.Output.WriteLineAsync(call.Json ? SummaryJson.Line(new { path = to, of = from, bytes }) : $"{to}: mean of {from.Length}, {DataTable.Show(bytes)} bytes");
        return ExitCode.Fine;
    }
}

/// <summary>What the commands on weight files ask of their paths.</summary>
internal static class WeightPaths
{
    internal static void Exists(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"'{path}': no such file. Check the path.");
        }
    }

    internal static void Check(string from, string to, string ending)
    {
        Exists(from);
        if (!to.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidDataException($"'{to}': {ending} is what is written. Give it that ending.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(to)) ?? "/");
    }
}
