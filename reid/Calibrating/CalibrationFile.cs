using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.Reid.Calibrating;

/// <summary>Calibrations as files: JSON beside the model, <c>osnet.calibration.json</c> beside <c>osnet.onnx</c>.</summary>
public static class CalibrationFile
{
    private static readonly JsonSerializerOptions _options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Where the calibration of a model file lies.</summary>
    public static string Beside(string modelPath) => Path.ChangeExtension(modelPath, ".calibration.json");

    /// <summary>Writes a calibration; a reader never sees half of it.</summary>
    /// <param name="calibration">The calibration.</param>
    /// <param name="path">The file.</param>
    public static void Write(Calibration calibration, string path)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Text(calibration) + "\n")));
    }

    /// <summary>Reads a calibration.</summary>
    /// <exception cref="InvalidDataException">The file is missing, damaged, of another version, or was changed by hand.</exception>
    public static Calibration Read(string path)
    {
        try
        {
            Calibration calibration = JsonSerializer.Deserialize<Calibration>(File.ReadAllBytes(path), _options) ?? throw new JsonException("an object was expected, got null");
            string? problem = Problem(calibration);
            return problem is null ? calibration : throw new JsonException(problem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new InvalidDataException($"'{path}': no usable calibration: {e.Message.ReplaceLineEndings(" ")} Calibrate again, or set reid.calibration to none.", e);
        }
    }

    /// <summary>The calibration as text.</summary>
    internal static string Text(Calibration calibration) => JsonSerializer.Serialize(calibration, _options);

    private static string? Problem(Calibration calibration)
    {
        if (calibration.Version != Calibration.CurrentVersion)
        {
            return $"version {calibration.Version}, {Calibration.CurrentVersion} is read.";
        }

        if (calibration.ModelId is null || calibration.Evidence?.At is null || calibration.CameraPairs is null || calibration.Tail is not { Count: > 0 })
        {
            return "a field is null.";
        }

        bool numbers = calibration.Slope > 0 && double.IsFinite(calibration.Slope) && double.IsFinite(calibration.Intercept)
            && calibration.Prior is > 0 and < 1 && calibration.Threshold is >= -1 and <= 1
            && calibration.Tail.All(point => point.Rate is > 0 and <= 1 && float.IsFinite(point.Threshold))
            && calibration.Tail.Zip(calibration.Tail.Skip(1)).All(next => next.First.Threshold < next.Second.Threshold && next.First.Rate >= next.Second.Rate);
        return !numbers ? "a number is outside its range."
            : calibration.Named().Id != calibration.Id ? $"its content does not give its id {calibration.Id}: it was changed by hand."
            : null;
    }
}
