using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Pipeline.Store.Mqtt;

/// <summary>A crop to send ahead of its event.</summary>
/// <param name="Id">The crop's id, as in the event.</param>
/// <param name="Jpeg">The picture, at most 256 KiB.</param>
public sealed record CropPicture(Guid Id, byte[] Jpeg);

/// <summary>
/// Sends the outbox's rows by sequence over one connection after the other (mqtt.md 11): a window of unacknowledged rows, each
/// marked at its PUBACK; what a connection left unacknowledged goes out again on the next, oldest first.
/// </summary>
internal sealed class OutboxSender(
    MqttOptions options, Topics topics, IOutbox outbox, TimeProvider time, Func<OutboxRow, CropPicture?>? crops, Mailbox mailbox, Action<string> notice)
{
    // MQTT 5 has it for other packets only; mosquitto 2.0 gives it in a PUBACK all the same, for what is above its message_size_limit.
    private const MqttClientPublishReasonCode PacketTooLarge = (MqttClientPublishReasonCode)0x95;
    private const int RefusalTries = 5;
    private const int DisconnectTries = 3;
    private const int MaximumPicture = 256 * 1024;

    private readonly Wake _wake = new();
    private readonly Dictionary<long, int> _refusals = [];
    private readonly Dictionary<long, int> _disconnects = [];
    private long[] _unsettled = [];
    private long _aloneUpTo = long.MinValue;
    private volatile bool _finish;

    /// <summary>There may be new rows.</summary>
    internal void Poke() => _wake.Set();

    /// <summary>From now on <see cref="RunAsync"/> returns when nothing is left to send.</summary>
    internal void Finish()
    {
        _finish = true;
        _wake.Set();
    }

    /// <summary>Sends until cancelled, finished, or the connection is lost.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="brokerStayed">
    /// The broker was there at the first attempt after the last loss. Only then is the loss laid at the door of what was being
    /// sent; a broker that was gone for a while did not go because of a row.
    /// </param>
    /// <param name="cancellationToken">Stops, leaving what is unacknowledged to the next connection.</param>
    internal async Task RunAsync(Session session, bool brokerStayed, CancellationToken cancellationToken)
    {
        Blame(brokerStayed);
        Backoff backoff = new(options.ReconnectMin, options.ReconnectMax);
        Queue<(OutboxRow Row, Task<MqttClientPublishResult> Answer)> inFlight = [];
        long after = -1;
        try
        {
            while (true)
            {
                after = await FillAsync(session, inFlight, after, cancellationToken);
                if (inFlight.Count == 0)
                {
                    if (_finish)
                    {
                        return;
                    }

                    await _wake.WaitAsync(cancellationToken);
                    continue;
                }

                (OutboxRow row, Task<MqttClientPublishResult> answer) = inFlight.Peek();
                MqttClientPublishResult result = await answer.WaitAsync(cancellationToken);
                inFlight.Dequeue();
                if (Settle(row, result))
                {
                    backoff.Reset();
                    continue;
                }

                // The rows behind it may have overtaken it; what the broker has of them is marked, the rest comes again in order.
                while (inFlight.TryPeek(out (OutboxRow Row, Task<MqttClientPublishResult> Answer) next))
                {
                    _ = Settle(next.Row, await next.Answer.WaitAsync(cancellationToken));
                    inFlight.Dequeue();
                }

                _aloneUpTo = Math.Max(_aloneUpTo, row.Sequence);
                after = -1;
                await Task.Delay(backoff.Next(), time, cancellationToken);
            }
        }
        catch (Exception e) when (e is MqttCommunicationException or OperationCanceledException)
        {
            SettleAnswered(inFlight);
            _unsettled = [.. inFlight.Where(pair => !pair.Answer.IsCompletedSuccessfully).Select(pair => pair.Row.Sequence)];
            throw;
        }
    }

    private async Task<long> FillAsync(
        Session session, Queue<(OutboxRow Row, Task<MqttClientPublishResult> Answer)> inFlight, long after, CancellationToken cancellationToken)
    {
        int room = (after < _aloneUpTo ? 1 : session.Width) - inFlight.Count;
        if (room <= 0)
        {
            return after;
        }

        foreach (OutboxRow row in outbox.Pending(after, room))
        {
            after = row.Sequence;
            MqttApplicationMessage message = Message(session, row, row.Type == "erasure" ? topics.Erasures : topics.Events);
            int size = Session.PacketSize(message);
            if (size > session.MaximumPacketSize)
            {
                Aside(row.Sequence, $"its packet of {size} bytes is above the limit of {session.MaximumPacketSize}");
                continue;
            }

            await SendPictureAsync(session, row, cancellationToken);
            await session.ReserveAsync(cancellationToken);
            Task<MqttClientPublishResult> answer = session.PublishReservedAsync(message);
            if (options.FanOut && row.Camera is not null && row.Type is not ("merged" or "split" or "erasure"))
            {
                await session.ReserveAsync(cancellationToken);
                answer = BothAsync(answer, session.PublishReservedAsync(Message(session, row, topics.CameraEvents(row.Camera))));
            }

            inFlight.Enqueue((row, answer));
        }

        return after;
    }

    private MqttApplicationMessage Message(Session session, OutboxRow row, string topic)
    {
        List<MqttUserProperty> properties = [new("schema_version", "1.0"), new("type", row.Type)];
        if (row.Type != "erasure")
        {
            properties.Add(new("event_id", row.EventId.ToString()));
            properties.Add(new("live", row.Live ? "true" : "false"));
        }

        if (row.Camera is not null)
        {
            properties.Add(new("camera", row.Camera));
        }

        TimeSpan left = options.EventExpiry - (time.GetUtcNow() - row.PublishedAt);
        return session.Message(topic, row.Payload, MqttQualityOfServiceLevel.AtLeastOnce, retain: false, "application/json", left, properties);
    }

    private async Task SendPictureAsync(Session session, OutboxRow row, CancellationToken cancellationToken)
    {
        if ((!options.Crops && options.Snapshots == SnapshotMode.Off) || crops?.Invoke(row) is not { } picture)
        {
            return;
        }

        MqttApplicationMessage message = session.Message(
            topics.Crop(picture.Id), picture.Jpeg, MqttQualityOfServiceLevel.AtLeastOnce, retain: false, "image/jpeg", options.EventExpiry);
        if (picture.Jpeg.Length > MaximumPicture || Session.PacketSize(message) > session.MaximumPacketSize)
        {
            notice($"crop {picture.Id} of {picture.Jpeg.Length} bytes is above the limit and not sent; its event is");
            return;
        }

        if (options.Snapshots != SnapshotMode.Off && row.Camera is not null)
        {
            mailbox.Put(new StateMessage(
                topics.Snapshot(row.Camera), picture.Jpeg, MqttQualityOfServiceLevel.AtMostOnce, options.Snapshots == SnapshotMode.Retain, "image/jpeg"));
        }

        if (options.Crops)
        {
            await session.ReserveAsync(cancellationToken);
            _ = NotedAsync(session.PublishReservedAsync(message), picture.Id);
        }
    }

    // A crop is an extra: its loss is said, the event's delivery does not wait for it.
    private async Task NotedAsync(Task<MqttClientPublishResult> sent, Guid crop)
    {
        try
        {
            MqttClientPublishResult result = await sent;
            if (!result.IsSuccess)
            {
                notice($"the broker did not take crop {crop}: {result.ReasonCode}");
            }
        }
        catch (MqttCommunicationException)
        {
            notice($"crop {crop} was on its way when the connection was lost");
        }
    }

    private static async Task<MqttClientPublishResult> BothAsync(Task<MqttClientPublishResult> main, Task<MqttClientPublishResult> copy)
    {
        MqttClientPublishResult[] results = await Task.WhenAll(main, copy);
        return results[0].IsSuccess ? results[1] : results[0];
    }

    /// <summary>Marks a row by the broker's answer (mqtt.md 11.7). False: it must go out again, after a wait.</summary>
    private bool Settle(OutboxRow row, MqttClientPublishResult result)
    {
        if (result.IsSuccess)
        {
            outbox.MarkSent(row.Sequence);
            _refusals.Remove(row.Sequence);
            _disconnects.Remove(row.Sequence);
            return true;
        }

        string name = result.ReasonCode == PacketTooLarge ? nameof(PacketTooLarge) : result.ReasonCode.ToString();
        string words = $"the broker answered {name} (0x{(int)result.ReasonCode:X2})";
        switch (result.ReasonCode)
        {
            case MqttClientPublishReasonCode.QuotaExceeded or MqttClientPublishReasonCode.PacketIdentifierInUse:
                notice($"{words} to event {row.Sequence}: trying again");
                return false;
            case MqttClientPublishReasonCode.NotAuthorized or MqttClientPublishReasonCode.TopicNameInvalid
                or MqttClientPublishReasonCode.PayloadFormatInvalid or PacketTooLarge:
                Aside(row.Sequence, words);
                return true;
            default:
                int tries = _refusals[row.Sequence] = _refusals.GetValueOrDefault(row.Sequence) + 1;
                if (tries < RefusalTries)
                {
                    return false;
                }

                Aside(row.Sequence, $"{words} {tries} times");
                return true;
        }
    }

    // What was acknowledged before the connection broke, behind a row that was not.
    private void SettleAnswered(Queue<(OutboxRow Row, Task<MqttClientPublishResult> Answer)> inFlight)
    {
        foreach ((OutboxRow row, Task<MqttClientPublishResult> answer) in inFlight)
        {
            if (answer.IsCompletedSuccessfully && answer.Result.IsSuccess)
            {
                outbox.MarkSent(row.Sequence);
            }
        }
    }

    // Of several rows in flight none can be blamed, so all are suspected and sent one by one until the bad one shows itself.
    private void Blame(bool brokerStayed)
    {
        if (!brokerStayed)
        {
            _disconnects.Clear();
        }

        foreach (long sequence in brokerStayed ? _unsettled : [])
        {
            int times = _disconnects[sequence] = _disconnects.GetValueOrDefault(sequence) + 1;
            if (times >= DisconnectTries)
            {
                Aside(sequence, $"{times} times in a row the connection was lost when it was sent");
            }
        }

        _aloneUpTo = _disconnects.Count == 0 ? long.MinValue : _disconnects.Keys.Max();
        _unsettled = [];
    }

    private void Aside(long sequence, string reason)
    {
        outbox.SetAside(sequence, reason);
        _refusals.Remove(sequence);
        _disconnects.Remove(sequence);
        notice($"event {sequence} is set aside: {reason}");
    }
}
