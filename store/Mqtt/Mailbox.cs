using MQTTnet.Protocol;

namespace Pipeline.Store.Mqtt;

/// <summary>A message of which only the newest counts.</summary>
internal sealed record StateMessage(string Topic, byte[] Payload, MqttQualityOfServiceLevel Level, bool Retain, string? ContentType);

/// <summary>The newest message of every state topic, and which of them the broker has. Safe from any thread.</summary>
internal sealed class Mailbox
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StateMessage> _newest = [];
    private readonly List<string> _unsent = [];
    private readonly Wake _wake = new();

    /// <summary>Puts a message in; one equal to the newest of its topic is not sent again unless it must be.</summary>
    internal void Put(StateMessage message, bool always = false)
    {
        lock (_gate)
        {
            if (!always && _newest.TryGetValue(message.Topic, out StateMessage? old) && old.Payload.AsSpan().SequenceEqual(message.Payload))
            {
                return;
            }

            _newest[message.Topic] = message;
            if (!_unsent.Contains(message.Topic))
            {
                _unsent.Add(message.Topic);
            }
        }

        _wake.Set();
    }

    /// <summary>A new connection: everything that is retained goes out again, in order of topic.</summary>
    internal void Renew()
    {
        lock (_gate)
        {
            _unsent.Clear();
            _unsent.AddRange(_newest.Values.Where(message => message.Retain).Select(message => message.Topic).Order(StringComparer.Ordinal));
        }
    }

    /// <summary>Takes the next message to send; null when there is none.</summary>
    internal StateMessage? Take()
    {
        lock (_gate)
        {
            if (_unsent.Count == 0)
            {
                return null;
            }

            string topic = _unsent[0];
            _unsent.RemoveAt(0);
            return _newest[topic];
        }
    }

    /// <summary>Waits until something was put in.</summary>
    internal Task WaitAsync(CancellationToken cancellationToken) => _wake.WaitAsync(cancellationToken);
}
