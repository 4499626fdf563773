namespace Pipeline.Store;

/// <summary>How long personal data is kept, counted from the moment it was stored (footage may be older than that).</summary>
public sealed record RetentionOptions
{
    /// <summary>Days until crops, vectors, sightings and events go. 1 to 3650, default 30.</summary>
    public int Days { get; init; } = 30;

    /// <summary>Days until the mark of a sent event goes from the outbox; never longer than <see cref="Days"/>. 1 to 3650, default 7.</summary>
    public int SentDays { get; init; } = 7;

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Days is < 1 or > 3650)
        {
            yield return ("retention.days", $"1 to 3650 days, got {Days}");
        }

        if (SentDays is < 1 or > 3650)
        {
            yield return ("retention.sent_days", $"1 to 3650 days, got {SentDays}");
        }
    }
}
