using System.Text.Json;
using OpenCvSharp;
using Pipeline.Cli.Commands;
using Pipeline.Reid.Onnx;
using Pipeline.Reid.Weights;

namespace Pipeline.Tests.Cli;

public sealed class FileCommandsTests : IDisposable
{
    private readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Embed_writes_a_unit_vector_a_picture_and_reports_what_is_none()
    {
        Directory.CreateDirectory(_run.In("crops", "b"));
        File.WriteAllBytes(_run.In("crops", "a.png"), SamplePicture.Png(1));
        File.WriteAllBytes(_run.In("crops", "b", "c.png"), SamplePicture.Png(2));
        File.WriteAllText(_run.In("crops", "broken.jpg"), "no picture");
        OddFile.Pipe(_run.In("crops", "pipe.jpg"));
        Directory.CreateDirectory(_run.In("crops", "folder.jpg"));

        (ExitCode code, _, string error) = await CommandRun.RunAsync("embed", _run.In("crops"), "--output", _run.In("f.safetensors"), "--reid-model", "colour");

        Assert.Equal(ExitCode.Losses, code);
        Assert.Contains("broken.jpg", error, StringComparison.Ordinal);
        Assert.Contains("pipe.jpg' is empty (0 bytes), or a pipe", error, StringComparison.Ordinal);
        Assert.Contains("folder.jpg' is a folder", error, StringComparison.Ordinal);
        WeightFile file = WeightFile.Read(_run.In("f.safetensors"));
        WeightTensor features = Assert.Single(file.Tensors, tensor => tensor.Key == "features").Value;
        Assert.Equal(ElementType.F32, features.Type);
        Assert.Equal(2, features.Shape[0]);
        Assert.Equal(["a.png", "b/c.png"], JsonSerializer.Deserialize<string[]>(file.Metadata["names"])!);
        float[] values = features.ToSingles();
        Assert.Equal(1, Math.Sqrt(values.Take(values.Length / 2).Sum(value => (double)value * value)), 3);
    }

    [Fact]
    public async Task Embed_refuses_a_folder_without_pictures()
    {
        (ExitCode code, _, string error) = await CommandRun.RunAsync("embed", Path.GetDirectoryName(_run.In("x"))!, "--output", _run.In("f.safetensors"));

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("holds no pictures", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(5, 30)]
    public async Task Track_follows_a_person_also_where_frames_were_left_out(int every, int rate)
    {
        File.WriteAllLines(_run.In("det.txt"), Enumerable.Range(0, 30).Select(i => FormattableString.Invariant($"{(i * every) + 1},-1,{100 + (i * every)},50,40,100,0.9,-1,-1,-1")));

        (ExitCode code, string output, _) = await CommandRun.RunAsync("track", "--detections", _run.In("det.txt"), "--output", _run.In("out.txt"), "--fps", $"{rate}");

        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains("1 tracks with 30 boxes, from 30 detections", output, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{(i * every) + 1}"), File.ReadLines(_run.In("out.txt")).Select(line => line.Split(',')[0]));
    }

    [Fact]
    public async Task Track_says_how_many_of_ten_thousand_boxes_in_a_frame_it_left_out()
    {
        File.WriteAllLines(_run.In("det.txt"), Enumerable.Range(0, 10_000).Select(i => FormattableString.Invariant($"1,-1,{i % 100 * 40},{i / 100 * 40},30,30,0.9,-1,-1,-1")));

        (ExitCode code, _, string error) = await CommandRun.RunAsync("track", "--detections", _run.In("det.txt"), "--output", _run.In("out.txt"));

        Assert.Equal(ExitCode.Losses, code);
        Assert.Contains("9000 detections of crowded frames were left out", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,-1,0,0\n", "line 1: frame,id,x,y,w,h are needed")]
    [InlineData("0,-1,0,0,5,5,1\n", "frames are numbered from 1, got 0")]
    public async Task Track_names_the_fault_of_a_file(string text, string fault)
    {
        File.WriteAllText(_run.In("det.txt"), text);

        (ExitCode code, _, string error) = await CommandRun.RunAsync("track", "--detections", _run.In("det.txt"), "--output", _run.In("out.txt"));

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains(fault, error, StringComparison.Ordinal);
        Assert.Contains("det.txt", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Detect_writes_a_file_for_each_of_several_recordings_or_a_folder_and_reports_a_broken_one()
    {
        foreach (string camera in new[] { "door", "yard" })
        {
            Directory.CreateDirectory(_run.In("site", camera));
            using VideoWriter writer = new(_run.In("site", camera, "1.avi"), FourCC.MJPG, 10, new Size(160, 120));
            using Mat picture = new(120, 160, MatType.CV_8UC3, Scalar.All(90));
            for (int i = 0; i < 5; i++)
            {
                writer.Write(picture);
            }
        }

        File.WriteAllText(_run.In("site", "yard", "2.mp4"), "no video");

        (ExitCode code, string output, string error) = await CommandRun.RunAsync("detect", _run.In("site"), "--output", _run.In("det.txt"), "--detector", "hog");

        Assert.Equal(ExitCode.Losses, code);
        Assert.True(File.Exists(_run.In("det-door.txt")), output + error);
        Assert.True(File.Exists(_run.In("det-yard-1.txt")), output + error);
        Assert.Contains("5 frames of door/1.avi", output, StringComparison.Ordinal);
        Assert.Contains("2.mp4", error, StringComparison.Ordinal);

        (code, output, error) = await CommandRun.RunAsync("detect", _run.In("site"), "--output", _run.In("boxes"), "--detector", "hog");

        Assert.Equal(ExitCode.Losses, code);
        Assert.True(File.Exists(_run.In("boxes", "door", "1.avi.txt")), output + error); // as run --detections looks for them
        Assert.True(File.Exists(_run.In("boxes", "yard", "1.avi.txt")), output + error);
    }

    [Fact]
    public async Task Model_convert_and_inspect_say_what_a_network_is()
    {
        string network = _run.In("n.onnx");
        ModelFiles.ExportUntrained("rga-sc-compact", network);

        (ExitCode code, string output, _) = await CommandRun.RunAsync("model", "inspect", network);

        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains("re-id network", output, StringComparison.Ordinal);
        Assert.Contains("untrained weights", output, StringComparison.Ordinal);
        Assert.Contains("in: images", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_import_and_export_take_an_official_checkpoint_to_a_model_that_can_be_inspected()
    {
        (string weights, string network) = (_run.In("small.safetensors"), _run.In("small.onnx"));

        (ExitCode code, string output, string error) = await CommandRun.RunAsync("model", "import", TestData.Golden("checkpoints", "small_rgasc_zip.pth"), weights);
        Assert.Equal((ExitCode.Fine, ""), (code, error));
        Assert.Contains("rga-sc-resnet-w4-2-1-2-1 at 64 x 32, 6 training identities", output, StringComparison.Ordinal);
        (code, _, error) = await CommandRun.RunAsync("model", "export", weights, network, "--feature", "BeforeNeck");
        Assert.Equal((ExitCode.Fine, ""), (code, error));
        (code, output, _) = await CommandRun.RunAsync("model", "inspect", network);
        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains("re-id network", output, StringComparison.Ordinal);

        (code, _, error) = await CommandRun.RunAsync("model", "verify", weights, network);
        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("the ONNX file comes first", error, StringComparison.Ordinal);

        (code, _, error) = await CommandRun.RunAsync("model", "import", TestData.Golden("checkpoints", "small_rgasc_zip.pth"), _run.In("small.onnx"));
        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains(".safetensors is what is written", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_average_says_whether_the_normalisations_are_measured()
    {
        (string weights, string mean) = (_run.In("small.safetensors"), _run.In("mean.safetensors"));
        await CommandRun.RunAsync("model", "import", TestData.Golden("checkpoints", "small_rgasc_zip.pth"), weights);

        (ExitCode code, string output, string error) = await CommandRun.RunAsync("model", "average", weights, weights, "--output", mean);

        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains("mean of 2, normalisations means of the parents'", output, StringComparison.Ordinal);
        Assert.Contains("the normalisations are not measured", error, StringComparison.Ordinal);
        File.Delete(mean);
        (code, _, error) = await CommandRun.RunAsync("model", "average", weights, weights, "--output", mean, "--data", _run.In("nowhere"));
        Assert.Equal((ExitCode.WrongUse, false), (code, File.Exists(mean)));
        Assert.Contains("does not say how it was trained", error, StringComparison.Ordinal); // imported
    }

    [Theory]
    [InlineData("bad.onnx", "not a usable ONNX model")]
    [InlineData("bad.pth", "it starts like neither a safetensors file nor a PyTorch checkpoint")]
    [InlineData("bad.json", "is no TensorFlow.js graph model")]
    [InlineData("bad.txt", ".onnx, .ort, .safetensors, .pth, .tar and model.json are known")]
    public async Task Model_inspect_refuses_bad_files_with_their_reason(string name, string reason)
    {
        File.WriteAllText(_run.In(name), "this is no model");

        (ExitCode code, _, string error) = await CommandRun.RunAsync("model", "inspect", _run.In(name));

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Benchmark_list_names_every_measurement_with_what_it_needs()
    {
        (ExitCode code, string output, _) = await CommandRun.RunAsync("benchmark", "list", "--json");

        Assert.Equal(ExitCode.Fine, code);
        string[] names = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("name").GetString()!)];
        Assert.Equal(["decode", "detectors", "detect", "embed", "association", "tracking", "scores", "search", "link", "days", "evaluation", "reranking", "store", "run", "recordings"], names);
    }

    [Fact]
    public async Task Benchmark_store_measures_commits_and_names_the_machine()
    {
        (ExitCode code, string output, _) = await CommandRun.RunAsync("benchmark", "store", "--folder", _run.In("disk"));

        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains("commits/s", output, StringComparison.Ordinal);
        Assert.Contains($"{Environment.ProcessorCount} cores", output, StringComparison.Ordinal);
        Assert.Empty(Directory.Exists(_run.In("disk")) ? Directory.GetFileSystemEntries(_run.In("disk")) : []);
    }
}
