using Pipeline.Cli.Commands;
using Spectre.Console;

namespace Pipeline.Cli.Terminal;

/// <summary>Shows how far a piece of work is: one line that changes on a terminal, a line every few seconds on standard error elsewhere.</summary>
/// <param name="call">The console.</param>
internal sealed class WorkProgress(Call call)
{
    /// <summary>Shows until the work has ended, then throws what it threw.</summary>
    /// <param name="read">The line of now.</param>
    /// <param name="work">The work.</param>
    public async Task WatchAsync(Func<string> read, Task work)
    {
        if (call.Terminal.Profile.Capabilities is { Ansi: true, Interactive: true } && !call.Json)
        {
            await call.Terminal.Status().StartAsync(Markup.Escape(read()), async status =>
            {
                await RepeatAsync(ProgressDisplay.LivePeriod, work, () => status.Status(Markup.Escape(read())));
            });
        }
        else
        {
            await RepeatAsync(ProgressDisplay.LinePeriod, work, () => call.Error.WriteLine(read()));
        }

        await work;
    }

    private static async Task RepeatAsync(TimeSpan period, Task work, Action show)
    {
        while (await Task.WhenAny(work, Task.Delay(period)) != work)
        {
            show();
        }
    }
}
