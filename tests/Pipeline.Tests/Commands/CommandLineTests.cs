using System.CommandLine;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Spectre.Console;

namespace Pipeline.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("docter")]
    [InlineData("docter", "recordings", "--nothing")]
    public async Task A_wrong_word_gets_the_nearest_one_and_exit_code_2(params string[] line)
    {
        (ExitCode code, _, string error) = await RunAsync(line);

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Equal("pipeline: Unrecognized command or argument 'docter'. Did you mean 'doctor'? See 'pipeline --help'.\n", error);
    }

    [Fact]
    public async Task Every_wrong_setting_is_a_line_and_exit_code_2()
    {
        (ExitCode code, _, string error) = await RunAsync(["config", "check", "--run.thread", "4", "--device=gpu", "--run.site", "A B"]);

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Equal(
            """
            pipeline: --device: run.device: one of auto, cpu, cuda is needed, got 'gpu'. Correct it, or leave it out to get auto.
            pipeline: --run.thread: unknown key 'run.thread'. Did you mean 'run.threads'?
            pipeline: --run.site: run.site: a-z, 0-9, - and _ (64 at most, letter or digit first), got 'A B'. Correct it, or leave it out to get site.

            """,
            error);
    }

    [Fact]
    public async Task Flags_short_and_long_reach_the_settings()
    {
        (ExitCode code, string output, _) = await RunAsync(["config", "show", "--json", "--threads", "3", "--run.resume", "--run.site=north"]);

        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains("""{"key":"run.threads","value":"3","from":"--threads"}""", output, StringComparison.Ordinal);
        Assert.Contains("""{"key":"run.resume","value":"true","from":"--run.resume"}""", output, StringComparison.Ordinal);
        Assert.Contains("""{"key":"run.site","value":"north","from":"--run.site"}""", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_key_by_two_flags_must_agree()
    {
        (ExitCode agreed, _, _) = await RunAsync(["config", "check", "--threads", "3", "--run.threads", "3"]);
        (ExitCode code, _, string error) = await RunAsync(["config", "check", "--threads", "3", "--run.threads", "4"]);

        Assert.Equal(ExitCode.Fine, agreed);
        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Equal("pipeline: --run.threads: given twice, '3' with --threads and '4'. Keep one of them.\n", error);
    }

    [Theory]
    [InlineData("--run.threads")]
    [InlineData("--set", "x")]
    public async Task A_key_without_a_value_is_refused(params string[] flags)
    {
        (ExitCode code, _, string error) = await RunAsync(["config", "check", .. flags]);

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.StartsWith($"pipeline: {flags[0]}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_prints_yaml_with_the_origin_of_each_value()
    {
        (_, string output, _) = await RunAsync(["config", "show", "--threads", "3"]);

        Assert.Contains("run:\n", output, StringComparison.Ordinal);
        Assert.Matches("  threads: 3 +# --threads\n", output);
        Assert.Matches("  device: auto +# default\n", output);
    }

    [Fact]
    public async Task Every_command_of_ours_has_examples_in_its_help_that_parse()
    {
        List<string[]> paths = [];
        Collect(CommandLine.Build(), [], paths);

        foreach (string[] path in paths)
        {
            (ExitCode code, string output, _) = await RunAsync([.. path, "--help"]);
            Assert.Equal(ExitCode.Fine, code);
            string[] examples = [.. output.Split('\n').SkipWhile(l => l != "Examples:").Skip(1).Where(l => l.Length > 0).Select(l => l.Trim())];
            Assert.NotEmpty(examples);
            foreach (string example in examples)
            {
                string[] words = example.Split('#')[0].Split('>')[0].Split('|')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                string[] rewritten = DottedFlags.Rewrite(words[1..], SettingSchema.Of(typeof(Settings)));
                RootCommand root = CommandLine.Build();
                root.Add(CommandLine.JsonOption);
                Assert.Equal("pipeline", words[0]);
                Assert.Empty(root.Parse(rewritten).Errors);
            }
        }
    }

    [Fact]
    public async Task A_users_fault_is_one_line_without_a_stack_trace()
    {
        (ExitCode code, _, string error) = await ThrowAsync(new InvalidDataException("cannot open 'a\nb.mp4': no video stream.\u001b[2J"));

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Equal("pipeline: cannot open 'a b.mp4': no video stream.\uFFFD[2J\n", error);
    }

    [Fact]
    public async Task What_the_machine_lacks_is_exit_code_3()
    {
        (ExitCode code, _, string error) = await ThrowAsync(new TypeInitializationException("X", new DllNotFoundException("Unable to load shared library 'foo' or one of its dependencies. In order...\n/a/b\n")));
        (ExitCode disk, _, string full) = await ThrowAsync(new IOException("No space left on device : '/x'"));

        Assert.Equal(ExitCode.CouldNotRun, code);
        Assert.Equal("pipeline: a library is missing: Unable to load shared library 'foo'. 'pipeline doctor' says what is missing.\n", error);
        Assert.Equal(ExitCode.CouldNotRun, disk);
        Assert.Equal("pipeline: No space left on device : '/x'\n", full);
    }

    [Fact]
    public async Task Our_own_fault_is_told_with_its_stack_trace()
    {
        (ExitCode code, _, string error) = await ThrowAsync(new InvalidOperationException("queue of rtsp://me:secret@10.0.0.4/1 empty"));

        Assert.Equal(ExitCode.CouldNotRun, code);
        Assert.Contains("a fault of this program: InvalidOperationException: queue of rtsp://***@10.0.0.4/1 empty", error, StringComparison.Ordinal);
        Assert.Contains("   at ".Trim(), error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_is_stopped_half_way_says_that_its_result_is_missing()
    {
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        RootCommand root = new("test") { new ThrowingCommand(new OperationCanceledException(stop.Token)) };

        (ExitCode code, _, string error) = await RunAsync(["throw"], root, stop.Token);

        Assert.Equal(ExitCode.Losses, code);
        Assert.Equal("pipeline: stopped before the end; what it was to make is not there, or not whole\n", error);
    }

    [Fact]
    public async Task Config_check_tells_machines_how_many_settings_are_given()
    {
        (ExitCode code, string output, _) = await RunAsync(["config", "check", "--threads", "3", "--json"]);

        Assert.Equal(ExitCode.Fine, code);
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(output);
        Assert.Equal(1, json.RootElement.GetProperty("given").GetInt32());
    }

    [Fact]
    public void Examples_that_are_wider_than_the_terminal_have_what_they_do_above_them()
    {
        string[] examples = ["pipeline run a     # what it does", "pipeline run b"];

        Assert.Equal(["  pipeline run a     # what it does", "  pipeline run b"], HelpWithExamples.Lines(examples, 80));
        Assert.Equal(["  # what it does", "  pipeline run a", "  pipeline run b"], HelpWithExamples.Lines(examples, 20));
    }

    private static void Collect(Command command, string[] path, List<string[]> paths)
    {
        if (command is PipelineCommand)
        {
            paths.Add(path);
        }

        foreach (Command child in command.Subcommands)
        {
            Collect(child, [.. path, child.Name], paths);
        }
    }

    private static Task<(ExitCode Code, string Output, string Error)> ThrowAsync(Exception exception) =>
        RunAsync(["throw"], new RootCommand("test") { new ThrowingCommand(exception) });

    private static async Task<(ExitCode Code, string Output, string Error)> RunAsync(string[] arguments, RootCommand? root = null, CancellationToken token = default)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        terminal.Profile.Width = 120;
        ExitCode code = await CommandLine.RunAsync(root ?? CommandLine.Build(), arguments, terminal, output, error, new Dictionary<string, string>(), token);
        return (code, output.ToString(), error.ToString());
    }

    private sealed class ThrowingCommand(Exception exception) : PipelineCommand("throw", "Throws.")
    {
        public override Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken) => throw exception;
    }
}
