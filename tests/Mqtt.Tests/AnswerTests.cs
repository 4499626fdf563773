using System.Globalization;
using Pipeline.Store.Mqtt;

namespace Pipeline.Tests.Mqtt;

/// <summary>Answers that mosquitto does not give, from a broker that says what it is told.</summary>
public sealed class AnswerTests
{
    private static bool IsRow(Packet packet, long sequence) => packet.Topic == "reid/site/events" && packet.Holds($"\"sequence\":{sequence},");

    private static MemoryOutbox Outbox(int count)
    {
        MemoryOutbox outbox = new();
        outbox.Add([.. Enumerable.Range(1, count).Select(at => MemoryOutbox.Row(at))]);
        return outbox;
    }

    [SkippableTheory]
    [InlineData(new byte[] { 0, 1 })] // what a broker of 3.x answers
    [InlineData(new byte[] { 0, 0x84, 0 })]
    public async Task A_broker_that_refuses_version_5_is_spoken_to_in_3_1_1(byte[] refusal)
    {
        using ScriptedBroker broker = new() { Connack = connect => connect.Version == 5 ? refusal : [0, 0] };
        MemoryOutbox outbox = Outbox(20);

        await using Running running = await Running.StartAsync(Program.Options(broker.Port), outbox, first: publisher => publisher.SetStatus(Running.Site));

        Assert.Contains("with MQTT 3.1.1", await running.HearsAsync("connected to"), StringComparison.Ordinal);
        Assert.Equal(0, await running.StopAsync());
        Assert.Equal([5, 4], broker.Received.Where(packet => packet.Type == 1).Select(packet => packet.Version));
        Assert.Contains(broker.Received, packet => packet.Type == 3 && packet.Topic == "reid/site/status" && packet.Holds("mqtt_3_1_1"));
        Assert.Equal(Enumerable.Range(1, 20).Select(at => (long)at), outbox.Sent);
    }

    [SkippableFact]
    public async Task A_quota_is_waited_for_and_nothing_is_lost()
    {
        int refused = 0;
        using ScriptedBroker broker = new() { Puback = packet => IsRow(packet, 3) && refused++ < 7 ? (byte)0x97 : (byte)0 };
        MemoryOutbox outbox = Outbox(10);

        await using Running running = await Running.StartAsync(Program.Options(broker.Port), outbox);

        Assert.Equal(0, await running.StopAsync());
        Assert.Empty(outbox.Aside);
        Assert.Equal(Enumerable.Range(1, 10).Select(at => (long)at), outbox.Sent.Order());
    }

    [SkippableTheory]
    [InlineData(0x87)]
    [InlineData(0x90)]
    [InlineData(0x99)]
    public async Task A_refusal_for_good_sets_the_row_aside_at_once(byte code)
    {
        using ScriptedBroker broker = new() { Puback = packet => IsRow(packet, 2) ? code : (byte)0x10 };
        MemoryOutbox outbox = Outbox(4);

        await using Running running = await Running.StartAsync(Program.Options(broker.Port), outbox);
        await running.StopAsync();

        Assert.Contains($"0x{code:X2}", outbox.Aside[2], StringComparison.Ordinal);
        Assert.Equal([1, 3, 4], outbox.Sent);
        Assert.Single(broker.Received, packet => packet.Type == 3 && IsRow(packet, 2));
    }

    [SkippableFact]
    public async Task An_error_of_the_brokers_own_is_tried_five_times()
    {
        using ScriptedBroker broker = new() { Puback = packet => IsRow(packet, 2) ? (byte)0x83 : (byte)0 };
        MemoryOutbox outbox = Outbox(4);

        await using Running running = await Running.StartAsync(Program.Options(broker.Port), outbox);
        await running.StopAsync();

        Assert.Equal("the broker answered ImplementationSpecificError (0x83) 5 times", outbox.Aside[2]);
        Assert.Equal(5, broker.Received.Count(packet => packet.Type == 3 && IsRow(packet, 2)));
        Assert.Equal([1, 3, 4], outbox.Sent);
    }

    [SkippableFact]
    public async Task A_row_that_ends_the_connection_three_times_is_set_aside_and_the_others_are_not()
    {
        using ScriptedBroker broker = new() { Puback = packet => IsRow(packet, 5) ? null : (byte)0 };
        MemoryOutbox outbox = Outbox(12);

        await using Running running = await Running.StartAsync(Program.Options(broker.Port), outbox);
        await running.HearsAsync("is set aside");

        Assert.Equal(0, await running.StopAsync());
        Assert.Equal([5], outbox.Aside.Keys);
        Assert.Equal(Enumerable.Range(1, 12).Where(at => at != 5).Select(at => (long)at), outbox.Sent);
    }

    [SkippableFact]
    public async Task A_lost_acknowledgement_sends_the_same_bytes_again_oldest_first()
    {
        int cut = 0;
        using ScriptedBroker broker = new() { Puback = packet => IsRow(packet, 3) && cut++ == 0 ? null : (byte)0 };
        MemoryOutbox outbox = Outbox(6);

        await using Running running = await Running.StartAsync(Program.Options(broker.Port), outbox);
        await running.HearsAsync("trying again");
        Assert.Equal(0, await running.StopAsync());

        Packet[] third = [.. broker.Received.Where(packet => packet.Type == 3 && IsRow(packet, 3))];
        Assert.Equal(2, third.Length);
        Assert.Equal(third[0].Body[^100..], third[1].Body[^100..]);
        Assert.Equal([1, 2, 3, 4, 5, 6], outbox.Sent);
    }

    [SkippableFact]
    public async Task No_more_are_unacknowledged_than_the_broker_allows()
    {
        TaskCompletionSource two = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ScriptedBroker broker = new() { Connack = _ => [0, 0, 3, 0x21, 0, 2], HoldAcknowledgements = true }; // Receive Maximum 2
        broker.Arrived += packet => _ = IsRow(packet, 2) && two.TrySetResult();
        MemoryOutbox outbox = Outbox(30);
        await using Running running = await Running.StartAsync(Program.Options(broker.Port), outbox);
        await two.Task.WaitAsync(Inbox.Limit);

        running.Publisher.SetPeople("dock", 1); // QoS 0: goes out at once, behind whatever was sent before it
        await broker.WaitAsync(packet => packet.Topic.EndsWith("/people", StringComparison.Ordinal));

        Assert.Equal(2, broker.Received.Count(packet => packet.Type == 3 && packet.Topic == "reid/site/events"));
        broker.Release();
        Assert.Equal(0, await running.StopAsync());
        Assert.Equal(Enumerable.Range(1, 30).Select(at => (long)at), outbox.Sent);
    }

    [SkippableFact]
    public async Task Waits_double_from_one_second_to_sixty_with_jitter_and_never_end()
    {
        ManualTime time = new();
        ScriptedBroker gone = new();
        int port = gone.Port;
        gone.Dispose();
        MqttOptions options = new() { Broker = $"mqtt://127.0.0.1:{port}", AllowPlaintext = true };
        await using Running running = await Running.StartAsync(options, new MemoryOutbox(), time: time);

        for (int failure = 0; failure < 12; failure++)
        {
            string said = await running.HearsAsync("trying again in ");
            string after = said.Split("trying again in ")[1];
            double seconds = double.Parse(after[..after.IndexOf(" s", StringComparison.Ordinal)], CultureInfo.InvariantCulture);
            double step = Math.Min(60, Math.Pow(2, failure));
            Assert.InRange(seconds, (step / 2) - 0.05, step + 0.05);
            while (running.Publisher.State == MqttConnectionState.Waiting)
            {
                time.Advance(TimeSpan.FromSeconds(60)); // again and again: the wait may not have begun yet
                await Task.Yield();
            }
        }
    }
}
