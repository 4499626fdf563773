using System.Text.Json;
using Pipeline.Cli.Benchmarks;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Running;
using Pipeline.Reid;
using Pipeline.Store;
using Pipeline.Tracker;

namespace Pipeline.Tests.Cli;

public sealed class StoreCommandsTests : IDisposable
{
    private readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task List_and_show_tell_who_was_seen_where()
    {
        Guid[] people = Make(2);

        (_, string list, _) = await CommandRun.RunAsync("identities", "list", "--store", _run.In("identities.db"));
        (_, string shown, _) = await CommandRun.RunAsync("identities", "show", people[1].ToString()[^6..], "--store", _run.In("identities.db"), "--json");

        Assert.All(people, id => Assert.Contains(id.ToString(), list, StringComparison.Ordinal));
        Assert.Contains("2 identities", list, StringComparison.Ordinal);
        Assert.Equal(people[1], JsonDocument.Parse(shown).RootElement.GetProperty("summary").GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task An_id_that_means_several_or_nobody_is_refused()
    {
        Guid[] people = Make(2);

        (ExitCode none, _, string nobody) = await CommandRun.RunAsync("identities", "show", "zz", "--store", _run.In("identities.db"));
        (ExitCode several, _, string both) = await CommandRun.RunAsync("identities", "show", people[0].ToString()[..4], "--store", _run.In("identities.db"));

        Assert.Equal((ExitCode.WrongUse, ExitCode.WrongUse), (none, several));
        Assert.Contains("no identity begins or ends with 'zz'", nobody, StringComparison.Ordinal);
        Assert.Contains("Give more of the id", both, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_finds_the_person_of_the_picture_first()
    {
        Guid[] people = Make(3);
        File.WriteAllBytes(_run.In("who.png"), SamplePicture.Png(2));

        (ExitCode code, string output, _) = await CommandRun.RunAsync("identities", "search", _run.In("who.png"), "--store", _run.In("identities.db"), "--reid-model", "colour", "--json", "--limit", "2");

        Assert.Equal(ExitCode.Fine, code);
        JsonElement[] hits = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(2, hits.Length);
        Assert.Equal(people[2], hits[0].GetProperty("identity_id").GetGuid());
        Assert.True(hits[0].GetProperty("similarity").GetSingle() > 0.99f);
    }

    [Fact]
    public async Task Search_refuses_a_model_that_the_store_was_not_made_with()
    {
        Make(1, model: "other@1");
        File.WriteAllBytes(_run.In("who.png"), SamplePicture.Png(0));

        (ExitCode code, _, string error) = await CommandRun.RunAsync("identities", "search", _run.In("who.png"), "--store", _run.In("identities.db"), "--reid-model", "colour");

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("were made with other@1, the model chosen is colour", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erase_needs_a_yes_and_takes_the_person_out_of_store_log_and_report()
    {
        Guid[] people = Make(2);
        string store = _run.In("identities.db");

        (ExitCode asked, _, string error) = await CommandRun.RunAsync("identities", "erase", people[0].ToString(), "--store", store);
        (ExitCode code, string output, _) = await CommandRun.RunAsync("identities", "erase", people[0].ToString(), "--store", store, "--yes", "--reason", "a test");

        Assert.Equal(ExitCode.WrongUse, asked);
        Assert.Contains("Say --yes", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains($"{people[0]} is erased: 1 tracklets, 1 pictures", output, StringComparison.Ordinal);
        Assert.False(File.Exists(_run.In("report.html")));
        using StoreReader reader = StoreReader.Open(store);
        Assert.Equal([people[1]], reader.Identities().Select(person => person.Id));
        Assert.Contains("a test", Assert.Single(reader.Audit()).Detail, StringComparison.Ordinal);
        Assert.Equal(reader.Events().Select(e => System.Text.Encoding.UTF8.GetString(e.Payload)), File.ReadAllLines(_run.In("events.jsonl")));
    }

    [Fact]
    public async Task Events_are_replayed_as_published_from_a_sequence_on()
    {
        Make(3);

        (_, string all, _) = await CommandRun.RunAsync("events", "replay", "--store", _run.In("identities.db"));
        (_, string rest, _) = await CommandRun.RunAsync("events", "replay", "--since", "2", "--store", _run.In("identities.db"));
        (_, string list, _) = await CommandRun.RunAsync("events", "list", "--since", "2", "--store", _run.In("identities.db"), "--json");

        Assert.Equal(File.ReadAllText(_run.In("events.jsonl")), all);
        Assert.Equal(all.Split('\n')[2] + "\n", rest);
        Assert.Equal(3, JsonDocument.Parse(list).RootElement.GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task A_store_that_is_not_there_is_named()
    {
        (ExitCode code, _, string error) = await CommandRun.RunAsync("identities", "list", "--store", _run.In("none.db"));

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("none.db", error, StringComparison.Ordinal);
    }

    private Guid[] Make(int people, string? model = null)
    {
        using ColourEmbedder embedder = new();
        StoreSetup setup = new() { Path = _run.In("identities.db"), Site = "north", EncodeJpeg = picture => PictureIo.ToJpeg(picture), Publish = false };
        using IdentityStore store = IdentityStore.Open(setup);
        RunRecord run = store.BeginRun("site", Path.GetDirectoryName(_run.In("x"))!, model ?? embedder.ModelId, "{}");
        using EventLog log = EventLog.Open(store.Reader, run.Id, new OutputFolder(run.Output).Events);
        Guid[] ids = new Guid[people];
        for (int i = 0; i < people; i++)
        {
            Tracklet tracklet = MadeUp.Tracklet(i + 1, crops: 1);
            float[] feature = new float[embedder.Dimension];
            embedder.Embed([PictureIo.Decode(SamplePicture.Png(i))!], feature);
            Assert.True(TemporalPooling.TryFinish(feature));
            ids[i] = ContentId.Create(tracklet.EndAt, "person", $"{i}");
            Link link = new(tracklet, feature, 1, ids[i], true, null, new Decision(null, 0.7f, null, Band.Reject, [], i), new PrototypeChange(ids[i], tracklet.Id, null));
            log.Append(store.Commit(run, new LinkGroup(tracklet.At, [link], [], [])).Events);
        }

        File.WriteAllText(_run.In("report.html"), "pictures");
        store.EndRun(run, RunOutcome.Finished);
        return ids;
    }
}
