using Pipeline.Cli.Configuration;
using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Store.Mqtt;
using Pipeline.Tracker;

namespace Pipeline.Cli.Running;

/// <summary>Each stage's options as this run takes them: what <c>run</c> says for the whole program goes into the places that nobody set by hand.</summary>
internal static class Effective
{
    /// <summary>CPU threads of the program.</summary>
    public static int Threads(LoadedSettings<Settings> settings) =>
        settings.Value.Run.Threads > 0 ? settings.Value.Run.Threads : Environment.ProcessorCount;

    /// <summary>Options of ingest.</summary>
    public static IngestOptions Ingest(LoadedSettings<Settings> settings)
    {
        IngestOptions options = settings.Value.Ingest;
        return options.DecoderThreads > 0 ? options : options with { DecoderThreads = Threads(settings) };
    }

    /// <summary>Options of the detector, its model as a path.</summary>
    public static DetectorOptions Detector(LoadedSettings<Settings> settings)
    {
        DetectorOptions options = settings.Value.Detector;
        return options with
        {
            Model = options.Model is "default" or "hog" ? options.Model : settings.Resolve("detector.model", options.Model),
        };
    }

    /// <summary>Options of the embedder, its model and its calibration as paths where they are files.</summary>
    public static ReidOptions Reid(LoadedSettings<Settings> settings)
    {
        ReidOptions options = settings.Value.Reid;
        return options with
        {
            Model = Path.HasExtension(options.Model) ? settings.Resolve("reid.model", options.Model) : options.Model,
            Calibration = options.Calibration is "auto" or "none" ? options.Calibration : settings.Resolve("reid.calibration", options.Calibration),
        };
    }

    /// <summary>Options of linking: what ingest is told of the cameras' clocks holds here too.</summary>
    public static LinkerOptions Linker(LoadedSettings<Settings> settings) =>
        settings.Value.Linker with { ClocksTogether = settings.Value.Linker.ClocksTogether || settings.Value.Ingest.Clocks == CameraClocks.Together };

    /// <summary>Names of the site's topics.</summary>
    public static Topics Topics(LoadedSettings<Settings> settings) => new(settings.Value.Mqtt.Prefix, settings.Value.Run.Site);

    /// <summary>Options of the publisher; null where events go to the log only.</summary>
    public static MqttOptions? Mqtt(LoadedSettings<Settings> settings) =>
        settings.Value.Mqtt is { Enabled: true, Broker: not null } options
            ? options with { EventExpiry = Min(options.EventExpiry, TimeSpan.FromDays(settings.Value.Retention.Days)) }
            : null;

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
