using Pipeline.Ingest;
using Pipeline.Store.Mqtt;

namespace Pipeline.Cli.Running;

/// <summary>Tells the broker what cameras are doing (mqtt.md 2 and 3.3).</summary>
internal sealed class CameraFeed
{
    private readonly MqttPublisher _publisher;
    private readonly Dictionary<string, CameraPlan> _plans;

    /// <summary>Announces recorded cameras as online; streams say so themselves once they are.</summary>
    /// <param name="publisher">Where to.</param>
    /// <param name="plan">The cameras.</param>
    /// <param name="progress">How far they are.</param>
    public CameraFeed(MqttPublisher publisher, IngestPlan plan, IReadOnlyList<CameraProgress> progress)
    {
        _publisher = publisher;
        Dictionary<string, CameraProgress> counted = progress.ToDictionary(camera => camera.Camera.Id, StringComparer.Ordinal);
        FrameRates rates = new(TimeProvider.System);
        publisher.SetCounters(id =>
        {
            CameraProgress camera = counted[id];
            (double? fpsIn, double? fpsProcessed) = rates.Of(id, camera.Decoded, camera.Analysed);
            return new CameraCounters(fpsIn, fpsProcessed, camera.Dropped, camera.DecodeErrors, camera.Reached);
        });
        _plans = plan.Cameras.ToDictionary(camera => camera.Camera.Id, StringComparer.Ordinal);
        foreach (CameraPlan camera in plan.Cameras)
        {
            _publisher.SetCamera(Status(camera, camera.Url is null ? CameraState.Online : CameraState.Offline));
        }
    }

    /// <summary>Number of people in view changed.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="people">How many.</param>
    public void People(Camera camera, int people) => _publisher.SetPeople(camera.Id, people);

    /// <summary>A recorded camera was read to its end.</summary>
    /// <param name="camera">The camera.</param>
    public void Finished(Camera camera) => _publisher.SetCamera(Status(_plans[camera.Id], CameraState.Finished));

    /// <summary>A stream's state changed.</summary>
    /// <param name="status">To what.</param>
    public void Live(LiveStatus status) => _publisher.SetCamera(Status(_plans[status.Camera.Id], status.State switch
    {
        LiveState.Online => CameraState.Online,
        LiveState.Degraded => CameraState.Degraded,
        _ => CameraState.Offline,
    }) with
    { Reasons = status.Code is { } code ? [new Reason(code, status.Message ?? code)] : [] });

    private static CameraStatus Status(CameraPlan camera, CameraState state) => new()
    {
        Camera = camera.Camera.Id,
        CameraName = camera.Camera.Name,
        State = state,
        Source = camera.Url is { } url ? new CameraSource(new Uri(url).Scheme, new Uri(url).Host) : new CameraSource(camera.Segments[0].Kind),
        TimeSource = TimeSourceName.Of(camera.TimeSource),
    };
}
