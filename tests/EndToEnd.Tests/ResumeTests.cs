using System.Text.Json;
using System.Text.Json.Nodes;
using MQTTnet;
using MQTTnet.Protocol;
using Pipeline.Store.Mqtt;
using Pipeline.Tests.Mqtt;

namespace Pipeline.Tests.EndToEnd;

public sealed class ResumeTests : IDisposable
{
    private const int Kills = 20;

    private readonly Footage _footage = new();

    public void Dispose() => _footage.Dispose();

    [SkippableFact]
    public async Task Threads_and_batches_change_no_byte_and_the_same_footage_twice_makes_no_event_twice()
    {
        string people = _footage.People(segments: 2);

        await FinishAsync(people, "one", "--threads", "1", "--set", "detector.batch=1", "--set", "reid.batch=1");
        await FinishAsync(people, "two", "--threads", "2", "--set", "detector.batch=5", "--set", "reid.batch=7");
        await FinishAsync(people, "again", "--store", _footage.In("one", "identities.db"));

        Assert.NotEmpty(Results.Events(_footage.In("one")));
        Assert.Equal(Results.Events(_footage.In("one")), Results.Events(_footage.In("two")));
        Assert.Equal(Results.Crops(_footage.In("one")), Results.Crops(_footage.In("two")));
        Assert.Empty(Results.Events(_footage.In("again")));
    }

    [SkippableFact]
    public async Task Killed_twenty_times_and_resumed_it_ends_with_the_events_and_crops_of_an_undisturbed_run()
    {
        string people = _footage.People();
        await FinishAsync(people, "whole");
        Random random = new(20261121);
        int killed = 0;

        for (int run = 0; killed < Kills; run++)
        {
            string output = $"killed{run}";
            bool whole = false;
            while (!whole && killed < Kills)
            {
                using PipelineProcess process = Begin(people, output);
                whole = !await process.KillAfterAsync(TimeSpan.FromMilliseconds(random.Next(200, 3500)));
                killed += whole ? 0 : 1;
            }

            if (!whole)
            {
                using PipelineProcess last = Begin(people, output);
                int code = await last.EndAsync();
                Assert.True(code == 0, last.Output);
            }

            Assert.Equal(Results.Events(_footage.In("whole")), Results.Events(_footage.In(output)));
            Assert.Equal(Results.Crops(_footage.In("whole")), Results.Crops(_footage.In(output)));
        }
    }

    [SkippableTheory]
    [InlineData("run.json", "INT")] // the store is there, models and stages come up
    [InlineData("events.jsonl", "TERM")] // the stages are up
    [InlineData("crops", "INT")] // decisions are being committed
    public async Task Control_C_says_how_to_go_on_and_loses_nothing_and_the_code_says_that_it_is_not_all(string onceThere, string signal)
    {
        string people = _footage.People(segments: 3);
        await FinishAsync(people, "whole");
        using (PipelineProcess process = PipelineProcess.Start("run", people, "--output", _footage.In("stopped")))
        {
            await process.UntilAsync(() => Path.Exists(Path.Combine(_footage.In("stopped"), onceThere)));
            await process.SignalAsync(signal);

            Assert.True(await process.EndAsync() == 1, process.Output);
            Assert.Contains("stopping; once more to end at once", process.Output, StringComparison.Ordinal);
            Assert.Contains("stopped; go on with --resume", process.Output, StringComparison.Ordinal);
        }

        Assert.Equal("stopped", Results.Summary(_footage.In("stopped")).GetProperty("outcome").GetString());

        await FinishAsync(people, "stopped", "--resume");

        Assert.Equal(Results.Events(_footage.In("whole")), Results.Events(_footage.In("stopped")));
        (JsonElement whole, JsonElement resumed) = (Results.Summary(_footage.In("whole")), Results.Summary(_footage.In("stopped")));
        Assert.Equal("finished", resumed.GetProperty("outcome").GetString());
        Assert.Equal(whole.GetProperty("footage_ms").GetInt64(), resumed.GetProperty("footage_ms").GetInt64());
    }

    /// <summary>The second one may come while the end is being written: what is half done then is done again.</summary>
    [SkippableFact]
    public async Task Control_C_twice_ends_at_once_and_the_rest_is_done_by_resume()
    {
        string people = _footage.People(segments: 2);
        await FinishAsync(people, "whole");
        using (PipelineProcess process = PipelineProcess.Start("run", people, "--output", _footage.In("stopped")))
        {
            await process.UntilAsync(() => Path.Exists(_footage.In("stopped", "crops")));
            await process.SignalAsync("INT");
            await process.SignalAsync("INT");

            Assert.Contains(await process.EndAsync(), (int[])[1, 130]); // 1: it was quicker
        }

        await FinishAsync(people, "stopped", "--resume");

        Assert.Equal(Results.Events(_footage.In("whole")), Results.Events(_footage.In("stopped")));
        Assert.EndsWith("</html>", (await File.ReadAllTextAsync(_footage.In("stopped", "report.html"))).TrimEnd(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_footage.In("stopped"), "*.part"));
    }

    /// <summary>
    /// The subscriber leaves the broker nothing to forget: at QoS 0 a message is in its socket before the program gets its acknowledgement,
    /// and it is back before the program's link is.
    /// </summary>
    [SkippableFact]
    public async Task Across_kills_of_program_and_broker_a_subscriber_gets_every_event_once_and_in_sequence()
    {
        Skip.If(LocalBroker.Program is null, "needs mosquitto, which is not installed");
        string people = _footage.People();
        LocalBroker broker = await LocalBroker.StartAsync();
        using Link link = new(broker.Port);
        using Inbox inbox = await Inbox.OpenAsync(broker.Port, "reid/site/events", MqttQualityOfServiceLevel.AtMostOnce);
        string[] mqtt = ["--mqtt", $"mqtt://127.0.0.1:{link.Port}", "--set", "mqtt.allow_plaintext=true"];
        Random random = new(7);
        try
        {
            for (int kill = 0; kill < Kills; kill += 2)
            {
                using PipelineProcess process = Begin(people, "out", mqtt);
                await process.KillAfterAsync(TimeSpan.FromMilliseconds(random.Next(500, 3000)));
                broker.Kill();
                link.Close();
                await broker.DisposeAsync();
                using PipelineProcess alone = Begin(people, "out", mqtt);
                await alone.KillAfterAsync(TimeSpan.FromMilliseconds(random.Next(500, 1500)));
                broker = await LocalBroker.StartAsync(broker.Port);
                await inbox.ReconnectAsync(broker.Port, "reid/site/events", MqttQualityOfServiceLevel.AtMostOnce);
                link.Open();
            }

            using PipelineProcess last = Begin(people, "out", mqtt);
            int code = await last.EndAsync();
            Assert.True(code == 0, last.Output);
            string[] made = Results.EventIds(_footage.In("out"));
            await inbox.WaitAsync(all => all.Select(m => Text(m, "event_id")).Distinct().Count() == made.Length);

            Assert.NotEmpty(made);
            Assert.Equal(made, inbox.All.Select(m => Text(m, "event_id")).Distinct());
            Assert.Equal(
                Enumerable.Range(1, made.Length),
                inbox.All.DistinctBy(m => Text(m, "event_id")).Select(m => int.Parse(Text(m, "sequence"), System.Globalization.CultureInfo.InvariantCulture)));
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }

    private static string Text(MqttApplicationMessage message, string key) => JsonNode.Parse(Inbox.Bytes(message))![key]!.ToString();

    // A run that was killed before it had marked its folder has nothing to go on with.
    private PipelineProcess Begin(string input, string output, params string[] more)
    {
        string[] resume = File.Exists(_footage.In(output, "run.json")) ? ["--resume"] : [];
        return PipelineProcess.Start(["run", input, "--output", _footage.In(output), .. resume, .. more]);
    }

    private async Task FinishAsync(string input, string output, params string[] more)
    {
        (int code, string told) = await PipelineProcess.RunAsync(["run", input, "--output", _footage.In(output), .. more]);
        Assert.True(code == 0, told);
    }
}
