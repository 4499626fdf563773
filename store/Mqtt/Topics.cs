using System.Text.RegularExpressions;

namespace Pipeline.Store.Mqtt;

/// <summary>The topic tree (mqtt.md 2). Camera ids are slugs of mqtt.md 1, so nothing here can hold a wildcard.</summary>
/// <param name="prefix">First part.</param>
/// <param name="site">Second part; unique for each running instance at a broker.</param>
public sealed partial class Topics(string prefix, string site)
{
    /// <summary>What every topic starts with.</summary>
    public string Root { get; } = $"{prefix}/{site}";

    /// <summary>The site, as messages name it.</summary>
    public string Site => site;

    /// <summary>Under this name the publisher is known to the broker, which keeps one connection a name.</summary>
    public string ClientId => $"{prefix}-{site}";

    /// <summary>Whether the pipeline is there: <c>online</c>, <c>stopped</c>, <c>offline</c>.</summary>
    public string Availability => $"{Root}/availability";

    /// <summary>Status of the site.</summary>
    public string Status => $"{Root}/status";

    /// <summary>Every event, in order.</summary>
    public string Events => $"{Root}/events";

    /// <summary>Notices of erasure.</summary>
    public string Erasures => $"{Root}/erasures";

    /// <summary>Statistics.</summary>
    public string Stats => $"{Root}/stats";

    /// <summary>State of a camera, one word.</summary>
    /// <param name="camera">Its id.</param>
    public string CameraState(string camera) => Camera(camera, "state");

    /// <summary>Status of a camera.</summary>
    /// <param name="camera">Its id.</param>
    public string CameraStatus(string camera) => Camera(camera, "status");

    /// <summary>How many people are in a camera's view.</summary>
    /// <param name="camera">Its id.</param>
    public string People(string camera) => Camera(camera, "people");

    /// <summary>Copies of a camera's events.</summary>
    /// <param name="camera">Its id.</param>
    public string CameraEvents(string camera) => Camera(camera, "events");

    /// <summary>A camera's newest crop.</summary>
    /// <param name="camera">Its id.</param>
    public string Snapshot(string camera) => Camera(camera, "snapshot");

    /// <summary>A crop; also an event's <c>crop.topic</c> where crops are sent.</summary>
    /// <param name="id">The crop's id.</param>
    public string Crop(Guid id) => $"{Root}/crop/{id}";

    /// <summary>Whether a text may be a prefix, site or camera in a topic.</summary>
    /// <param name="name">The text.</param>
    public static bool IsName(string name) => NamePattern().IsMatch(name);

    private string Camera(string camera, string leaf) =>
        IsName(camera) ? $"{Root}/camera/{camera}/{leaf}" : throw new ArgumentException($"'{camera}' is not a camera id of mqtt.md 1.", nameof(camera));

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,63}\z")]
    private static partial Regex NamePattern();
}
