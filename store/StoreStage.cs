using System.Threading.Channels;
using Pipeline.Tracker;

namespace Pipeline.Store;

/// <summary>Last stage: decisions in, decisions with their events out, each group on the disk before it is passed on.</summary>
/// <param name="store">The store; used by this stage alone for writing decisions.</param>
/// <param name="run">The run that the groups belong to.</param>
/// <param name="log">Where events are written as lines; null for none.</param>
public sealed class StoreStage(IdentityStore store, RunRecord run, EventLog? log)
{
    /// <summary>Runs until the input is complete or the token is cancelled, then completes the output.</summary>
    /// <param name="input">Groups in the order in which they were decided.</param>
    /// <param name="output">Receives each group once it is committed.</param>
    /// <param name="cancellationToken">Stops between two groups, never within one.</param>
    /// <exception cref="StoreException">A group could not be written; it and those after it are not in the store.</exception>
    public async Task RunAsync(ChannelReader<LinkGroup> input, ChannelWriter<CommittedGroup> output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        Exception? failure = null;
        try
        {
            await foreach (LinkGroup group in input.ReadAllAsync(cancellationToken))
            {
                CommittedGroup committed = store.Commit(run, group);
                log?.Append(committed.Events);
                await output.WriteAsync(committed, cancellationToken);
            }
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            output.TryComplete(failure);
        }
    }
}
