using System.Collections;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using Pipeline.Cli.Benchmarks;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Terminal;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary>The command tree, and the one place that turns exceptions and signals into lines and exit codes.</summary>
internal static class CommandLine
{
    /// <summary>For every command: output for machines.</summary>
    public static Option<bool> JsonOption { get; } = new("--json") { Description = "Output for machines: one JSON object a line.", Recursive = true };

    /// <summary>Makes the tree. A new command is one class and one line here.</summary>
    public static RootCommand Build() => new("Recognises people again from camera to camera: recorded folders or streams in, match events out.")
    {
        new RunCommand(),
        new ReplayCommand(),
        new LinkCommand(),
        new Command("sample", "The sample: a rendered site whose truth is known.")
        {
            new SampleRunCommand(),
        },
        new DetectCommand(),
        new TrackCommand(),
        new EmbedCommand(),
        new TrainCommand(),
        new AdaptCommand(),
        new Command("identities", "The people that a store knows.")
        {
            new IdentitiesListCommand(),
            new IdentitiesShowCommand(),
            new IdentitiesSearchCommand(),
            new IdentitiesMergeCommand(),
            new IdentitiesSplitCommand(),
            new IdentitiesNotSameCommand(),
            new IdentitiesLabelCommand(),
            new IdentitiesUndoCommand(),
            new IdentitiesEraseCommand(),
        },
        new Command("events", "The events of a store.")
        {
            new EventsListCommand(),
            new EventsReplayCommand(),
        },
        new Command("model", "Model files: what they are, and writing them as ONNX.")
        {
            new ModelInspectCommand(),
            new ModelConvertCommand(),
            new ModelImportCommand(),
            new ModelExportCommand(),
            new ModelVerifyCommand(),
            new ModelAverageCommand(),
            new ModelWccnCommand(),
        },
        new Command("people", "Rendered people to train on.")
        {
            new PeopleGenerateCommand(),
            new PeopleSheetCommand(),
            new PeopleMaterialCommand(),
        },
        new Command("site", "Rendered sites to measure on: recordings of several cameras, and who is in them.")
        {
            new SiteGenerateCommand(),
        },
        new Command("data", "Data sets of labelled people, for training and measuring.")
        {
            new DataCheckCommand(),
        },
        new Command("benchmark", "Measurements on this machine, as ratios.")
        {
            new BenchmarkListCommand(),
            new DecodeBenchmarkCommand(),
            new DetectorsBenchmarkCommand(),
            new DetectBenchmarkCommand(),
            new EmbedBenchmarkCommand(),
            new AssociationBenchmarkCommand(),
            new TrackingBenchmarkCommand(),
            new ScoresBenchmarkCommand(),
            new SearchBenchmarkCommand(),
            new LinkBenchmarkCommand(),
            new DaysBenchmarkCommand(),
            new EvaluationBenchmarkCommand(),
            new ReRankingBenchmarkCommand(),
            new StoreBenchmarkCommand(),
            new RunBenchmarkCommand(),
            new RecordingsBenchmarkCommand(),
        },
        new CalibrateCommand(),
        new DoctorCommand(),
        new Command("eval", "Measures.")
        {
            new EvalTrackletsCommand(),
            new EvalReidCommand(),
            new EvalMotCommand(),
            new EvalMtmcCommand(),
        },
        new Command("config", "Settings: check them, see them, get a file with all of them.")
        {
            new ConfigCheckCommand(),
            new ConfigShowCommand(),
            new ConfigTemplateCommand(),
        },
    };

    /// <summary>Runs the program on the real console, environment and signals.</summary>
    /// <param name="arguments">The command line.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        using CancellationTokenSource stop = new();
        void Stop(PosixSignalContext signal)
        {
            if (stop.IsCancellationRequested)
            {
                return; // the second time: the runtime ends the process as for any other program
            }

            signal.Cancel = true;
            System.Console.Error.WriteLine("pipeline: stopping; once more to end at once");
            stop.Cancel();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        Dictionary<string, string> environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(v => (string)v.Key, v => v.Value as string ?? "", StringComparer.Ordinal);
        return (int)await RunAsync(Build(), arguments, TerminalConsole.Create(System.Console.Out), System.Console.Out, System.Console.Error, environment, stop.Token);
    }

    /// <summary>Runs a tree on any console.</summary>
    /// <param name="root">The tree.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="terminal">For people.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="environment">Environment variables.</param>
    /// <param name="cancellationToken">Cancelled to stop cleanly.</param>
    public static async Task<ExitCode> RunAsync(
        RootCommand root,
        IReadOnlyList<string> arguments,
        IAnsiConsole terminal,
        TextWriter output,
        TextWriter error,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken)
    {
        try
        {
            Prepare(root, result => new Call(result, terminal, output, error, environment));
            ParseResult parsed = root.Parse(DottedFlags.Rewrite(arguments, SettingSchema.Of(typeof(Settings))));
            if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
            {
                return Refuse(parsed, error);
            }

            InvocationConfiguration configuration = new()
            {
                Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
            };
            return (ExitCode)await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await error.WriteLineAsync("pipeline: stopped before the end; what it was to make is not there, or not whole");
            return ExitCode.Losses; // commands that keep what they had by then do not come here
        }
        catch (Exception e)
        {
            Failure failure = Failure.Of(e);
            foreach (string line in failure.Lines)
            {
                await error.WriteLineAsync($"pipeline: {line}");
            }

            return failure.Code;
        }
    }

    private static void Prepare(RootCommand root, Func<ParseResult, Call> call)
    {
        if (!root.Options.Contains(JsonOption))
        {
            root.Add(JsonOption);
        }

        foreach (HelpOption help in root.Options.OfType<HelpOption>().Where(h => h.Action is not HelpWithExamples))
        {
            help.Action = new HelpWithExamples((SynchronousCommandLineAction)help.Action!);
        }

        Stack<Command> open = new([root]);
        while (open.TryPop(out Command? command))
        {
            if (command is PipelineCommand ours)
            {
                command.SetAction(async (result, token) => (int)await ours.ExecuteAsync(call(result), token));
            }

            foreach (Command child in command.Subcommands)
            {
                open.Push(child);
            }
        }
    }

    private static ExitCode Refuse(ParseResult parsed, TextWriter error)
    {
        Command command = parsed.CommandResult.Command;
        List<string> names = [];
        for (Command? at = command; at is not null and not RootCommand; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            names.Insert(0, at.Name);
        }

        string path = string.Join(' ', names.Prepend("pipeline"));
        // "Required command was not provided" says nothing beside the word that was no command.
        IEnumerable<string> messages = parsed.Errors.Count > 1 && parsed.UnmatchedTokens.Count > 0 ? parsed.Errors.Skip(1).Select(e => e.Message) : parsed.Errors.Select(e => e.Message);
        // Behind a word that is no command everything is unknown: it is the word that is told.
        foreach (string message in messages.Distinct().Take(command is RootCommand ? 1 : int.MaxValue))
        {
            error.WriteLine($"pipeline: {TerminalText.Clean(message).TrimEnd('.')}.{Meant(command, parsed)} See '{path} --help'.");
        }

        return ExitCode.WrongUse;
    }

    private static string Meant(Command command, ParseResult parsed)
    {
        string[] known = [.. command.Subcommands.Select(c => c.Name), .. command.Options.Select(o => o.Name)];
        string? near = parsed.UnmatchedTokens.Select(t => NearestKey.Find(t, known)).FirstOrDefault(n => n is not null);
        return near is null ? "" : $" Did you mean '{near}'?";
    }
}
