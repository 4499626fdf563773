using System.Text;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;
using Pipeline.Store;
using Pipeline.Store.Mqtt;

namespace Pipeline.Tests.Mqtt;

public sealed class MqttPublisherTests
{
    private const string Root = "reid/site";

    private static OutboxRow[] Rows(int count) => [.. Enumerable.Range(1, count).Select(at => MemoryOutbox.Row(at))];

    private static IEnumerable<string> Events(IEnumerable<MqttApplicationMessage> all) =>
        all.Where(message => message.Topic == $"{Root}/events").Select(message => message.ConvertPayloadToString() ?? "");

    private static string Text(OutboxRow row) => Encoding.UTF8.GetString(row.Payload);

    private static void States(MqttPublisher publisher)
    {
        publisher.SetStatus(Running.Site);
        publisher.SetCamera(Running.Camera("dock", CameraState.Online));
        publisher.SetCamera(Running.Camera("door", CameraState.Finished));
        publisher.SetPeople("dock", 2);
    }

    [SkippableFact]
    public async Task Online_comes_first_then_every_state_then_the_backlog_in_order()
    {
        await using LocalBroker broker = await Mosquitto.StartAsync();
        using Inbox inbox = await Inbox.OpenAsync(broker.Port);
        MemoryOutbox outbox = new();
        outbox.Add(Rows(50));

        await using Running running = await Running.StartAsync(Program.Options(broker.Port), outbox, first: States);
        await inbox.WaitAsync(all => Events(all).Count() == 50);

        string[] topics = [.. inbox.All.Select(message => message.Topic)];
        Assert.Equal($"{Root}/availability", topics[0]);
        Assert.Equal(
            [$"{Root}/camera/dock/people", $"{Root}/camera/dock/state", $"{Root}/camera/dock/status", $"{Root}/camera/door/state", $"{Root}/camera/door/status", $"{Root}/status"],
            topics[1..7]);
        Assert.Equal(Rows(50).Select(Text), Events(inbox.All));
    }

    [SkippableFact]
    public async Task A_clean_stop_sends_the_rest_says_stopped_and_leaves_no_will()
    {
        await using LocalBroker broker = await Mosquitto.StartAsync();
        using Inbox inbox = await Inbox.OpenAsync(broker.Port);
        MemoryOutbox outbox = new();
        await using Running running = await Running.StartAsync(Program.Options(broker.Port), outbox);
        outbox.Add(Rows(200));

        long left = await running.StopAsync();

        await inbox.WaitForAsync($"{Root}/availability", "stopped");
        Assert.Equal(0, left);
        Assert.Equal(200, Events(inbox.All).Count());
        using Inbox later = await Inbox.OpenAsync(broker.Port, $"{Root}/availability");
        await later.WaitForAsync($"{Root}/availability", "stopped");
        Assert.DoesNotContain(inbox.All, message => message.ConvertPayloadToString() == "offline");
    }

    [SkippableFact]
    public async Task The_retained_set_is_the_same_after_the_broker_lost_everything_and_events_are_never_retained()
    {
        MemoryOutbox outbox = new();
        outbox.Add(Rows(3));
        LocalBroker first = await Mosquitto.StartAsync();
        await using Running running = await Running.StartAsync(Program.Options(first.Port), outbox, first: States);
        using Inbox before = await Inbox.OpenAsync(first.Port);
        await before.WaitAsync(all => outbox.Sent.Count == 3 && Retained(all).Count == 7 && Retained(all)[$"{Root}/status"].Contains("\"pending\":0", StringComparison.Ordinal));
        first.Kill();
        await first.DisposeAsync();
        await running.HearsAsync("trying again");

        await using LocalBroker second = await Mosquitto.StartAsync(first.Port);
        await running.HearsAsync("connected to");
        using Inbox after = await Inbox.OpenAsync(second.Port);
        await after.WaitAsync(all => all.Select(message => message.Topic).Distinct().Count() == 7);

        Assert.Equal(Retained(before.All).Keys.Order(), Retained(after.All).Keys.Order());
        Assert.Equal("online", after.Newest()[$"{Root}/availability"]);
        Assert.Equal("2", after.Newest()[$"{Root}/camera/dock/people"]);
        Assert.DoesNotContain(after.All, message => message.Topic.EndsWith("/events", StringComparison.Ordinal));
    }

    private static Dictionary<string, string> Retained(IEnumerable<MqttApplicationMessage> all) =>
        all.Where(message => !message.Topic.EndsWith("/events", StringComparison.Ordinal))
            .GroupBy(message => message.Topic).ToDictionary(group => group.Key, group => group.Last().ConvertPayloadToString() ?? "");

    [SkippableFact]
    public async Task An_event_goes_out_with_its_own_bytes_and_what_MQTT_5_says_of_it()
    {
        await using LocalBroker broker = await Mosquitto.StartAsync();
        using Inbox inbox = await Inbox.OpenAsync(broker.Port, $"{Root}/events");
        MemoryOutbox outbox = new();
        OutboxRow row = MemoryOutbox.Row(1) with { PublishedAt = DateTimeOffset.UtcNow - TimeSpan.FromHours(1) };
        outbox.Add(row);

        await using Running running = await Running.StartAsync(Program.Options(broker.Port), outbox);
        await inbox.WaitAsync(all => all.Count == 1);

        MqttApplicationMessage sent = inbox.All[0];
        Assert.Equal(row.Payload, Inbox.Bytes(sent));
        Assert.Equal("application/json", sent.ContentType);
        Assert.Equal(MqttPayloadFormatIndicator.CharacterData, sent.PayloadFormatIndicator);
        Assert.Equal(MqttQualityOfServiceLevel.AtLeastOnce, sent.QualityOfServiceLevel);
        Assert.InRange(sent.MessageExpiryInterval, 23 * 3600u - 60, 23 * 3600u);
        Assert.Equal(
            ["schema_version=1.0", "type=match", $"event_id={row.EventId}", "live=false", "camera=dock"],
            sent.UserProperties?.Select(property => $"{property.Name}={property.Value}"));
    }

    [SkippableFact]
    public async Task Options_add_the_copy_the_crop_ahead_of_its_event_and_the_snapshot()
    {
        await using LocalBroker broker = await Mosquitto.StartAsync();
        using Inbox inbox = await Inbox.OpenAsync(broker.Port);
        MemoryOutbox outbox = new();
        outbox.Add(MemoryOutbox.Row(1), MemoryOutbox.Row(2, "merged", camera: null), MemoryOutbox.Row(3, "erasure", camera: null));
        CropPicture crop = new(new Guid("01a1fd2c-b118-7a04-8a97-ec901249dc52"), [0xFF, 0xD8, 0xFF]);
        MqttOptions options = Program.Options(broker.Port) with { FanOut = true, Crops = true, Snapshots = SnapshotMode.Retain };

        await using Running running = await Running.StartAsync(options, outbox, row => row.Camera is null ? null : crop);
        await inbox.WaitAsync(all => all.Any(message => message.Topic == $"{Root}/erasures") && all.Any(message => message.Topic.EndsWith("/snapshot", StringComparison.Ordinal)));

        string[] topics = [.. inbox.All.Select(message => message.Topic)];
        Assert.Equal(
            [$"{Root}/crop/01a1fd2c-b118-7a04-8a97-ec901249dc52", $"{Root}/events", $"{Root}/camera/dock/events", $"{Root}/events", $"{Root}/erasures"],
            topics.Where(topic => topic.Contains("/crop/", StringComparison.Ordinal) || topic.EndsWith("/events", StringComparison.Ordinal) || topic.EndsWith("/erasures", StringComparison.Ordinal)));
        Assert.Equal("image/jpeg", inbox.All[Array.IndexOf(topics, $"{Root}/camera/dock/snapshot")].ContentType);
    }

    [SkippableFact]
    public async Task A_broker_that_comes_late_gets_everything_that_waited()
    {
        LocalBroker placeholder = await Mosquitto.StartAsync();
        await placeholder.DisposeAsync();
        MemoryOutbox outbox = new();
        outbox.Add(Rows(5));
        await using Running running = await Running.StartAsync(Program.Options(placeholder.Port), outbox);
        string said = await running.HearsAsync("trying again");
        Assert.Contains("Connection refused", said, StringComparison.Ordinal);
        Assert.Equal(MqttConnectionState.Waiting, running.Publisher.State);

        await using LocalBroker broker = await Mosquitto.StartAsync(placeholder.Port);
        await running.HearsAsync("connected to");

        Assert.Equal(0, await running.StopAsync());
        Assert.Equal([1, 2, 3, 4, 5], outbox.Sent);
        Assert.Null(running.Publisher.LastError);
    }

    [SkippableFact]
    public async Task Without_a_broker_a_stop_tries_once_more_and_leaves_the_events_for_the_next_run()
    {
        LocalBroker placeholder = await Mosquitto.StartAsync();
        await placeholder.DisposeAsync();
        MemoryOutbox outbox = new();
        outbox.Add(Rows(2));
        await using Running running = await Running.StartAsync(Program.Options(placeholder.Port) with { ReconnectMin = TimeSpan.FromMinutes(1), ReconnectMax = TimeSpan.FromHours(1) }, outbox);
        await running.HearsAsync("trying again");

        Assert.Equal(2, await running.StopAsync());
        Assert.Empty(outbox.Sent);
    }

    [SkippableFact]
    public async Task A_refusal_says_what_to_check_and_never_the_password()
    {
        const string password = "s3cret/p@ss";
        string folder = Directory.CreateTempSubdirectory("mqtt-auth-").FullName;
        string users = Path.Combine(folder, "users");
        await File.WriteAllTextAsync(users, ""); // nobody
        string file = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(file, password + "\n");
        await using LocalBroker broker = await Mosquitto.StartAsync(null, "allow_anonymous false", $"password_file {users}", "user root");
        MemoryOutbox outbox = new();
        outbox.Add(Rows(1));

        await using Running running = await Running.StartAsync(
            Program.Options(broker.Port) with { UserName = "pipeline", PasswordFile = file }, outbox, first: States);
        string said = await running.HearsAsync("trying again");

        Assert.Contains("NotAuthorized: check mqtt.user_name ('pipeline') and its password", said, StringComparison.Ordinal);
        Assert.DoesNotContain(running.Said, line => line.Contains(password, StringComparison.Ordinal));
        Assert.DoesNotContain(password, running.Publisher.LastError, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [SkippableFact]
    public async Task The_brokers_packet_size_is_obeyed_and_what_is_above_it_is_set_aside_and_said()
    {
        await using LocalBroker broker = await Mosquitto.StartAsync(null, "max_packet_size 16384", "max_inflight_messages 1");
        using Inbox inbox = await Inbox.OpenAsync(broker.Port);
        MemoryOutbox outbox = new();
        outbox.Add(MemoryOutbox.Row(1), MemoryOutbox.Row(2, padding: 20000), MemoryOutbox.Row(3));

        await using Running running = await Running.StartAsync(Program.Options(broker.Port), outbox, first: States);
        await inbox.WaitAsync(all => Events(all).Count() == 2
            && all.Any(message => message.Topic == $"{Root}/status" && (message.ConvertPayloadToString() ?? "").Contains("set_aside", StringComparison.Ordinal)));

        await running.StopAsync();
        Assert.Equal([1, 3], outbox.Sent);
        Assert.Contains("above the limit of 16384", outbox.Aside[2], StringComparison.Ordinal);
        using JsonDocument status = JsonDocument.Parse(inbox.Newest()[$"{Root}/status"]);
        Assert.Equal("degraded", status.RootElement.GetProperty("state").GetString());
    }

    [SkippableFact]
    public async Task A_payload_the_broker_does_not_want_is_set_aside_and_the_others_go()
    {
        await using LocalBroker broker = await Mosquitto.StartAsync(null, "message_size_limit 4096");
        MemoryOutbox outbox = new();
        outbox.Add(MemoryOutbox.Row(1), MemoryOutbox.Row(2, padding: 5000), MemoryOutbox.Row(3));

        await using Running running = await Running.StartAsync(Program.Options(broker.Port), outbox);
        await running.StopAsync();

        Assert.Equal([2], outbox.Aside.Keys); // with 0x83 or 0x95: mosquitto has changed its mind between versions
        Assert.Equal([1, 3], outbox.Sent.Order());
    }

    [SkippableFact]
    public async Task A_broker_without_QoS_1_and_retention_is_used_as_it_is_and_the_status_says_so()
    {
        await using LocalBroker broker = await Mosquitto.StartAsync(null, "max_qos 0", "retain_available false");
        using Inbox inbox = await Inbox.OpenAsync(broker.Port);
        MemoryOutbox outbox = new();
        outbox.Add(Rows(10));

        await using Running running = await Running.StartAsync(Program.Options(broker.Port), outbox, first: States);
        await inbox.WaitAsync(all => Events(all).Count() == 10 && all.Any(message => message.Topic == $"{Root}/status"));

        Assert.Equal(Rows(10).Select(Text), Events(inbox.All));
        Assert.Contains("qos_lowered", inbox.Newest()[$"{Root}/status"], StringComparison.Ordinal);
        Assert.Contains("retain_unavailable", inbox.Newest()[$"{Root}/status"], StringComparison.Ordinal);
        Assert.Equal(0, await running.StopAsync());
    }

    [SkippableFact]
    public async Task Two_runs_of_one_site_are_named_as_the_cause()
    {
        await using LocalBroker broker = await Mosquitto.StartAsync();
        await using Running one = await Running.StartAsync(Program.Options(broker.Port), new MemoryOutbox());
        await one.HearsAsync("connected to");

        await using Running two = await Running.StartAsync(Program.Options(broker.Port), new MemoryOutbox());

        Assert.Contains("another run.site", await one.HearsAsync("do two runs share the client id 'reid-site'?"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_camera_status_has_the_counters_of_its_moment_and_a_lost_stream_has_nobody_in_view()
    {
        await using LocalBroker broker = await Mosquitto.StartAsync();
        using Inbox inbox = await Inbox.OpenAsync(broker.Port);
        CameraCounters counters = new(null, null, 0, 0, null);
        await using Running running = await Running.StartAsync(Program.Options(broker.Port), new MemoryOutbox(), first: publisher =>
        {
            publisher.SetCounters(_ => counters);
            States(publisher);
        });
        await inbox.WaitAsync(all => all.Any(message => Says(message, "\"frames_dropped\":0,\"decode_errors\":0,")));

        counters = new CameraCounters(4.2, 4.1, 37, 3, DateTimeOffset.UnixEpoch);
        running.Publisher.SetCamera(Running.Camera("dock", CameraState.Degraded));
        await inbox.WaitAsync(all => all.Any(message => Says(message, "\"people_in_view\":2") && Says(message, "\"fps_in\":4.2,\"fps_processed\":4.1,") && Says(message, "\"frames_dropped\":37,\"decode_errors\":3,\"last_frame_at\":\"1970-01-01T00:00:00.000Z\"")));
        running.Publisher.SetCamera(Running.Camera("dock", CameraState.Offline));

        await inbox.WaitAsync(all => all.Any(message => Says(message, "\"people_in_view\":0") && Says(message, "\"state\":\"offline\"")));

        static bool Says(MqttApplicationMessage message, string text) =>
            message.Topic == $"{Root}/camera/dock/status" && message.ConvertPayloadToString()!.Contains(text, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Status_and_camera_messages_have_the_contracts_fields()
    {
        await using LocalBroker broker = await Mosquitto.StartAsync();
        using Inbox inbox = await Inbox.OpenAsync(broker.Port);
        await using Running running = await Running.StartAsync(Program.Options(broker.Port), new MemoryOutbox(), first: publisher =>
        {
            States(publisher);
            publisher.SetCamera(Running.Camera("dock", CameraState.Degraded) with { Reasons = [new Reason("lost", "rtsp://me:pass@10.0.0.1/x")] });
        });
        await inbox.WaitAsync(all => all.Any(message => message.Topic == $"{Root}/status"));

        using JsonDocument status = JsonDocument.Parse(inbox.Newest()[$"{Root}/status"]);
        Assert.Equal(
            ["schema_version", "site_id", "state", "version", "started_at", "mode", "model_id", "calibrated", "cameras_online", "cameras_total", "outbox", "last_sequence", "updated_at"],
            status.RootElement.EnumerateObject().Select(field => field.Name));
        Assert.Equal("1970-01-01T00:00:00.000Z", status.RootElement.GetProperty("started_at").GetString());
        using JsonDocument camera = JsonDocument.Parse(inbox.Newest()[$"{Root}/camera/dock/status"]);
        Assert.Equal("degraded", camera.RootElement.GetProperty("state").GetString());
        Assert.Equal("rtsp://***@10.0.0.1/x", camera.RootElement.GetProperty("reasons")[0].GetProperty("message").GetString());
    }
}
