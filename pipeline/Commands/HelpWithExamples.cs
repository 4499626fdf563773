using System.CommandLine;
using System.CommandLine.Invocation;

namespace Pipeline.Cli.Commands;

/// <summary>The ordinary help, then the command's examples.</summary>
internal sealed class HelpWithExamples(SynchronousCommandLineAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int result = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is PipelineCommand { Examples.Count: > 0 } command)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string line in Lines(command.Examples, System.Console.IsOutputRedirected ? int.MaxValue : System.Console.WindowWidth))
            {
                output.WriteLine(line);
            }

            output.WriteLine();
        }

        return result;
    }

    /// <summary>The examples as they are printed: where they are wider than the terminal, what each does stands above it.</summary>
    /// <param name="examples">Command lines, each with what it does behind <c>#</c>.</param>
    /// <param name="width">Columns of the terminal; some give 0 for not known.</param>
    internal static IEnumerable<string> Lines(IReadOnlyList<string> examples, int width)
    {
        if (width <= 0 || examples.All(example => example.Length + 2 <= width))
        {
            return examples.Select(example => $"  {example}");
        }

        return examples.SelectMany(example => example.IndexOf(" # ", StringComparison.Ordinal) is >= 0 and var at
            ? (string[])[$"  {example[(at + 1)..]}", $"  {example[..at].TrimEnd()}"]
            : [$"  {example}"]);
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => help.ClearsParseErrors;
}
