using System.Diagnostics;
using System.Text;

namespace Pipeline.Tests.EndToEnd;

/// <summary>The program as a process of its own, with all that it prints.</summary>
internal sealed class PipelineProcess : IDisposable
{
    internal static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private PipelineProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Both streams, with each run of white space as one space: lines are wrapped to the terminal.</summary>
    internal string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join(' ', _output.ToString().Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
            }
        }
    }

    internal static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "pipeline");

    internal static PipelineProcess Start(params string[] arguments) => Start(Program, arguments);

    internal static PipelineProcess Start(string program, string[] arguments)
    {
        // A shell that starts the tests in the background has them ignore Ctrl-C, and so what they start; env takes that back.
        ProcessStartInfo start = new("env", ["--default-signal=INT", program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_COLOR"] = "1";
        return new PipelineProcess(Process.Start(start)!);
    }

    /// <summary>Runs it to its end.</summary>
    internal static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using PipelineProcess process = Start(arguments);
        return (await process.EndAsync(), process.Output);
    }

    internal async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Limit);
        return _process.ExitCode;
    }

    /// <summary>Lets it run for a while, then kills it.</summary>
    /// <returns>False when it ended of itself before that.</returns>
    internal async Task<bool> KillAfterAsync(TimeSpan life)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(life);
            return false;
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            return _process.ExitCode == 137;
        }
    }

    /// <summary>Sends a signal; INT is Ctrl-C.</summary>
    internal async Task SignalAsync(string name)
    {
        // The shell's own kill: the program of that name is not on every Debian.
        using Process kill = Process.Start("sh", ["-c", System.FormattableString.Invariant($"kill -{name} {_process.Id}")]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for something that the process does while it runs.</summary>
    internal async Task UntilAsync(Func<bool> done)
    {
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(50));
        using CancellationTokenSource limit = new(Limit);
        while (!done())
        {
            Assert.False(_process.HasExited, Output);
            await look.WaitForNextTickAsync(limit.Token);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
