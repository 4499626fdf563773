using Pipeline.Detector.Onnx;

namespace Pipeline.Detector.Conversion;

/// <summary>What a TensorFlow.js graph model holds.</summary>
/// <param name="Operators">How many nodes there are of each operator.</param>
/// <param name="Outputs">Names of the outputs.</param>
/// <param name="Parameters">Values in its constants.</param>
/// <param name="Unknown">Operators that the converter does not know; empty when it can convert the model.</param>
public sealed record TfjsFacts(IReadOnlyDictionary<string, int> Operators, IReadOnlyList<string> Outputs, long Parameters, IReadOnlyList<string> Unknown);

/// <summary>
/// Turns a TensorFlow.js graph model into an ONNX model (opset 18) of free batch and picture size. It knows the operators of NanoDet-G and refuses
/// others by name. Sizes that the model holds as constants (of a resizing, of a list of cells) become shares of the picture's. Convolutions of
/// TensorFlow have their channels last, ONNX's come second: each is set between two transposes, and two transposes that undo each other are never written.
/// </summary>
public sealed class TfjsGraphConverter
{
    private static readonly long[] ToChannelsFirst = [0, 3, 1, 2];
    private static readonly long[] ToChannelsLast = [0, 2, 3, 1];
    private static readonly long[] PictureAxes = [2, 3];

    private readonly OnnxGraphWriter _graph = new();
    private readonly TfjsModel _model;
    private readonly Dictionary<string, TfjsTensor> _constants;
    private readonly Dictionary<string, string> _values = []; // name there -> name here
    private readonly Dictionary<string, int> _readers;
    private readonly Dictionary<string, long[]> _padded = []; // constant here -> sizes of a Pad
    private readonly Dictionary<string, long> _strides = []; // input pixels for one of the node's, where it is made of the picture
    private long[] _picture = []; // height and width that the model was written for
    private int _count;

    private TfjsGraphConverter(TfjsModel model)
    {
        _model = model;
        _constants = new(model.Weights);
        _readers = model.Nodes.Values.SelectMany(node => node.Inputs).GroupBy(Whole).ToDictionary(group => group.Key, group => group.Count());
    }

    /// <summary>Says what a model holds, without converting it.</summary>
    /// <param name="modelJson">The model.json; its weight files lie beside it.</param>
    /// <exception cref="InvalidDataException">A file is missing, or is no such model.</exception>
    public static TfjsFacts Inspect(string modelJson)
    {
        TfjsModel model = TfjsModel.Read(modelJson);
        HashSet<string> known = [.. new TfjsGraphConverter(model).Operators().Keys];
        return new TfjsFacts(
            model.Nodes.Values.GroupBy(node => node.Operator).OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count()),
            model.Outputs,
            model.Weights.Values.Sum(weight => (long)weight.Values.Length),
            [.. model.Nodes.Values.Select(node => node.Operator).Where(name => !known.Contains(name)).Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>Converts a model.</summary>
    /// <param name="modelJson">The model.json; its weight files lie beside it.</param>
    /// <param name="onnxPath">The file to write; replaced when it exists, and never left half written.</param>
    /// <exception cref="InvalidDataException">A file is missing, is no such model, or has operators that are not known; all of them are listed.</exception>
    public static void Convert(string modelJson, string onnxPath)
    {
        byte[] onnx = new TfjsGraphConverter(TfjsModel.Read(modelJson)).Convert(modelJson);
        string folder = Path.GetDirectoryName(Path.GetFullPath(onnxPath))!;
        Directory.CreateDirectory(folder);
        string part = Path.Combine(folder, $".{Path.GetFileName(onnxPath)}.{Environment.ProcessId}.part");
        File.WriteAllBytes(part, onnx);
        File.Move(part, onnxPath, overwrite: true);
    }

    private byte[] Convert(string path)
    {
        List<TfjsNode> order = InOrder(path);
        Dictionary<string, Action<TfjsNode>> known = Operators();
        string[] unknown = [.. order.Select(node => node.Operator).Where(name => !known.ContainsKey(name)).Distinct().Order(StringComparer.Ordinal)];
        if (unknown.Length > 0)
        {
            throw new InvalidDataException(
                $"cannot convert '{path}': operators that are not known: {string.Join(", ", unknown)}. Convert it with TensorFlow's own tools.");
        }

        try
        {
            foreach (TfjsNode node in order)
            {
                _strides[node.Name] = Stride(node);
                known[node.Operator](node);
            }
        }
        catch (KeyNotFoundException e)
        {
            throw new InvalidDataException($"cannot convert '{path}': {e.Message} The file is not whole, or a constant is computed there.", e);
        }

        foreach (string output in _model.Outputs)
        {
            _graph.Add(new("Identity", [_values[output]], [output]));
        }

        return _graph.ToModel("reid-pipeline", _model.Outputs);
    }

    // Depth first with a stack of its own: graphs are deeper than call stacks.
    private List<TfjsNode> InOrder(string path)
    {
        List<TfjsNode> order = [];
        HashSet<string> seen = [];
        Stack<(string Name, bool Done)> open = new(_model.Outputs.Reverse().Select(name => (name, false)));
        while (open.TryPop(out (string Name, bool Done) next))
        {
            TfjsNode node = _model.Nodes.GetValueOrDefault(next.Name)
                ?? throw new InvalidDataException($"cannot convert '{path}': the node {next.Name} is missing. The file is not whole.");
            if (next.Done)
            {
                order.Add(node);
            }
            else if (seen.Add(next.Name))
            {
                open.Push((next.Name, true));
                foreach (string input in node.Inputs.Reverse())
                {
                    open.Push((Whole(input), false));
                }
            }
        }

        return order;
    }

    private Dictionary<string, Action<TfjsNode>> Operators() => new()
    {
        ["Const"] = _ => { },
        ["Placeholder"] = Placeholder,
        ["Identity"] = node => _values[node.Name] = Value(node.Inputs[0]),
        ["Add"] = Add,
        ["AddV2"] = Add,
        ["Sigmoid"] = node => Emit(node.Name, "Sigmoid", [Value(node.Inputs[0])]),
        ["LeakyRelu"] = node => Emit(node.Name, "LeakyRelu", [Value(node.Inputs[0])], ("alpha", node.Number("alpha", 0.2f))),
        ["ConcatV2"] = node => Emit(
            node.Name, "Concat", [.. node.Inputs[..^1].Select(Value)], ("axis", Constant(node.Inputs[^1]).Whole[0])),
        ["Transpose"] = node => _values[node.Name] = Transposed(Value(node.Inputs[0]), Constant(node.Inputs[1]).Whole),
        ["Reshape"] = Reshape,
        ["Pad"] = Pad,
        ["PadV2"] = Pad,
        ["Conv2D"] = Convolution,
        ["MaxPool"] = MaxPool,
        ["ResizeBilinear"] = ResizeBilinear,
        ["SplitV"] = Split,
        ["SparseToDense"] = SparseToDense,
    };

    // 0 where nothing of the picture goes in.
    private long Stride(TfjsNode node) => node.Operator switch
    {
        "Placeholder" => 1,
        "ResizeBilinear" => _picture.Length > 0 ? _picture[0] / Math.Max(1, Constant(node.Inputs[1]).Whole[0]) : 0,
        _ => node.Inputs.Select(input => _strides.GetValueOrDefault(Whole(input))).DefaultIfEmpty().Max() * (node.Operator is "Conv2D" or "MaxPool" ? node.Numbers("strides")[1] : 1),
    };

    private void Placeholder(TfjsNode node)
    {
        long[] sizes = node.Sizes();
        bool picture = sizes is [_, 3, > 0, > 0];
        _picture = picture ? sizes[2..] : _picture;
        _graph.AddInput(node.Name, picture ? [sizes[0], 3, -1, -1] : sizes);
        _values[node.Name] = node.Name;
    }

    private void Add(TfjsNode node)
    {
        if (node.Inputs.All(input => _constants.ContainsKey(Whole(input))))
        {
            TfjsTensor a = Constant(node.Inputs[0]);
            TfjsTensor b = Constant(node.Inputs[1]);
            (TfjsTensor large, TfjsTensor small) = a.Values.Length >= b.Values.Length ? (a, b) : (b, a);
            _constants[node.Name] = new(large.Shape, [.. large.Values.Select((value, i) => value + small.Values[i % small.Values.Length])]);
        }
        else if (!TryAddAsBias(node))
        {
            Emit(node.Name, "Add", [Value(node.Inputs[0]), Value(node.Inputs[1])]);
        }
    }

    // A convolution that only this addition reads takes its constant as bias.
    private bool TryAddAsBias(TfjsNode node)
    {
        if (_model.Nodes[Whole(node.Inputs[0])] is not { Operator: "Conv2D" } convolution || _readers[convolution.Name] != 1
            || !_constants.TryGetValue(Whole(node.Inputs[1]), out TfjsTensor? bias) || bias.Shape.Length != 1)
        {
            return false;
        }

        _values[node.Name] = Convolve(convolution, Floats(bias.Values, bias.Shape));
        return true;
    }

    private void Convolution(TfjsNode node) => _values[node.Name] = Convolve(node, null);

    private string Convolve(TfjsNode node, string? bias)
    {
        TfjsTensor kernel = Constant(node.Inputs[1]);
        long height = kernel.Shape[0];
        long width = kernel.Shape[1];
        string weights = Floats(Permuted(kernel), [kernel.Shape[3], kernel.Shape[2], height, width]);
        (string x, long[]? pads) = WithoutPad(Transposed(Value(node.Inputs[0]), ToChannelsFirst), node);
        (string, object) padding = pads is null ? ("auto_pad", AutoPad(node)) : ("pads", pads);
        string y = New();
        _graph.Add(new(
            "Conv",
            bias is null ? [x, weights] : [x, weights, bias],
            [y],
            ("strides", node.Numbers("strides")[1..3]),
            ("dilations", node.Numbers("dilations") is { Length: 4 } dilations ? dilations[1..3] : [1, 1]),
            ("kernel_shape", new[] { height, width }),
            padding));
        return Transposed(y, ToChannelsLast);
    }

    // A convolution pads by itself when the zeros lie around the picture only.
    private (string X, long[]? Pads) WithoutPad(string x, TfjsNode node) =>
        AutoPad(node) == "VALID" && _graph.MakerOf(x) is { Operator: "Pad", Inputs: [var inside, var pads] } && _padded[pads] is [0, 0, _, _, 0, 0, _, _] sizes
            ? (inside, [sizes[2], sizes[3], sizes[6], sizes[7]])
            : (x, null);

    private void Pad(TfjsNode node)
    {
        long[] pairs = Constant(node.Inputs[1]).Whole;
        long[] pads = [.. pairs.Where((_, i) => i % 2 == 0), .. pairs.Where((_, i) => i % 2 == 1)];
        string sizes = Numbers(pads);
        _padded[sizes] = pads;
        float with = node.Inputs.Length > 2 ? Constant(node.Inputs[2]).Values[0] : 0;
        Emit(node.Name, "Pad", with == 0 ? [Value(node.Inputs[0]), sizes] : [Value(node.Inputs[0]), sizes, Floats([with], [])]);
    }

    private void MaxPool(TfjsNode node)
    {
        string y = New();
        _graph.Add(new(
            "MaxPool",
            [Transposed(Value(node.Inputs[0]), ToChannelsFirst)],
            [y],
            ("kernel_shape", node.Numbers("ksize")[1..3]),
            ("strides", node.Numbers("strides")[1..3]),
            ("auto_pad", AutoPad(node))));
        _values[node.Name] = Transposed(y, ToChannelsLast);
    }

    private void ResizeBilinear(TfjsNode node)
    {
        string mode = node.Flag("align_corners") ? "align_corners" : node.Flag("half_pixel_centers") ? "half_pixel" : "asymmetric";
        string y = New();
        float scale = _strides[node.Name] > 0
            ? (float)_strides[Whole(node.Inputs[0])] / _strides[node.Name]
            : throw new InvalidDataException($"cannot convert the node {node.Name}: what it resizes is not made of a picture [n, 3, height, width].");
        _graph.Add(new(
            "Resize",
            [Transposed(Value(node.Inputs[0]), ToChannelsFirst), "", Floats([scale, scale], [2])],
            [y],
            ("axes", PictureAxes),
            ("mode", "linear"),
            ("coordinate_transformation_mode", mode)));
        _values[node.Name] = Transposed(y, ToChannelsLast);
    }

    private void Reshape(TfjsNode node)
    {
        long[] shape = Constant(node.Inputs[1]).Whole;
        long stride = _strides[Whole(node.Inputs[0])];
        long cells = stride > 0 && _picture.Length > 0 ? _picture[0] / stride * (_picture[1] / stride) : 0; // of a map; 0 is no size
        Emit(node.Name, "Reshape", [Value(node.Inputs[0]), Numbers(shape is [1, .. long[] rest] ? [0, .. rest.Select(size => size == cells ? -1 : size)] : shape)]); // 0 keeps the batch
    }

    private void Split(TfjsNode node)
    {
        long[] sizes = Constant(node.Inputs[1]).Whole;
        string[] parts = [.. sizes.Select(_ => New())];
        _graph.Add(new("Split", [Value(node.Inputs[0]), Numbers(sizes)], parts, ("axis", Constant(node.Inputs[2]).Whole[0])));
        for (int i = 0; i < parts.Length; i++)
        {
            _values[i == 0 ? node.Name : $"{node.Name}:{i}"] = parts[i];
        }
    }

    // Indices, shape, values and default are all constants, so the dense tensor is one too.
    private void SparseToDense(TfjsNode node)
    {
        long[] indices = Constant(node.Inputs[0]).Whole;
        long[] shape = Constant(node.Inputs[1]).Whole;
        float[] values = Constant(node.Inputs[2]).Values;
        float[] dense = new float[shape.Aggregate(1L, (a, b) => a * b)];
        Array.Fill(dense, Constant(node.Inputs[3]).Values[0]);
        for (int i = 0; i < indices.Length / shape.Length; i++)
        {
            long at = 0;
            for (int axis = 0; axis < shape.Length; axis++)
            {
                at = (at * shape[axis]) + indices[(i * shape.Length) + axis];
            }

            dense[at] = values[values.Length == 1 ? 0 : i];
        }

        _constants[node.Name] = new(shape, dense);
    }

    private void Emit(string name, string type, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string y = New();
        _graph.Add(new(type, inputs, [y], attributes));
        _values[name] = y;
    }

    private string Transposed(string x, long[] order)
    {
        if (_graph.MakerOf(x) is { Operator: "Transpose" } before)
        {
            long[] first = before.Numbers("perm");
            long[] both = [.. order.Select(axis => first[axis])];
            if (both.SequenceEqual(Enumerable.Range(0, both.Length).Select(axis => (long)axis)))
            {
                return before.Inputs[0];
            }
        }

        string y = New();
        _graph.Add(new("Transpose", [x], [y], ("perm", order)));
        return y;
    }

    private static string AutoPad(TfjsNode node) => node.Text("padding", "VALID") switch
    {
        "VALID" => "VALID",
        "SAME" => "SAME_UPPER",
        string other => throw new InvalidDataException($"cannot convert the node {node.Name}: padding {other} is not known."),
    };

    private static float[] Permuted(TfjsTensor kernel) // [height, width, in, out] -> [out, in, height, width]
    {
        long cells = kernel.Shape[0] * kernel.Shape[1];
        (long inputs, long outputs) = (kernel.Shape[2], kernel.Shape[3]);
        float[] to = new float[kernel.Values.Length];
        for (long from = 0; from < to.Length; from++)
        {
            long output = from % outputs;
            long input = from / outputs % inputs;
            long cell = from / outputs / inputs;
            to[(((output * inputs) + input) * cells) + cell] = kernel.Values[from];
        }

        return to;
    }

    private TfjsTensor Constant(string input) => _constants.GetValueOrDefault(Whole(input))
        ?? throw new KeyNotFoundException($"the constant {input} is missing.");

    private string Value(string input)
    {
        string name = input.EndsWith(":0", StringComparison.Ordinal) ? input[..^2] : input;
        return _values.TryGetValue(name, out string? value) ? value : Floats(Constant(input).Values, Constant(input).Shape);
    }

    private string Floats(float[] values, long[] shape)
    {
        string name = New();
        _graph.AddConstant(name, values, shape);
        return name;
    }

    private string Numbers(long[] values)
    {
        string name = New();
        _graph.AddConstant(name, values);
        return name;
    }

    private string New() => $"v{_count++}";

    private static string Whole(string input) => input.Split(':')[0];
}
