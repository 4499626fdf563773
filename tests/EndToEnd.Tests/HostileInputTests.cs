using System.Text;
using System.Text.Json;
using MQTTnet.Protocol;
using Pipeline.Reid.Onnx;
using Pipeline.Store.Mqtt;
using Pipeline.Tests.Mqtt;

namespace Pipeline.Tests.EndToEnd;

/// <summary>Models, checkpoints, boxes and brokers that are not what they should be: named, survived, and nothing of the rest is lost.</summary>
public sealed class HostileInputTests : IDisposable
{
    private readonly Footage _footage = new();

    public void Dispose() => _footage.Dispose();

    [SkippableFact]
    public async Task A_model_that_gives_NaN_for_one_camera_is_named_and_the_other_camera_has_its_people()
    {
        string people = _footage.People(segments: 1, framesEach: 100, leftWithoutBlue: true);
        string model = RootOfMeans(_footage.In("root.onnx"));

        (int code, string told) = await PipelineProcess.RunAsync("run", people, "--output", _footage.In("out"), "--reid-model", model);

        Assert.True(code == 1, told);
        Assert.Contains("camera left: the model root@sha256:", told, StringComparison.Ordinal);
        JsonElement summary = Results.Summary(_footage.In("out"));
        JsonElement problem = Assert.Single(summary.GetProperty("problems").EnumerateArray());
        Assert.Equal("left", problem.GetProperty("camera").GetString());
        Assert.Matches(@"^\d+ tracklets stay without identity: the model root@sha256:[0-9a-f]{8} gives NaN or infinity for ", problem.GetProperty("text").GetString());
        string[] seenAt = [.. Results.Events(_footage.In("out")).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("camera").GetString()).OfType<string>().Distinct()]; // a merge has no camera
        Assert.Equal(["right"], seenAt);
        JsonElement.ArrayEnumerator cameras = summary.GetProperty("cameras").EnumerateArray();
        Assert.All(cameras, camera => Assert.True(camera.GetProperty("tracklets").GetInt32() > 0, told)); // kept, though nobody knows whose they are
    }

    [Fact]
    public async Task A_checkpoint_whose_pickle_would_start_a_program_is_refused_and_starts_nothing()
    {
        _footage.Video(["in", "cam", "1.avi"]);
        string mark = _footage.In("started");
        string checkpoint = _footage.In("rga.pth.tar");
        await File.WriteAllBytesAsync(checkpoint, Pickle.CallOf("posix", "system", $"touch {mark}"));

        (int code, string told) = await PipelineProcess.RunAsync("run", _footage.In("in"), "--output", _footage.In("out"), "--reid-model", checkpoint);

        Assert.Equal(2, code);
        Assert.Contains($"{checkpoint}: cannot be read as a weight file: its pickle names posix.system", told, StringComparison.Ordinal);
        Assert.Contains("nothing was run. Give a safetensors file", told, StringComparison.Ordinal);
        Assert.False(File.Exists(mark));
        Assert.False(Directory.Exists(_footage.In("out")));
    }

    [Fact]
    public async Task Ten_thousand_boxes_in_a_frame_are_cut_to_what_the_setting_allows_and_it_is_said()
    {
        _footage.Video(["in", "cam", "1.avi"], frames: 10, width: 640, height: 480);
        string boxes = _footage.File("boxes", "cam", "1.txt");
        Random random = new(3);
        await File.WriteAllLinesAsync(boxes, Enumerable.Range(0, 30_000).Select(i =>
            FormattableString.Invariant($"{1 + (i / 10_000 * 2)},-1,{random.Next(600)},{random.Next(400)},40,80,{0.3 + (0.7 * random.NextDouble()):0.000},-1,-1,-1")));

        (int code, string told) = await PipelineProcess.RunAsync(
            "run", _footage.In("in"), "--output", _footage.In("out"), "--detections", _footage.In("boxes"), "--reid-model", "colour");

        Assert.True(code == 1, told);
        Assert.Contains("27000 detections were left out: pictures held more than tracker.max_detections. Raise it", told, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Events_that_a_broker_refused_are_sent_by_the_next_run_with_the_store()
    {
        Skip.If(LocalBroker.Program is null, "needs mosquitto, which is not installed");
        string people = _footage.People(segments: 1);
        using (ScriptedBroker refusing = new() { Connack = connect => connect.Version == 5 ? [0, 0x87, 0] : [0, 5] })
        {
            (int code, string told) = await RunAsync(people, "first", refusing.Port);
            Assert.True(code == 1, told);
            Assert.Contains("the broker refused with NotAuthorized: it wants a user name; set mqtt.user_name", told, StringComparison.Ordinal);
            Assert.Contains($"events wait in the store for mqtt://127.0.0.1:{refusing.Port}", told, StringComparison.Ordinal);
        }

        string[] made = Results.EventIds(_footage.In("first"));
        await using LocalBroker broker = await LocalBroker.StartAsync();
        using Inbox inbox = await Inbox.OpenAsync(broker.Port, "reid/site/events", MqttQualityOfServiceLevel.AtLeastOnce);

        (int again, string said) = await RunAsync(people, "second", broker.Port);

        Assert.True(again == 0, said);
        await inbox.WaitAsync(all => all.Count >= made.Length);
        Assert.NotEmpty(made);
        Assert.Equal(made, inbox.All.Select(message => JsonDocument.Parse(Inbox.Bytes(message)).RootElement.GetProperty("event_id").GetString()!).Distinct());
    }

    private Task<(int Code, string Output)> RunAsync(string people, string output, int port) => PipelineProcess.RunAsync(
        "run", people, "--output", _footage.In(output), "--store", _footage.In("people.db"), "--mqtt", $"mqtt://127.0.0.1:{port}", "--set", "mqtt.allow_plaintext=true");

    /// <summary>A network whose embedding is the root of each channel's mean: NaN for crops in which a channel lies below its normalisation's mean.</summary>
    private static string RootOfMeans(string path)
    {
        OnnxGraph graph = new();
        graph.Inputs.Add(("crops", [-1, 3, 64, 32]));
        string means = graph.Add("GlobalAveragePool", ["crops"]);
        string flat = graph.Add("Flatten", [means], ("axis", 1L));
        graph.Rename(graph.Add("Sqrt", [flat]), "embedding");
        graph.Outputs.Add(("embedding", [-1, 3]));
        using FileStream file = File.Create(path);
        OnnxWriter.Write(file, graph, "root", new Dictionary<string, string> { ["model_id"] = "root", ["mean"] = "0.05,0.05,0.05", ["std"] = "1,1,1" });
        return path;
    }
}

/// <summary>Pickles as somebody with bad intentions writes them.</summary>
internal static class Pickle
{
    /// <summary>Protocol 2: calls a function with one text when it is read.</summary>
    internal static byte[] CallOf(string module, string function, string argument)
    {
        byte[] text = Encoding.UTF8.GetBytes(argument);
        return
        [
            0x80, 2, // protocol
            (byte)'c', .. Encoding.ASCII.GetBytes($"{module}\n{function}\n"), // GLOBAL
            (byte)'X', .. BitConverter.GetBytes(text.Length), .. text, // BINUNICODE
            0x85, (byte)'R', (byte)'.', // TUPLE1, REDUCE, STOP
        ];
    }
}
