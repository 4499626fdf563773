using System.Globalization;

namespace Pipeline.Tracker.Evaluation;

/// <summary>
/// Which frames of a recording a run looked at: <c>NAME.frames.txt</c> beside the tracks in <c>NAME.txt</c>, a line a frame, its number (from 1) and,
/// after a comma, its capture time (ISO 8601); the time may be missing.
/// </summary>
public static class AnalysedFrames
{
    /// <summary>How the file's name goes on after that of the recording.</summary>
    public const string Ending = ".frames.txt";

    /// <summary>One line of the file.</summary>
    /// <param name="frame">Number of the frame, from 1.</param>
    /// <param name="at">Its capture time.</param>
    public static string Line(int frame, DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{frame},{at.UtcDateTime:O}");

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <returns>By number of the frame its capture time, null where that is not told.</returns>
    /// <exception cref="InvalidDataException">A line is no such thing.</exception>
    public static IReadOnlyDictionary<int, DateTimeOffset?> Read(string file)
    {
        Dictionary<int, DateTimeOffset?> frames = [];
        foreach ((int index, string line) in File.ReadLines(file).Index())
        {
            string[] parts = line.Split(',', 2);
            DateTimeOffset at = default;
            if (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int frame)
                || (parts.Length == 2 && !DateTimeOffset.TryParse(parts[1], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at)))
            {
                throw new InvalidDataException($"'{file}', line {index + 1}: the number of a frame, or that and its capture time after a comma, is needed, got '{line}'. Correct it.");
            }

            frames[frame] = parts.Length == 2 ? at : null;
        }

        return frames;
    }
}
