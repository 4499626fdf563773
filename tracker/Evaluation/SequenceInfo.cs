using System.Globalization;

namespace Pipeline.Tracker.Evaluation;

/// <summary>What a <c>seqinfo.ini</c> of MOTChallenge says of a sequence; each null where it does not say.</summary>
/// <param name="Length">Number of frames.</param>
/// <param name="FrameRate">Frames a second.</param>
public sealed record SequenceInfo(int? Length, double? FrameRate)
{
    /// <summary>Reads the one that belongs to a file: beside it, or one folder up (NAME/det/det.txt).</summary>
    /// <param name="file">A file of the sequence; need not exist.</param>
    /// <returns>Without values where there is none.</returns>
    /// <exception cref="InvalidDataException">A value is no number above 0.</exception>
    public static SequenceInfo Of(string file)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        string? info = new[] { Path.Combine(folder, "seqinfo.ini"), Path.Combine(folder, "..", "seqinfo.ini") }.FirstOrDefault(File.Exists);
        return info is null
            ? new SequenceInfo(null, null)
            : new SequenceInfo((int?)Number(info, "seqLength", NumberStyles.None), Number(info, "frameRate", NumberStyles.AllowDecimalPoint));
    }

    private static double? Number(string info, string key, NumberStyles style)
    {
        string? line = File.ReadLines(info).FirstOrDefault(text => text.StartsWith($"{key}=", StringComparison.Ordinal));
        return line is null ? null
            : double.TryParse(line[(key.Length + 1)..].Trim(), style, CultureInfo.InvariantCulture, out double number) && number is > 0 and < 1e9 ? number
            : throw new InvalidDataException($"'{info}', {key}: a number above 0 is needed, got '{line[(key.Length + 1)..]}'. Correct it.");
    }
}
