using Pipeline.Store;

namespace Pipeline.Cli.Running;

/// <summary>
/// Retention while a live run goes on for weeks: once an hour, after a commit, what grew too old leaves the store and the gallery in memory. Recorded
/// footage forgets at the start of a run only, so that its result does not hang on how long the run takes. Not thread-safe.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="options">How long what is kept.</param>
/// <param name="clock">The wall clock: retention counts from when something was stored.</param>
/// <param name="forget">Told of the tracklets that went.</param>
internal sealed class LiveRetention(IdentityStore store, RetentionOptions options, TimeProvider clock, Action<PurgeResult> forget)
{
    private static readonly TimeSpan s_every = TimeSpan.FromHours(1);
    private DateTimeOffset _last = clock.GetUtcNow();

    /// <summary>Forgets, if an hour has passed.</summary>
    public void Check()
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (now - _last < s_every)
        {
            return;
        }

        _last = now;
        PurgeResult gone = store.Purge(now, options);
        if (gone.Tracklets > 0)
        {
            forget(gone);
        }
    }
}
