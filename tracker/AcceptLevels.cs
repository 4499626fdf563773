namespace Pipeline.Tracker;

/// <summary>How alike two tracklets must be to count as one person: the model's level, more within a camera, and what the strangers of the site say.</summary>
/// <param name="threshold">What is asked of a pair before anything else is known.</param>
/// <param name="sameCameraExtra">What is asked besides of a pair of one camera.</param>
/// <param name="strangers">The strangers seen so far; null to leave them out.</param>
/// <param name="normalise">Whether it counts how alike strangers are between two cameras.</param>
/// <param name="lower">Whether less is asked where the strangers of the site are less alike than those that the threshold was measured on.</param>
internal sealed class AcceptLevels(float threshold, float sameCameraExtra = 0, StrangerScores? strangers = null, bool normalise = true, bool lower = true)
{
    private readonly Dictionary<(string, string), float> _levels = [];

    /// <summary>What is asked of a pair before anything else is known.</summary>
    internal float Threshold => threshold;

    /// <summary>What is asked of a pair of these cameras.</summary>
    internal float Of(string camera, string other)
    {
        if (!_levels.TryGetValue((camera, other), out float level))
        {
            _levels[(camera, other)] = level = BeforeLevel(camera, other) + (strangers is null || !lower ? 0 : (float)strangers.Level(camera == other));
        }

        return level;
    }

    /// <summary>The same before it is lowered (<see cref="StrangerScores.AddAbove"/>).</summary>
    internal float BeforeLevel(string camera, string other) =>
        threshold + (camera == other ? sameCameraExtra : 0) + (strangers is null || !normalise ? 0 : (float)strangers.Shift(camera, other));

    /// <summary>Says that more strangers were seen.</summary>
    internal void Renew() => _levels.Clear();
}
