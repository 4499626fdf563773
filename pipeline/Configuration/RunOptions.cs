using Pipeline.Inference;

namespace Pipeline.Cli.Configuration;

/// <summary>The run as a whole: where it writes, on what it computes.</summary>
public sealed record RunOptions
{
    /// <summary>Folder that a run writes to, created when missing; empty: a new folder runs/TIME. Default empty.</summary>
    public string Output { get; init; } = "";

    /// <summary>Goes on with the named output folder, or else with the latest run of the same input. Default false.</summary>
    public bool Resume { get; init; }

    /// <summary>Writes every box of every track of recorded cameras into <c>tracks/</c>, MOTChallenge text, to look at or to measure with <c>eval tracklets</c>. Default false.</summary>
    public bool Tracks { get; init; }

    /// <summary>Site in topics and ids: a-z, 0-9, - and _, at most 64, begins with a letter or digit. Default site.</summary>
    public string Site { get; init; } = "site";

    /// <summary>CPU threads for the whole program, 1 to 1024; 0: as many as there are cores. Results do not depend on it. Default 0.</summary>
    public int Threads { get; init; }

    /// <summary>Where networks run: auto, cpu or cuda. A run is resumed on the kind it began on. Default auto.</summary>
    public Device Device { get; init; }

    /// <summary>Every rule these values break; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Site.Length is < 1 or > 64 || !char.IsAsciiLetterOrDigit(Site[0]) || Site.Any(c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_')))
        {
            yield return ("run.site", $"a-z, 0-9, - and _ (64 at most, letter or digit first), got {SettingText.Quote(Site)}");
        }

        if (Threads is < 0 or > 1024)
        {
            yield return ("run.threads", $"0 to 1024 threads, got {Threads}");
        }
    }
}
