using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Pipeline.Detector.Decoding;

/// <summary>One output of a model: its name and its shape for one picture, without the batch.</summary>
/// <param name="Name">The name in the model.</param>
/// <param name="Shape">Sizes behind the batch.</param>
public sealed record OutputShape(string Name, IReadOnlyList<long> Shape)
{
    /// <summary>Values for one picture.</summary>
    public long Count => Shape.Aggregate(1L, (a, b) => a * b);

    /// <summary>Such as <c>output [1, 3549, 85]</c>.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", Shape.Prepend(1))}]";
}

/// <summary>What a model gave for a batch, as 32-bit floats.</summary>
public sealed class ModelOutputs : IDisposable
{
    private readonly IDisposableReadOnlyCollection<OrtValue>? _values;
    private readonly float[]?[] _converted;
    private readonly int _batch;

    /// <summary>Takes over what a session returned.</summary>
    /// <param name="values">The outputs; disposed with this.</param>
    /// <param name="batch">Pictures in the batch.</param>
    public ModelOutputs(IDisposableReadOnlyCollection<OrtValue> values, int batch)
    {
        (_values, _batch) = (values, batch);
        _converted = [.. values.Select(Converted)];
    }

    /// <summary>Outputs that come from elsewhere, such as a file.</summary>
    /// <param name="values">The outputs, row-major.</param>
    /// <param name="batch">Pictures in the batch.</param>
    public ModelOutputs(IEnumerable<float[]> values, int batch) => (_converted, _batch) = ([.. values], batch);

    /// <summary>The values of one picture, row-major.</summary>
    /// <param name="output">Index of the output.</param>
    /// <param name="picture">Place in the batch.</param>
    public ReadOnlySpan<float> Of(int output, int picture)
    {
        ReadOnlySpan<float> all = _converted[output] is { } converted ? converted : _values![output].GetTensorDataAsSpan<float>();
        int count = all.Length / _batch;
        return all.Slice(picture * count, count);
    }

    /// <inheritdoc/>
    public void Dispose() => _values?.Dispose();

    private static float[]? Converted(OrtValue value)
    {
        switch (value.GetTensorTypeAndShape().ElementDataType)
        {
            case TensorElementType.Float:
                return null;
            case TensorElementType.Float16:
                ReadOnlySpan<Half> half = MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>());
                float[] single = new float[half.Length];
                TensorPrimitives.ConvertToSingle(half, single);
                return single;
            case TensorElementType.Int64:
                ReadOnlySpan<long> whole = value.GetTensorDataAsSpan<long>();
                float[] numbers = new float[whole.Length];
                TensorPrimitives.ConvertSaturating(whole, numbers);
                return numbers;
            case TensorElementType.Int32:
                ReadOnlySpan<int> ints = value.GetTensorDataAsSpan<int>();
                float[] fromInts = new float[ints.Length];
                TensorPrimitives.ConvertSaturating(ints, fromInts);
                return fromInts;
            case TensorElementType other:
                throw new InvalidDataException($"a model output of type {other} cannot be read as boxes");
        }
    }
}
