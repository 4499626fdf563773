using Pipeline.Cli.Configuration;
using Pipeline.Cli.Summary;
using Pipeline.Detector;
using Pipeline.Reid;

namespace Pipeline.Cli.Running;

/// <summary>The detector and the embedder of a run, opened as the settings say.</summary>
/// <param name="Detector">Finds people.</param>
/// <param name="Embedder">Tells them apart.</param>
/// <param name="Device">Where networks run, and why.</param>
/// <param name="Notices">What the user must know of them.</param>
internal sealed record Models(
    IPersonDetector Detector, IEmbedder Embedder, string Device, IReadOnlyList<RunNotice> Notices) : IDisposable
{
    /// <summary>Opens both.</summary>
    /// <param name="settings">Settings in force.</param>
    /// <param name="meters">Measure their work.</param>
    /// <exception cref="InvalidDataException">A model is missing or is not what it should be.</exception>
    public static Models Open(LoadedSettings<Settings> settings, StageMeters meters)
    {
        List<RunNotice> notices = [];
        IPersonDetector detector = OpenDetector(settings, notices);
        try
        {
            IEmbedder embedder = OpenEmbedder(settings, notices);
            return new Models(
                detector is Linking.GivenDetections ? detector : MeteredDetector.Of(detector, meters.Detect),
                new MeteredEmbedder(embedder, meters.Embed),
                Devices.Describe(settings.Value.Run.Device, detector.RunsOn, embedder.RunsOn),
                notices);
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>Opens the detector alone.</summary>
    /// <param name="settings">Settings in force.</param>
    /// <param name="notices">Receives what the user must know.</param>
    public static IPersonDetector OpenDetector(LoadedSettings<Settings> settings, List<RunNotice> notices)
    {
        if (settings.Value.Detector.Given is { Length: > 0 } folder)
        {
            string path = settings.Resolve("detector.given", folder);
            return Directory.Exists(path)
                ? new Linking.GivenDetections(path)
                : throw new InvalidDataException($"detector.given '{folder}': there is no such folder. Name one with CAMERA/SEGMENT.txt, or leave it out to look for people.");
        }

        (IPersonDetector detector, string? notice) = DefaultDetector.Open(
            Effective.Detector(settings), settings.Value.Run.Device, Effective.Threads(settings));
        if (notice is not null)
        {
            notices.Add(new RunNotice("detector_fallback", notice));
        }

        return detector;
    }

    /// <summary>Opens the embedder alone, with its calibration where there is one.</summary>
    /// <param name="settings">Settings in force.</param>
    /// <param name="notices">Receives what the user must know.</param>
    public static IEmbedder OpenEmbedder(LoadedSettings<Settings> settings, List<RunNotice> notices)
    {
        IEmbedder embedder = Embedders.Open(Effective.Reid(settings), settings.Value.Run.Device, Effective.Threads(settings));
        if (embedder.Notice is { } notice)
        {
            notices.Add(new RunNotice("reid_model", $"{embedder.ModelId}: {notice}."));
        }

        try
        {
            return Calibrations.With(embedder, Effective.Reid(settings), notices);
        }
        catch
        {
            embedder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Detector.Dispose();
        Embedder.Dispose();
    }
}
