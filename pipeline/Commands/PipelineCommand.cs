using System.CommandLine;

namespace Pipeline.Cli.Commands;

/// <summary>
/// A command: its name and description go to the constructor, its arguments and options are fields that the constructor adds, its
/// examples show in <c>--help</c>. User's errors leave as exceptions; <see cref="CommandLine"/> turns them into one line and an exit code.
/// </summary>
/// <param name="name">Name, one word.</param>
/// <param name="description">One sentence for lists and help.</param>
internal abstract class PipelineCommand(string name, string description) : Command(name, description)
{
    /// <summary>Lines for <c>--help</c>: whole command lines, each with what it does behind <c>#</c>.</summary>
    public virtual IReadOnlyList<string> Examples => [];

    /// <summary>Does it.</summary>
    /// <param name="call">What was typed, and where output goes.</param>
    /// <param name="cancellationToken">Cancelled by Ctrl-C and SIGTERM: stop cleanly.</param>
    public abstract Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken);
}
