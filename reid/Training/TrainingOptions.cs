namespace Pipeline.Reid.Training;

/// <summary>Where and on what a training runs; nothing of it changes its numbers but the threads (sums in another order).</summary>
public sealed record TrainingOptions
{
    /// <summary>Output folder; made when missing.</summary>
    public required string Output { get; init; }

    /// <summary>What the first stage starts from: null for untrained weights, <c>objectron</c>, or a weight file.</summary>
    public string? Start { get; init; }

    /// <summary>Goes on from the checkpoint in the output folder. Default false.</summary>
    public bool Resume { get; init; }

    /// <summary>Threads of libtorch, at least 1; 0 for all cores. Default 0.</summary>
    public int Threads { get; init; }

    /// <summary>Threads that prepare pictures, at least 1. Default 1.</summary>
    public int LoaderThreads { get; init; } = 1;

    /// <summary>Trained on a GPU. Default false.</summary>
    public bool Gpu { get; init; }

    /// <summary>Time between two checkpoints, above 0. Default 5 minutes.</summary>
    public TimeSpan SaveEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What the training was called with: every key and its value, written into what it leaves.</summary>
    public IReadOnlyDictionary<string, string> InForce { get; init; } = new Dictionary<string, string>();

    /// <summary>Called after every save with the log, such as to draw its curves.</summary>
    public Action<TrainingLog>? Saved { get; init; }
}
