using System.Buffers.Binary;
using System.Text;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Linking;
using Pipeline.Reid.Weights;
using Pipeline.Store;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Tests.Cli;

public sealed class LinkCommandTests : IDisposable
{
    private readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Tracks_of_somebody_else_are_linked_by_their_features_under_one_number_in_all_cameras()
    {
        Track("hall", (1, 1, 50, 0), (2, 20, 60, 90));
        Track("door", (7, 100, 150, 88), (8, 120, 160, 5));
        File.WriteAllText(_run.In("tracks/truth-hall.gt"), File.ReadAllText(_run.In("tracks/hall.txt")));
        File.WriteAllText(
            _run.In("tracks/truth-door.gt"), // the same boxes under the numbers of the hall
            File.ReadAllText(_run.In("tracks/door.txt")).Replace(",7,", ",2,", StringComparison.Ordinal).Replace(",8,", ",1,", StringComparison.Ordinal));

        (ExitCode code, string output, string error) = await CommandRun.RunAsync(
            "link", _run.In("tracks"), "--output", _run.In("out"), "--no-mqtt", "--truth", "truth-*.gt");

        Assert.True(code == ExitCode.Fine, error);
        Assert.Contains("IDF1 100.0", output, StringComparison.Ordinal);
        List<MotRow> hall = MotText.Parse(File.ReadAllText(_run.In("out/linked/hall.txt")));
        List<MotRow> door = MotText.Parse(File.ReadAllText(_run.In("out/linked/door.txt")));
        Assert.Equal(hall.First(row => row.Frame == 1).Id, door.First(row => row.Frame == 160).Id);
        Assert.Equal(hall.First(row => row.Frame == 60).Id, door.First(row => row.Frame == 100).Id);
    }

    [Fact]
    public async Task Without_features_nobody_is_linked_and_everybody_keeps_a_number()
    {
        Track("hall", (1, 1, 50, 0), (2, 20, 60, 90));
        Track("door", (7, 100, 150, 88));
        Directory.GetFiles(_run.In("tracks"), "*.f16").ToList().ForEach(File.Delete);

        (ExitCode code, _, string error) = await CommandRun.RunAsync("link", _run.In("tracks"), "--output", _run.In("out"), "--no-mqtt");

        Assert.True(code == ExitCode.Fine, error);
        int[] ids = [.. new[] { "hall", "door" }.SelectMany(camera => MotText.Parse(File.ReadAllText(_run.In($"out/linked/{camera}.txt")))).Select(row => row.Id).Distinct()];
        Assert.Equal(3, ids.Length);
    }

    [Fact]
    public async Task A_run_is_linked_again_with_other_settings()
    {
        Track("hall", (1, 1, 50, 0));
        Track("door", (7, 100, 150, 30)); // cosine 0.87
        await CommandRun.RunAsync("link", _run.In("tracks"), "--output", _run.In("out"), "--no-mqtt");

        (ExitCode code, _, string error) = await CommandRun.RunAsync("link", _run.In("out"), "--output", _run.In("strict"), "--no-mqtt", "--threshold", "0.9");

        Assert.True(code == ExitCode.Fine, error);
        Assert.Equal((1, 2), (People("out"), People("strict")));
    }

    [Fact]
    public async Task An_operator_merges_names_and_takes_back_on_the_command_line()
    {
        Track("hall", (1, 1, 50, 0));
        Track("door", (7, 100, 150, 80));
        await CommandRun.RunAsync("link", _run.In("tracks"), "--output", _run.In("out"), "--no-mqtt");
        string store = _run.In("out/identities.db");
        Guid[] people = Ids("out");

        (ExitCode merged, string told, string error) = await CommandRun.RunAsync("identities", "merge", people[0].ToString(), people[1].ToString(), "--store", store, "--no-mqtt");
        await CommandRun.RunAsync("identities", "label", people[0].ToString(), "Contractor 7", "--store", store, "--no-mqtt");
        (_, string list, _) = await CommandRun.RunAsync("identities", "list", "--store", store);

        Assert.True(merged == ExitCode.Fine, error);
        Assert.Contains($"{people[0]} stays", told, StringComparison.Ordinal);
        Assert.Contains("Contractor 7", list, StringComparison.Ordinal);
        Assert.Equal(1, People("out"));
        Assert.Contains("\"merged\"", File.ReadLines(_run.In("out/events.jsonl")).Last(), StringComparison.Ordinal);
        await CommandRun.RunAsync("identities", "undo", "--store", store, "--no-mqtt");
        await CommandRun.RunAsync("identities", "undo", "--store", store, "--no-mqtt");
        Assert.Equal(2, People("out"));
        (ExitCode empty, _, string nothing) = await CommandRun.RunAsync("identities", "undo", "--store", store, "--no-mqtt");
        Assert.Equal(ExitCode.WrongUse, empty);
        Assert.Contains("nothing to take back", nothing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_operator_said_holds_when_the_run_is_linked_again()
    {
        Track("hall", (1, 1, 50, 0), (2, 200, 250, 3));
        Track("door", (7, 100, 150, 80));
        await CommandRun.RunAsync("link", _run.In("tracks"), "--output", _run.In("out"), "--no-mqtt", "--threshold", "0.999");
        string store = _run.In("out/identities.db");
        Guid[] people = Ids("out"); // by their first appearance: 0 degrees, 80, 3
        Assert.Equal(3, people.Length);
        await CommandRun.RunAsync("identities", "merge", people[0].ToString(), people[1].ToString(), "--store", store, "--no-mqtt");
        await CommandRun.RunAsync("identities", "not-same", people[0].ToString(), people[2].ToString(), "--store", store, "--no-mqtt");
        await CommandRun.RunAsync("identities", "label", people[2].ToString(), "Night shift", "--store", store, "--no-mqtt");

        (ExitCode code, _, string error) = await CommandRun.RunAsync("link", _run.In("out"), "--output", _run.In("again"), "--no-mqtt", "--threshold", "0.8");

        Assert.True(code == ExitCode.Fine, error);
        using StoreReader again = StoreReader.Open(_run.In("again/identities.db"));
        Assert.Equal([2, 1], again.Identities().Select(person => person.Sightings)); // by looks it would be 0 and 3 degrees together, 80 apart
        Assert.Equal([null, "Night shift"], again.Identities().Select(person => person.Label));
        Guid[] now = [.. again.Identities().Select(person => person.Id)];
        (ExitCode refused, _, string why) = await CommandRun.RunAsync("identities", "merge", now[0].ToString(), now[1].ToString(), "--store", _run.In("again/identities.db"), "--no-mqtt");
        Assert.Equal(ExitCode.WrongUse, refused);
        Assert.Contains("'not_same'", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_operator_says_of_a_copied_run_is_written_beside_the_copy()
    {
        Track("hall", (1, 1, 50, 0));
        Track("door", (7, 100, 150, 80));
        await CommandRun.RunAsync("link", _run.In("tracks"), "--output", _run.In("out"), "--no-mqtt");
        Directory.CreateDirectory(_run.In("copy"));
        Directory.GetFiles(_run.In("out")).ToList().ForEach(file => File.Copy(file, Path.Combine(_run.In("copy"), Path.GetFileName(file))));
        Guid[] people = Ids("out");

        await CommandRun.RunAsync("identities", "merge", people[0].ToString(), people[1].ToString(), "--store", _run.In("copy/identities.db"), "--no-mqtt");

        Assert.Equal((2, 3), (File.ReadLines(_run.In("out/events.jsonl")).Count(), File.ReadLines(_run.In("copy/events.jsonl")).Count()));
    }

    [Fact]
    public async Task Cameras_that_are_not_there_are_named_and_cost_the_exit_code()
    {
        Track("hall", (1, 1, 50, 0));
        Track("door", (7, 100, 150, 80));
        File.WriteAllText(_run.In("site.yaml"), "linker:\n  overlapping:\n    - hall, dor\n  travel_times:\n    hall->roof:\n      min_ms: 1000\n");

        (ExitCode code, string output, _) = await CommandRun.RunAsync("link", _run.In("tracks"), "--output", _run.In("out"), "--no-mqtt", "--config", _run.In("site.yaml"));

        Assert.Equal(ExitCode.Losses, code);
        string told = string.Join(' ', output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("linker.overlapping names camera 'dor', which is not there", told, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'door'?", told, StringComparison.Ordinal);
        Assert.Contains("linker.travel_times names camera 'roof'", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Footage_that_a_store_knows_changes_nothing_and_is_said_to_be_known()
    {
        Track("hall", (1, 1, 50, 0));
        Track("door", (7, 100, 150, 80));
        await CommandRun.RunAsync("link", _run.In("tracks"), "--output", _run.In("out"), "--store", _run.In("people.db"), "--no-mqtt");

        (ExitCode code, string output, _) = await CommandRun.RunAsync("link", _run.In("tracks"), "--output", _run.In("again"), "--store", _run.In("people.db"), "--no-mqtt");

        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains("2 tracklets of this footage are in the store already", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)] // the clock of the door is ahead
    public async Task Clocks_that_are_apart_are_told_from_the_ways_there_and_back(int ahead)
    {
        const int rate = 25;
        List<(int Id, int From, int Frames, float Degrees)> hall = [];
        List<(int Id, int From, int Frames, float Degrees)> door = [];
        for (int person = 0; person < 18; person++)
        {
            // Half go from the hall to the door, half come back; 20 s each way.
            (int start, float degrees) = (1 + (person * 80 * rate), 20 * person);
            int later = start + (22 * rate);
            (person % 2 == 0 ? hall : door).Add((person + 1, person % 2 == 0 ? start : start + (ahead * rate), 2 * rate, degrees));
            (person % 2 == 0 ? door : hall).Add((person + 1, person % 2 == 0 ? later + (ahead * rate) : later, 2 * rate, degrees));
        }

        Append("hall", [.. hall]);
        Append("door", [.. door]);

        (ExitCode code, string output, string error) = await CommandRun.RunAsync("link", _run.In("tracks"), "--output", _run.In("out"), "--no-mqtt", "--threshold", "0.95", "--set", "linker.margin=0.01");

        Assert.True(code == ExitCode.Fine, error);
        string told = string.Join(' ', output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(ahead > 0, told.Contains("seems 10 s ", StringComparison.Ordinal));
        Assert.Equal(ahead > 0, told.Contains("Set them alike", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1,1,0,0,10,20,1\n1,1,5,5,10,20,1\n", "id 1 is twice in frame 1")]
    [InlineData("1,1,0,0,10,20,1\n2,-1,5,5,10,20,1\n", "got both")]
    [InlineData("1,x,0,0,10,20,1\n", "a number is needed")]
    public async Task Damaged_tracks_are_refused(string text, string why)
    {
        Directory.CreateDirectory(_run.In("tracks"));
        File.WriteAllText(_run.In("tracks/hall.txt"), text);

        (ExitCode code, _, string error) = await CommandRun.RunAsync("link", _run.In("tracks"), "--output", _run.In("out"), "--no-mqtt");

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains(why, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere", "*.txt", "there is no folder")]
    [InlineData("tracks", "*/det.txt", "Say with --pattern")]
    public async Task A_folder_without_cameras_is_refused(string folder, string pattern, string why)
    {
        Track("hall", (1, 1, 5, 0));

        (ExitCode code, _, string error) = await CommandRun.RunAsync("link", _run.In(folder), "--pattern", pattern, "--output", _run.In("out"), "--no-mqtt");

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains(why, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_are_read_from_three_forms_alike()
    {
        float[] values = [1, 0, 0.5f, -0.25f, 0, 2];
        string text = _run.In("a.txt");
        File.WriteAllBytes(_run.In("a.f16"), Halves(values));
        GivenFeatures halves = GivenFeatures.Beside(text, 2)!;
        SafetensorsFile.Write(_run.In("a.safetensors"), [new KeyValuePair<string, WeightTensor>("features", WeightTensor.Of([2, 3], values))]);
        GivenFeatures tensors = GivenFeatures.Beside(text, 2)!;
        File.WriteAllBytes(_run.In("a.npy"), Npy("<f4", "(2, 3)", System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan())));
        GivenFeatures array = GivenFeatures.Beside(text, 2)!;

        Assert.All([halves, tensors, array], features => Assert.Equal(values, features.Values));
        Assert.All([halves, tensors, array], features => Assert.Equal(3, features.Dimension));
        Assert.Null(GivenFeatures.Beside(_run.In("b.txt"), 2));
    }

    [Fact]
    public void Features_that_do_not_fit_are_refused_by_name()
    {
        string text = _run.In("a.txt");
        File.WriteAllBytes(_run.In("a.npy"), Npy("<f4", "(2, 3)", new byte[24]));
        Assert.Contains("3 vectors are needed", Assert.Throws<InvalidDataException>(() => GivenFeatures.Beside(text, 3)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(_run.In("a.npy"), Npy("<f4", "(2, 3)", new byte[20]));
        Assert.Contains("got 20 bytes", Assert.Throws<InvalidDataException>(() => GivenFeatures.Beside(text, 2)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(_run.In("a.npy"), Npy("<i4", "(2, 3)", new byte[24]));
        Assert.Contains("float16, 32 or 64", Assert.Throws<InvalidDataException>(() => GivenFeatures.Beside(text, 2)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(_run.In("a.npy"), [1, 2, 3]);
        Assert.Contains("no .npy file", Assert.Throws<InvalidDataException>(() => GivenFeatures.Beside(text, 2)).Message, StringComparison.Ordinal);
    }

    private int People(string output) => Ids(output).Length;

    private Guid[] Ids(string output)
    {
        using StoreReader reader = StoreReader.Open(_run.In($"{output}/identities.db"));
        return [.. reader.Identities().Select(person => person.Id)];
    }

    private void Track(string camera, params (int Id, int From, int To, float Degrees)[] tracks)
    {
        Directory.CreateDirectory(_run.In("tracks"));
        File.WriteAllText(_run.In($"tracks/{camera}.txt"), Rows([.. tracks.Select(track => (track.Id, track.From, track.To))]));
        File.WriteAllBytes(_run.In($"tracks/{camera}.f16"), Halves([.. tracks.SelectMany(track => Enumerable.Range(track.From, track.To - track.From + 1)
            .SelectMany(_ => new[] { MathF.Cos(track.Degrees * MathF.PI / 180), MathF.Sin(track.Degrees * MathF.PI / 180) }))]));
    }

    // From a frame on for a number of frames.
    private void Append(string camera, (int Id, int From, int Frames, float Degrees)[] tracks)
    {
        Directory.CreateDirectory(_run.In("tracks"));
        File.AppendAllText(_run.In($"tracks/{camera}.txt"), Rows([.. tracks.Select(track => (track.Id, track.From, track.From + track.Frames - 1))]));
        using FileStream features = new(_run.In($"tracks/{camera}.f16"), FileMode.Append);
        features.Write(Halves([.. tracks.SelectMany(track => Enumerable.Range(0, track.Frames)
            .SelectMany(_ => new[] { MathF.Cos(track.Degrees * MathF.PI / 180), MathF.Sin(track.Degrees * MathF.PI / 180) }))]));
    }

    private static string Rows(params (int Id, int From, int To)[] tracks) => string.Concat(tracks.SelectMany(track => Enumerable.Range(track.From, track.To - track.From + 1)
        .Select(frame => FormattableString.Invariant($"{frame},{track.Id},{100 * track.Id},{frame},40,80,1,1,1\n"))));

    private static byte[] Halves(float[] values)
    {
        byte[] bytes = new byte[2 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(2 * i), (Half)values[i]);
        }

        return bytes;
    }

    private static byte[] Npy(string type, string shape, ReadOnlySpan<byte> body)
    {
        byte[] header = Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. body];
    }
}
