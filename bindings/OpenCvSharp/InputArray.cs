namespace OpenCvSharp;

/// <summary>What a function reads: made from a <see cref="Mat"/> without being asked for.</summary>
public class InputArray
{
    private InputArray(Mat mat) => Mat = mat;

    internal Mat Mat { get; }

    /// <summary>A <see cref="OpenCvSharp.Mat"/> as input.</summary>
    public static implicit operator InputArray(Mat mat) => Create(mat);

    /// <summary>A <see cref="OpenCvSharp.Mat"/> as input.</summary>
    public static InputArray Create(Mat mat)
    {
        ArgumentNullException.ThrowIfNull(mat);
        return new(mat);
    }
}

/// <summary>What a function writes: made from a <see cref="Mat"/> without being asked for.</summary>
public class OutputArray
{
    private OutputArray(Mat mat) => Mat = mat;

    internal Mat Mat { get; }

    /// <summary>A <see cref="OpenCvSharp.Mat"/> as output.</summary>
    public static implicit operator OutputArray(Mat mat) => Create(mat);

    /// <summary>A <see cref="OpenCvSharp.Mat"/> as output.</summary>
    public static OutputArray Create(Mat mat)
    {
        ArgumentNullException.ThrowIfNull(mat);
        return new(mat);
    }
}
