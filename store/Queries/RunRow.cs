namespace Pipeline.Store;

/// <summary>A run as the database gives it back.</summary>
internal sealed class RunRow
{
    internal const string Select = """
        SELECT id AS Id, input AS Input, output AS Output, model_id AS ModelId, settings AS Settings,
               started_at AS StartedAt, ended_at AS EndedAt, outcome AS Outcome
        FROM runs
        """;

    public string Id { get; init; } = "";

    public string Input { get; init; } = "";

    public string Output { get; init; } = "";

    public string ModelId { get; init; } = "";

    public string Settings { get; init; } = "";

    public string StartedAt { get; init; } = "";

    public string? EndedAt { get; init; }

    public string Outcome { get; init; } = "";

    internal static string Word(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Running => "running",
        RunOutcome.Finished => "finished",
        RunOutcome.Stopped => "stopped",
        RunOutcome.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "not an outcome"),
    };

    internal RunRecord ToRecord() => new(
        Guid.Parse(Id),
        Input,
        Output,
        ModelId,
        Settings,
        StoreTime.Parse(StartedAt),
        StoreTime.ParseOrNull(EndedAt),
        Enum.GetValues<RunOutcome>().Single(outcome => Word(outcome) == Outcome));
}
