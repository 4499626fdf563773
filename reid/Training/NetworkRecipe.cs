using Pipeline.Reid.Networks;

namespace Pipeline.Reid.Training;

/// <summary>Kind of numbers that the network computes with; weights and optimiser stay in single precision.</summary>
public enum TrainingPrecision
{
    /// <summary>bfloat16 on GPUs and on processors that multiply it, else single.</summary>
    Auto,

    /// <summary>Single precision.</summary>
    F32,

    /// <summary>Convolutions and products in bfloat16.</summary>
    Bf16,
}

/// <summary>The network of a recipe.</summary>
public sealed record NetworkRecipe
{
    /// <summary>A network of <see cref="NetworkCatalog.Names"/>. Default <c>baseline-compact-96</c>.</summary>
    public string Name { get; init; } = "baseline-compact-96";

    /// <summary>Rows of the input, a multiple of 16. Default 128.</summary>
    public int Height { get; init; } = 128;

    /// <summary>Columns of the input, a multiple of 16. Default 64.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Numbers that the network computes with. Default auto.</summary>
    public TrainingPrecision Precision { get; init; }

    /// <summary>
    /// Whether a training that starts from given weights, but without a classifier of these people, begins with one of the people's mean features rather
    /// than a random one. Default true.
    /// </summary>
    public bool Imprinted { get; init; } = true;

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (!Enum.IsDefined(Precision))
        {
            yield return ("network.precision", $"auto, f32 or bf16, got {(int)Precision}");
        }

        if (Height is < 32 or > 1024)
        {
            yield return ("network.height", $"32 to 1024, a multiple of 16, got {Height}");
        }

        if (Width is < 32 or > 1024)
        {
            yield return ("network.width", $"32 to 1024, a multiple of 16, got {Width}");
        }
    }

    /// <summary>The network.</summary>
    /// <param name="classes">Training identities; 0 without classifiers.</param>
    /// <param name="clip">The widths of a head for clips; null without.</param>
    /// <exception cref="ArgumentException">There is none of the name, or the input does not suit it.</exception>
    internal ReidNetwork Create(int classes, TemporalShape? clip) => NetworkCatalog.Create(Name, Height, Width, classes, clip: clip);

    /// <summary>Why there is no such network at this input size; null when there is.</summary>
    internal string? Misfit()
    {
        if (Height is < 32 or > 1024 || Width is < 32 or > 1024)
        {
            return null; // said already
        }

        try
        {
            _ = Create(classes: 2, clip: null);
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }
}
