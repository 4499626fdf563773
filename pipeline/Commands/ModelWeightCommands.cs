using System.CommandLine;
using System.Text.Json;
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
        if (!onnx.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidDataException($"'{onnx}': the ONNX file comes first, then the weights it was made from. Make one with 'pipeline model export'.");
        }

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

/// <summary><c>pipeline model wccn</c>.</summary>
internal sealed class ModelWccnCommand : PipelineCommand
{
    private readonly Argument<string> _from = new("weights") { Description = "Weights of a re-id network, .safetensors." };

    private readonly Option<string> _features = new("--features")
    {
        Description = "What 'pipeline embed FOLDER --reid-model weights' wrote of a folder person/camera/picture: people that the network may learn from.", HelpName = "FILE", Required = true,
    };

    private readonly Option<double> _shrinkage = new("--shrinkage")
    {
        Description = "How many times the mean variance is added to every direction's, above 0; more changes less.", DefaultValueFactory = _ => 10,
    };

    private readonly Option<string> _to = new("--output") { Description = "The .safetensors file to write.", HelpName = "FILE", Required = true };

    /// <summary>Makes the command.</summary>
    public ModelWccnCommand()
        : base("wccn", "Adds a matrix that plays down how features of one person differ between pictures (within-class covariance normalisation).")
    {
        Add(_from);
        Add(_features);
        Add(_shrinkage);
        Add(_to);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline embed people --reid-model mean.safetensors --output people.safetensors",
        "pipeline model wccn mean.safetensors --features people.safetensors --output wccn.safetensors",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        (string from, string to, double shrinkage) = (call.Get(_from)!, call.Get(_to)!, call.Get(_shrinkage)); // the files are required
        WeightPaths.Check(from, to, ".safetensors");
        if (shrinkage is not (> 0 and <= 1e6))
        {
            throw new InvalidDataException(FormattableString.Invariant($"--shrinkage: above 0, got {shrinkage}. 10 is usual."));
        }

        WeightFile weights = WeightFile.Read(from);
        ReidNetwork network = NetworkRecogniser.Recognise(weights);
        (string[] people, float[] features) = LabelledFeatures(call.Get(_features)!, network);
        float[] matrix = WithinPersonCovariance.Whitening(features, people, shrinkage);
        OrderedDictionary<string, WeightTensor> tensors = new(weights.Tensors)
        {
            [$"{ReidNetwork.MetricKey}.weight"] = WeightTensor.Of([network.FeatureLength, network.FeatureLength], matrix),
        };
        SafetensorsFile.Write(to, tensors, weights.Metadata);
        int persons = people.Distinct().Count();
        await call.Output.WriteLineAsync(call.Json
            ? SummaryJson.Line(new { path = to, pictures = people.Length, people = persons, shrinkage, bytes = new FileInfo(to).Length })
            : $"{to}: measured on {people.Length} pictures of {persons} people, {DataTable.Show(new FileInfo(to).Length)} bytes");
        return ExitCode.Fine;
    }

    private static (string[] People, float[] Features) LabelledFeatures(string path, ReidNetwork network)
    {
        WeightPaths.Exists(path);
        if (network.ServedBeforeNeck || network.Metric is not null)
        {
            throw new InvalidDataException($"{network.Name} {(network.Metric is null ? "is served before its neck" : "has such a matrix already")}: there is no place for one. Give weights as a training leaves them, of another network than adaptive-r50.");
        }

        WeightFile file = WeightFile.Read(path);
        if (!file.Tensors.TryGetValue("features", out WeightTensor? features) || features.Shape is not [long rows, long columns]
            || !file.Metadata.TryGetValue("names", out string? written) || JsonSerializer.Deserialize<string[]>(written) is not { } names || names.Length != rows)
        {
            throw new InvalidDataException($"'{path}': no features with the names of their pictures. Make them with 'pipeline embed'.");
        }

        if (columns != network.FeatureLength || !file.Metadata.GetValueOrDefault("model_id", "").StartsWith(network.Name, StringComparison.Ordinal))
        {
            throw new InvalidDataException(
                $"'{path}': features of {columns} numbers by {file.Metadata.GetValueOrDefault("model_id", "an unknown network")}, the weights are those of {network.Name} with {network.FeatureLength}. Embed with these weights.");
        }

        return ([.. names.Select(name => name.Split('/')[0])], features.ToSingles());
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
