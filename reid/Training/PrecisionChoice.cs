namespace Pipeline.Reid.Training;

/// <summary>Chooses the numbers that a network computes with where the recipe leaves it open.</summary>
internal static class PrecisionChoice
{
    /// <summary>True for bfloat16.</summary>
    /// <param name="asked">What the recipe says.</param>
    /// <param name="gpu">Trained on a GPU.</param>
    public static bool IsBrief(TrainingPrecision asked, bool gpu) =>
        asked == TrainingPrecision.Bf16 || (asked == TrainingPrecision.Auto && (gpu || ProcessorMultipliesBFloat16()));

    // .NET has no name for these instructions; without the file, as on other systems, single precision is right everywhere.
    private static bool ProcessorMultipliesBFloat16()
    {
        const string file = "/proc/cpuinfo";
        return File.Exists(file) && File.ReadLines(file).FirstOrDefault(l => l.StartsWith("flags", StringComparison.Ordinal)) is { } flags
            && flags.Split(' ').Any(f => f is "avx512_bf16" or "amx_bf16");
    }
}
