namespace Pipeline.Cli.Doctor;

/// <summary>How a check ended.</summary>
public enum CheckLevel
{
    /// <summary>As it should be.</summary>
    Fine,

    /// <summary>A run works, with less.</summary>
    Warn,

    /// <summary>A run will not start.</summary>
    Fail,
}

/// <summary>What a check found.</summary>
/// <param name="Level">How it ended.</param>
/// <param name="Name">What was checked: a word or two.</param>
/// <param name="Found">What was found, one line.</param>
/// <param name="Remedy">What to do; null when there is nothing to do.</param>
public sealed record CheckResult(CheckLevel Level, string Name, string Found, string? Remedy = null);
