using System.CommandLine;
using Pipeline.Cli.Inspection;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Detector.Conversion;
using Pipeline.Reid.Onnx;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline model inspect</c>.</summary>
internal sealed class ModelInspectCommand : PipelineCommand
{
    private readonly Argument<string> _file = new("file") { Description = "An .onnx or .ort model, .safetensors or .pth weights, or the model.json of a TensorFlow.js model." };

    /// <summary>Makes the command.</summary>
    public ModelInspectCommand()
        : base("inspect", "Says what a model file holds and whether it can be used, as what.") => Add(_file);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline model inspect yolox_nano.onnx", "pipeline model inspect rga.pth.tar --json"];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        string file = call.Get(_file)!; // required
        if (!File.Exists(file))
        {
            throw new InvalidDataException($"'{file}': no such file. Check the path.");
        }

        ModelReport report = ModelInspection.Of(file);
        if (call.Json)
        {
            await call.Output.WriteLineAsync(SummaryJson.Line(report));
            return ExitCode.Fine;
        }

        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2)).AddColumn(new GridColumn().PadRight(0));
        foreach ((string key, string value) in report.Facts)
        {
            grid.AddRow(new Text(TerminalText.Clean(key)), new Text(TerminalText.Clean(value)));
        }

        call.Terminal.Write(grid);
        if (report.Tensors.Count > 0)
        {
            DataTable table = new(report.Container is "onnx" or "ort" ? "input or output" : "tensor", "type", "shape");
            foreach (TensorFact tensor in report.Tensors)
            {
                table.Add(tensor.Name, tensor.Type, tensor.Shape);
            }

            table.Write(call.Terminal);
        }

        return ExitCode.Fine;
    }
}

/// <summary><c>pipeline model convert</c>.</summary>
internal sealed class ModelConvertCommand : PipelineCommand
{
    private readonly Argument<string> _from = new("from") { Description = "The model.json of a TensorFlow.js graph model (a detector), or .pth, .tar or .safetensors weights of a re-id network." };
    private readonly Argument<string> _to = new("to") { Description = "The .onnx file to write." };

    /// <summary>Makes the command.</summary>
    public ModelConvertCommand()
        : base("convert", "Writes a model as ONNX, which is what runs are served from.")
    {
        Add(_from);
        Add(_to);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline model convert nanodet/model.json nanodet.onnx",
        "pipeline model convert rga_sc.pth.tar rga_sc.onnx",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        (string from, string to) = (call.Get(_from)!, call.Get(_to)!); // both are required
        if (!File.Exists(from))
        {
            throw new InvalidDataException($"'{from}': no such file. Check the path.");
        }

        if (!to.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidDataException($"'{to}': an .onnx file is what is written. Give it that ending.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(to)) ?? "/");
        switch (Path.GetExtension(from).ToLowerInvariant())
        {
            case ".json":
                TfjsGraphConverter.Convert(from, to);
                break;
            case ".pth" or ".pt" or ".tar" or ".safetensors":
                ModelFiles.ExportWeights(from, to);
                break;
            default:
                throw new InvalidDataException($"'{from}': .json, .pth, .tar or .safetensors is converted. Name such a file.");
        }

        await call.Output.WriteLineAsync(call.Json ? SummaryJson.Line(new { path = to, bytes = new FileInfo(to).Length }) : $"{to}: {DataTable.Show(new FileInfo(to).Length)} bytes");
        return ExitCode.Fine;
    }
}
