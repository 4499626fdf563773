using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MQTTnet.Protocol;

namespace Pipeline.Store.Mqtt;

/// <summary>Turns what the host says of site, cameras and statistics into state messages (mqtt.md 3 and 7). Safe from any thread.</summary>
internal sealed class StateTopics(MqttOptions options, Topics topics, IOutbox outbox, Mailbox mailbox, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (CameraStatus Status, DateTimeOffset Since)> _cameras = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _people = [];
    private SiteStatus? _site;
    private IReadOnlyList<Reason> _connection = [];
    private string _lastStatus = "";

    /// <summary>Asked for a camera's counters whenever its status is put in; must not wait.</summary>
    internal Func<string, CameraCounters>? Counters { get; set; }

    internal void SetSite(SiteStatus status)
    {
        lock (_gate)
        {
            _site = status;
        }
    }

    /// <summary>What the connection has to say in <c>status.reasons</c>.</summary>
    internal void SetConnection(IReadOnlyList<Reason> reasons)
    {
        lock (_gate)
        {
            _connection = reasons;
        }
    }

    internal void SetCamera(CameraStatus status)
    {
        lock (_gate)
        {
            bool known = _cameras.TryGetValue(status.Camera, out (CameraStatus Status, DateTimeOffset Since) old);
            bool moved = !known || old.Status.State != status.State;
            _cameras[status.Camera] = (status, moved ? time.GetUtcNow() : old.Since);
            mailbox.Put(Text(topics.CameraState(status.Camera), MqttJson.Word(status.State), MqttQualityOfServiceLevel.AtLeastOnce));
            if (moved || !old.Status.Reasons.SequenceEqual(status.Reasons))
            {
                PutCamera(status.Camera);
            }
        }
    }

    internal void SetPeople(string camera, int count)
    {
        lock (_gate)
        {
            _people[camera] = count;
            mailbox.Put(Text(topics.People(camera), count.ToString(CultureInfo.InvariantCulture), MqttQualityOfServiceLevel.AtMostOnce));
        }
    }

    /// <summary>Puts the site's status in if anything but its clock has changed.</summary>
    internal void RefreshSite()
    {
        lock (_gate)
        {
            if (_site is null)
            {
                return;
            }

            OutboxStatus rows = outbox.Status();
            List<Reason> reasons = [.. _site.Reasons, .. _connection];
            if (rows.SetAside > 0)
            {
                reasons.Add(new Reason("set_aside", $"{rows.SetAside} events were not taken by the broker and are set aside"));
            }

            SiteState state = rows.SetAside > 0 && _site.State == SiteState.Running ? SiteState.Degraded : _site.State;
            JsonObject status = new() { ["schema_version"] = "1.0", ["site_id"] = topics.Site };
            MqttJson.Merge(status, _site with { State = state, Reasons = [] });
            status.Remove("reasons");
            if (reasons.Count > 0)
            {
                status["reasons"] = MqttJson.Node(Masked(reasons));
            }

            status["cameras_online"] = _cameras.Values.Count(camera => camera.Status.State == CameraState.Online);
            status["cameras_total"] = _cameras.Count;
            status["outbox"] = new JsonObject { ["pending"] = rows.Pending, ["oldest_ms"] = 0, ["dropped"] = rows.Dropped };
            status["last_sequence"] = rows.LastSequence;
            string unchanging = status.ToJsonString();
            if (unchanging == _lastStatus)
            {
                return;
            }

            _lastStatus = unchanging;
            DateTimeOffset now = time.GetUtcNow();
            status["outbox"]!["oldest_ms"] = rows.OldestPublishedAt is { } oldest ? Math.Max(0, (long)(now - oldest).TotalMilliseconds) : 0;
            status["updated_at"] = MqttJson.Node(now);
            mailbox.Put(Json(topics.Status, status, MqttQualityOfServiceLevel.AtLeastOnce));
        }
    }

    /// <summary>Puts every camera's status in, with today's numbers.</summary>
    internal void RefreshCameras()
    {
        lock (_gate)
        {
            foreach (string camera in _cameras.Keys)
            {
                PutCamera(camera);
            }
        }
    }

    internal void PutStats(SiteStats stats)
    {
        JsonObject message = new()
        {
            ["schema_version"] = "1.0",
            ["interval_ms"] = (long)options.StatsInterval.TotalMilliseconds,
            ["at"] = MqttJson.Node(time.GetUtcNow()),
        };
        MqttJson.Merge(message, stats);
        mailbox.Put(Json(topics.Stats, message, MqttQualityOfServiceLevel.AtMostOnce), always: true);
    }

    private void PutCamera(string id)
    {
        (CameraStatus camera, DateTimeOffset since) = _cameras[id];
        JsonObject message = new() { ["schema_version"] = "1.0" };
        MqttJson.Merge(message, camera with { Reasons = Masked(camera.Reasons) });
        if (Counters is { } counters)
        {
            MqttJson.Merge(message, counters(id));
        }

        message["since"] = MqttJson.Node(since);
        if (_people.TryGetValue(id, out int count))
        {
            message["people_in_view"] = camera.State == CameraState.Offline ? 0 : count; // the tracker may still be behind with the last frames
        }

        if (camera.Reasons.Count == 0)
        {
            message.Remove("reasons");
        }

        mailbox.Put(Json(topics.CameraStatus(id), message, MqttQualityOfServiceLevel.AtLeastOnce), always: true);
    }

    private static List<Reason> Masked(IEnumerable<Reason> reasons) => [.. reasons.Select(reason => reason with { Message = Secrets.Mask(reason.Message) })];

    private static StateMessage Text(string topic, string text, MqttQualityOfServiceLevel level) =>
        new(topic, Encoding.UTF8.GetBytes(text), level, Retain: true, "text/plain");

    private static StateMessage Json(string topic, JsonObject message, MqttQualityOfServiceLevel level) =>
        new(topic, MqttJson.Bytes(message), level, Retain: true, "application/json");
}
