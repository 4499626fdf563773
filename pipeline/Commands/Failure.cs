using System.Reflection;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Terminal;
using Pipeline.Reid;
using Pipeline.Reid.Training;

namespace Pipeline.Cli.Commands;

/// <summary>What to say of an exception, and how the process ends. Only our own faults come with a stack trace.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Lines">Lines for standard error, without a prefix.</param>
internal sealed record Failure(ExitCode Code, IReadOnlyList<string> Lines)
{
    private const string Doctor = "'pipeline doctor' says what is missing.";

    /// <summary>Judges an exception.</summary>
    /// <param name="exception">What was thrown.</param>
    public static Failure Of(Exception exception) => Unwrap(exception) switch
    {
        SettingsException e => new Failure(ExitCode.WrongUse, [.. e.Problems.Select(Line)]),
        InvalidDataException e => new Failure(ExitCode.WrongUse, [Line(e.Message)]),
        TrainingException e => new Failure(ExitCode.CouldNotRun, [Line(e.Message)]),
        FileNotFoundException or DirectoryNotFoundException => new Failure(ExitCode.WrongUse, [Line(Unwrap(exception).Message)]),
        DllNotFoundException e => new Failure(ExitCode.CouldNotRun, [$"a library is missing: {FirstSentence(e.Message)}. {Doctor}"]),
        IOException e when AtomicFile.IsFull(e) => new Failure(ExitCode.CouldNotRun, [$"{Line(e.Message).TrimEnd('.')}: the disk is full. Free space there and do it again."]),
        IOException e => new Failure(ExitCode.CouldNotRun, [Line(e.Message)]),
        UnauthorizedAccessException e => new Failure(ExitCode.CouldNotRun, [$"{Line(e.Message)} Check owner and mode."]),
        Exception e => new Failure(ExitCode.CouldNotRun, Own(e)),
    };

    /// <summary>What was thrown at the bottom, without the wrappers that reflection and static constructors put round it.</summary>
    /// <param name="exception">What was caught.</param>
    public static Exception Unwrap(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [Exception one] } => Unwrap(one),
        TypeInitializationException or TargetInvocationException when exception.InnerException is { } inner => Unwrap(inner),
        _ => exception,
    };

    private static IReadOnlyList<string> Own(Exception e) =>
        [$"a fault of this program: {e.GetType().Name}: {Line(e.Message)} Please report it with these lines:", .. (e.StackTrace ?? "").Split('\n').Select(Line)];

    // .NET lists every path it tried behind the first sentence.
    private static string FirstSentence(string message) => Line(message.Split('\n')[0].Split(" or one of its dependencies")[0]).TrimEnd('.');

    private static string Line(string text) => SettingText.MaskCredentials(TerminalText.Clean(text.Trim()));
}
