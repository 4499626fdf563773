namespace Pipeline.Cli.Configuration;

/// <summary>Settings that cannot be used: every problem that was found, one line each. (InvalidDataException is sealed; this is its like.)</summary>
public sealed class SettingsException : Exception
{
    /// <summary>Gathers problems.</summary>
    /// <param name="problems">One line each: where, what, remedy; at least one.</param>
    public SettingsException(IReadOnlyList<string> problems)
        : base(string.Join('\n', problems))
    {
        Problems = problems;
    }

    /// <summary>One line each.</summary>
    public IReadOnlyList<string> Problems { get; }
}
