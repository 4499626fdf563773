namespace Pipeline.Tracker.Evaluation;

/// <summary>Ground truth and output for one recording.</summary>
/// <param name="Name">Its path below the folder, such as <c>entrance/0800</c>; of a single file its name.</param>
/// <param name="Truth">Ground truth.</param>
/// <param name="Found">Output.</param>
/// <param name="Length">Number of frames.</param>
public sealed record MotSequence(string Name, IReadOnlyList<MotRow> Truth, IReadOnlyList<MotRow> Found, int Length)
{
    /// <summary>The frames that were analysed, with their capture times where those are known; null: all.</summary>
    public IReadOnlyDictionary<int, DateTimeOffset?>? Analysed { get; init; }

    /// <summary>The camera: the first part of the name.</summary>
    public string Camera => Name.Split('/')[0];
}

/// <summary>Sequences of which truth and output are both there.</summary>
/// <param name="Sequences">By name.</param>
/// <param name="Unjudged">Names of output without truth.</param>
public sealed record MotSequences(IReadOnlyList<MotSequence> Sequences, IReadOnlyList<string> Unjudged);
