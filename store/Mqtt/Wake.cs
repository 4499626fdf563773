using System.Threading.Channels;

namespace Pipeline.Store.Mqtt;

/// <summary>Wakes one waiter up; several calls before it waits count as one.</summary>
internal sealed class Wake
{
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    internal void Set() => _signal.Writer.TryWrite(true);

    internal async Task WaitAsync(CancellationToken cancellationToken) => await _signal.Reader.ReadAsync(cancellationToken);
}
