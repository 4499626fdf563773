using Pipeline.Cli.Summary;
using Pipeline.Reid;
using Pipeline.Reid.Calibrating;

namespace Pipeline.Cli.Running;

/// <summary>Finds the calibration of a model and puts both together.</summary>
internal static class Calibrations
{
    /// <summary>The model with its calibration, if there is one that is of this model.</summary>
    /// <param name="embedder">The model.</param>
    /// <param name="options">Settings; files are given by their paths.</param>
    /// <param name="notices">Receives what the user must know.</param>
    /// <exception cref="InvalidDataException">The calibration that was named, or lies beside the model, cannot be used.</exception>
    public static IEmbedder With(IEmbedder embedder, ReidOptions options, List<RunNotice> notices)
    {
        if (PathOf(options) is not { } path)
        {
            return embedder;
        }

        Calibration calibration = CalibrationFile.Read(path);
        if (calibration.ModelId != embedder.ModelId)
        {
            notices.Add(new RunNotice("calibration_ignored", $"'{path}' is a calibration of {calibration.ModelId} and says nothing of {embedder.ModelId}: it is ignored."));
            return embedder;
        }

        return new CalibratedEmbedder(embedder, calibration);
    }

    /// <summary>Where the calibration of a model is written: beside its file; for a model without one, here.</summary>
    /// <param name="model">A file, or a name.</param>
    public static string PlaceOf(string model) => File.Exists(model) ? CalibrationFile.Beside(model) : model + ".calibration.json";

    private static string? PathOf(ReidOptions options) => options.Calibration switch
    {
        "none" => null,
        "auto" => PlaceOf(options.Model) is var place && File.Exists(place) ? place : null,
        string named => named,
    };
}
