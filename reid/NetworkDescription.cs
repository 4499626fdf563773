using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Pipeline.Reid;

/// <summary>What an ONNX file is, from its graph, its metadata and the YAML beside it (see <see cref="ModelMetadata"/>).</summary>
internal sealed record NetworkDescription
{
    /// <summary>Networks differ in how alike they find strangers; between the measured ones this rejects nearly all of those and keeps most partners.</summary>
    public const float UnknownThreshold = 0.7f;

    private static readonly string[] _keys =
    [
        ModelMetadata.ModelId, ModelMetadata.InputHeight, ModelMetadata.InputWidth, ModelMetadata.Mean, ModelMetadata.Std, ModelMetadata.Scale,
        ModelMetadata.Colour, ModelMetadata.BlackPoint, ModelMetadata.Interpolation, ModelMetadata.Layout, ModelMetadata.Feature, ModelMetadata.Notice, ModelMetadata.Threshold, ModelMetadata.SameCameraExtra,
        ModelMetadata.Mirror, ModelMetadata.ClipTaps,
    ];

    public required string ModelId { get; init; }

    public required Preprocessing Preprocessing { get; init; }

    public required string Output { get; init; }

    public required int Dimension { get; init; }

    public required string? ClipTaps { get; init; }

    public required int? FixedBatch { get; init; }

    public required float Threshold { get; init; }

    public required float SameCameraExtra { get; init; }

    public required string? Notice { get; init; }

    public required bool Mirror { get; init; }

    /// <summary>Where the YAML of a model lies.</summary>
    public static string Beside(string path) => Path.ChangeExtension(path, ".yaml");

    /// <exception cref="InvalidDataException">The graph is no network from pictures to vectors, or a value cannot be used.</exception>
    public static NetworkDescription Of(string path, InferenceSession session, string digest)
    {
        Dictionary<string, (string Value, string Where)> given = Given(path, session);
        (string input, NodeMetadata picture) = session.InputMetadata.First();
        int[] shape = session.InputMetadata.Count == 1 && picture.IsTensor && picture.ElementType == typeof(float) ? picture.Dimensions : [];
        TensorLayout layout = Layout(given, shape) ?? throw new InvalidDataException(
            $"'{path}': a re-id network takes one float picture, Nx3xHxW or NxHxWx3, this one takes {Describe(session.InputMetadata)}. Name a re-id model.");
        (int rows, int columns) = layout == TensorLayout.Nchw ? (shape[2], shape[3]) : (shape[1], shape[2]);
        Preprocessing preprocessing = new()
        {
            Height = Size(given, ModelMetadata.InputHeight, rows, 256),
            Width = Size(given, ModelMetadata.InputWidth, columns, 128),
            Mean = Three(given, ModelMetadata.Mean, [0.485f, 0.456f, 0.406f], aboveZero: false),
            Std = Three(given, ModelMetadata.Std, [0.229f, 0.224f, 0.225f], aboveZero: true),
            Scale = Number(given, ModelMetadata.Scale, 1 / 255.0, 1e-9, 1e9),
            Bgr = Choice(given, ModelMetadata.Colour, "rgb", "rgb", "bgr") == "bgr",
            BlackPoint = Number(given, ModelMetadata.BlackPoint, 0, 0, 0.5),
            Interpolation = Choice(given, ModelMetadata.Interpolation, "pillow_bilinear", "pillow_bilinear", "pillow_bicubic", "opencv_linear") switch
            {
                "opencv_linear" => Interpolation.OpenCvLinear,
                "pillow_bicubic" => Interpolation.PillowBicubic,
                _ => Interpolation.PillowBilinear,
            },
            Layout = layout,
        };
        string output = given.TryGetValue(ModelMetadata.Feature, out (string Value, string Where) feature) ? feature.Value : session.OutputMetadata.Keys.First();
        if (!session.OutputMetadata.ContainsKey(output))
        {
            throw Wrong(feature, ModelMetadata.Feature, $"one of {string.Join(", ", session.OutputMetadata.Keys)}");
        }

        string name = given.TryGetValue(ModelMetadata.ModelId, out (string Value, string) id) ? id.Value : Path.GetFileNameWithoutExtension(path);
        string? notice = given.TryGetValue(ModelMetadata.Notice, out (string Value, string) said) && said.Value.Length > 0 ? said.Value : null;
        if (!given.ContainsKey(ModelMetadata.Mean) && !given.ContainsKey(ModelMetadata.Std) && !given.ContainsKey(ModelMetadata.Scale))
        {
            string guess = $"neither its metadata nor {Beside(path)} say how it wants its crops: red first, ImageNet normalisation is assumed";
            notice = notice is null ? guess : $"{notice}; {guess}";
        }

        return new NetworkDescription
        {
            ModelId = name.Contains('@', StringComparison.Ordinal) ? name : $"{name}@sha256:{digest}",
            Preprocessing = preprocessing,
            Output = output,
            Dimension = Length(path, output, session.OutputMetadata[output]),
            ClipTaps = Taps(path, given, session),
            FixedBatch = shape[0] > 0 ? shape[0] : null,
            Threshold = (float)Number(given, ModelMetadata.Threshold, UnknownThreshold, -1, 1),
            SameCameraExtra = (float)Number(given, ModelMetadata.SameCameraExtra, 0, 0, 1),
            Notice = notice,
            Mirror = Choice(given, ModelMetadata.Mirror, "false", "false", "true") == "true",
        };
    }

    private static int Length(string path, string name, NodeMetadata output)
    {
        int[] shape = output.IsTensor && output.ElementType == typeof(float) ? output.Dimensions : [];
        bool vector = shape.Length >= 2 && shape[1] > 0 && shape.Skip(2).All(d => d == 1);
        return vector ? shape[1] : throw new InvalidDataException(
            $"'{path}': output '{name}' is {output.ElementType?.Name} [{string.Join(", ", output.Dimensions)}], a re-id network gives one float vector of fixed length per crop. Name another output with '{ModelMetadata.Feature}' in {Beside(path)}, or another model.");
    }

    private static string? Taps(string path, Dictionary<string, (string Value, string Where)> given, InferenceSession session)
    {
        if (!given.TryGetValue(ModelMetadata.ClipTaps, out (string Value, string Where) name))
        {
            return null;
        }

        return session.OutputMetadata.TryGetValue(name.Value, out NodeMetadata? output) && Length(path, name.Value, output) == 3
            ? name.Value
            : throw Wrong(name, ModelMetadata.ClipTaps, "an output of three numbers per crop");
    }

    private static TensorLayout? Layout(Dictionary<string, (string Value, string Where)> given, int[] shape)
    {
        if (shape.Length != 4)
        {
            return null;
        }

        bool nchw = shape[1] == 3 || shape[1] < 1;
        bool nhwc = shape[3] == 3 || shape[3] < 1;
        string wanted = Choice(given, ModelMetadata.Layout, nhwc && shape[1] != 3 && shape[3] == 3 ? "nhwc" : nchw ? "nchw" : "nhwc", "nchw", "nhwc");
        return wanted == "nchw" && nchw ? TensorLayout.Nchw : wanted == "nhwc" && nhwc ? TensorLayout.Nhwc : null;
    }

    private static Dictionary<string, (string Value, string Where)> Given(string path, InferenceSession session)
    {
        Dictionary<string, (string Value, string Where)> given = [];
        foreach (string key in _keys)
        {
            if (session.ModelMetadata.CustomMetadataMap.TryGetValue(key, out string? value))
            {
                given[key] = (value.Trim(), path);
            }
        }

        string yaml = Beside(path);
        if (!File.Exists(yaml))
        {
            return given;
        }

        foreach ((string key, object? value) in Yaml(yaml))
        {
            if (!_keys.Contains(key))
            {
                throw new InvalidDataException($"{yaml}: unknown key '{key}'. Known are {string.Join(", ", _keys)}.");
            }

            given[key] = (value is IEnumerable<object> list ? string.Join(',', list) : value?.ToString()?.Trim() ?? "", yaml);
        }

        return given;
    }

    private static Dictionary<string, object?> Yaml(string path)
    {
        try
        {
            return new DeserializerBuilder().Build().Deserialize<Dictionary<string, object?>?>(File.ReadAllText(path)) ?? [];
        }
        catch (YamlException e)
        {
            throw new InvalidDataException($"{path}:{e.Start.Line}:{e.Start.Column}: {e.Message} Write one 'key: value' a line.", e);
        }
    }

    private static int Size(Dictionary<string, (string Value, string Where)> given, string key, int inGraph, int otherwise)
    {
        int size = (int)Number(given, key, inGraph > 0 ? inGraph : otherwise, 1, 4096);
        return inGraph > 0 && size != inGraph
            ? throw Wrong(given[key], key, $"{inGraph}, which the graph's input is fixed to")
            : size;
    }

    private static double Number(Dictionary<string, (string Value, string Where)> given, string key, double otherwise, double least, double most)
    {
        if (!given.TryGetValue(key, out (string Value, string Where) text))
        {
            return otherwise;
        }

        return double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most
            ? value
            : throw Wrong(text, key, FormattableString.Invariant($"a number from {least} to {most}"));
    }

    private static float[] Three(Dictionary<string, (string Value, string Where)> given, string key, float[] otherwise, bool aboveZero)
    {
        if (!given.TryGetValue(key, out (string Value, string Where) text))
        {
            return otherwise;
        }

        string[] parts = text.Value.Trim('[', ']').Split(',', StringSplitOptions.TrimEntries);
        float[] values = new float[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts.Length != 3 || !float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i])
                || !float.IsFinite(values[i]) || (aboveZero && values[i] <= 0))
            {
                throw Wrong(text, key, aboveZero ? "three numbers above 0 with commas" : "three numbers with commas");
            }
        }

        return values;
    }

    private static string Choice(Dictionary<string, (string Value, string Where)> given, string key, string otherwise, params string[] allowed)
    {
        if (!given.TryGetValue(key, out (string Value, string Where) text))
        {
            return otherwise;
        }

        return allowed.Contains(text.Value.ToLowerInvariant()) ? text.Value.ToLowerInvariant() : throw Wrong(text, key, string.Join(" or ", allowed));
    }

    private static InvalidDataException Wrong((string Value, string Where) got, string key, string wanted) =>
        new($"{got.Where}: {key}: {wanted}, got '{got.Value}'. Correct it, or leave it out.");

    private static string Describe(IReadOnlyDictionary<string, NodeMetadata> inputs) =>
        string.Join("; ", inputs.Select(i => $"{i.Key} {i.Value.ElementType?.Name} [{string.Join(", ", i.Value.Dimensions)}]"));
}
