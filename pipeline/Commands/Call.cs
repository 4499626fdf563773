using System.CommandLine;
using System.CommandLine.Parsing;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary>One call of a command: what was typed, and where output goes.</summary>
/// <param name="Arguments">The parsed command line.</param>
/// <param name="Terminal">For people; standard output.</param>
/// <param name="Output">Standard output, for text that is not markup and for machines.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Environment">Environment variables.</param>
internal sealed record Call(
    ParseResult Arguments, IAnsiConsole Terminal, TextWriter Output, TextWriter Error, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>True when <c>--json</c> was given: machines read along, one JSON object a line.</summary>
    public bool Json => Arguments.GetValue(CommandLine.JsonOption);

    /// <summary>Value of an argument; its default when it was not given.</summary>
    /// <param name="argument">The argument.</param>
    public T? Get<T>(Argument<T> argument) => Arguments.GetValue(argument);

    /// <summary>Value of an option; its default when it was not given.</summary>
    /// <param name="option">The option.</param>
    public T? Get<T>(Option<T> option) => Arguments.GetValue(option);

    /// <summary>True when the user gave this option.</summary>
    /// <param name="option">The option.</param>
    public bool Has(Option option) => Arguments.GetResult(option) is OptionResult { Implicit: false };
}
