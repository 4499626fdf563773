namespace Pipeline.Reid.Training;

/// <summary>A training that cannot go on though settings and data could be used: one line, with what is left of it and what to try.</summary>
public sealed class TrainingException : Exception
{
    /// <summary>Says why.</summary>
    /// <param name="message">One line: what, where, remedy.</param>
    public TrainingException(string message)
        : base(message)
    {
    }
}
