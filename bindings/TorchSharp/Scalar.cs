namespace TorchSharp;

/// <summary>A number handed to a tensor operation.</summary>
public sealed class Scalar
{
    private Scalar(double value) => Value = value;

    internal double Value { get; }

    /// <summary>From an integer.</summary>
    public static implicit operator Scalar(int value) => new(value);

    /// <summary>From an integer.</summary>
    public static implicit operator Scalar(long value) => new(value);

    /// <summary>From single precision.</summary>
    public static implicit operator Scalar(float value) => new(value);

    /// <summary>From double precision.</summary>
    public static implicit operator Scalar(double value) => new(value);
}
