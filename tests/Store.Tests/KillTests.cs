using System.Diagnostics;
using System.Globalization;
using System.Text;
using Pipeline.Store;
using Pipeline.Tracker;

namespace Pipeline.Tests.Store;

public sealed class KillTests
{
    private const int Groups = 250;
    private const int Kills = 12;
    private const int Lead = 8; // groups that the child may be ahead of us: Kills * (Lead + most lines read before a kill) < Groups

    [Fact]
    public async Task A_run_killed_again_and_again_ends_with_the_events_of_an_undisturbed_one()
    {
        using TemporaryFolder disturbed = new();
        using TemporaryFolder undisturbed = new();
        Random random = new(20261121);
        int killed = 0;

        for (int i = 0; i < Kills; i++)
        {
            killed += await StartAsync(disturbed.Path, killAfter: random.Next(1, 12)) ? 1 : 0;
            AssertWhole(disturbed.Path);
        }

        await StartAsync(disturbed.Path, killAfter: null);
        CommitAll(undisturbed.Path, Groups, _ => { });

        Assert.Equal(Kills, killed);
        Assert.Equal(Normalised(undisturbed), Normalised(disturbed));
        Assert.Equal(Crops(undisturbed), Crops(disturbed));
        Assert.Equal(Pending(undisturbed.Path), Pending(disturbed.Path));
    }

    [Fact]
    public async Task A_second_process_on_the_same_store_is_refused_by_the_id_of_the_first_while_readers_are_welcome()
    {
        using TemporaryFolder folder = new();
        using IdentityStore store = IdentityStore.Open(Footage.Setup(folder.Path));

        using Process child = Start(folder.Path, Groups);
        string told = await child.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));
        await child.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(3, child.ExitCode);
        Assert.Contains($"identities.db' is in use by process {Environment.ProcessId}. Wait for it", told, StringComparison.Ordinal);
        using StoreReader reader = StoreReader.Open(folder.File("identities.db"));
        Assert.Empty(reader.Runs());
    }

    /// <summary>What the child does: go on with the run, commit what is not committed, report each group.</summary>
    internal static void CommitAll(string folder, int groups, Action<int> report)
    {
        using IdentityStore store = IdentityStore.Open(Footage.Setup(folder));
        RunRecord run = store.Reader.Runs() is [RunRecord begun]
            ? store.ResumeRun(begun.Id, Footage.Model).Run
            : store.BeginRun("recordings", folder, Footage.Model, "{}");
        using EventLog log = EventLog.Open(store.Reader, run.Id, Path.Combine(folder, "events.jsonl"));
        int number = 0;
        foreach (LinkGroup group in Footage.Groups(groups))
        {
            CommittedGroup committed = store.Commit(run, group);
            log.Append(committed.Events);
            number++;
            if (committed.Links.Count > 0)
            {
                report(number);
            }
        }

        store.EndRun(run, RunOutcome.Finished);
    }

    /// <summary>Runs a child until it ends or has committed so many new groups; then it is killed, at whatever it is doing by then.</summary>
    private static async Task<bool> StartAsync(string folder, int? killAfter)
    {
        using Process child = Start(folder, killAfter is null ? Groups : Lead);
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
        for (int lines = 0; await child.StandardOutput.ReadLineAsync(patience.Token) is not null;)
        {
            if (++lines == killAfter)
            {
                child.Kill(); // SIGKILL
            }
            else if (lines < killAfter)
            {
                await child.StandardInput.WriteLineAsync("go on");
            }
        }

        await child.WaitForExitAsync(patience.Token);
        return child.ExitCode != 0;
    }

    private static Process Start(string folder, int lead) => Process.Start(
        new ProcessStartInfo("dotnet", [typeof(KillTests).Assembly.Location, "commit", folder, Number(Groups), Number(lead)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!; // a new process: never null without shell execution

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>After a kill: every event's tracklet, crops and files are there, and the sequence has no gap.</summary>
    private static void AssertWhole(string folder)
    {
        using StoreReader reader = StoreReader.Open(Path.Combine(folder, "identities.db"));
        StoredEvent[] events = [.. reader.Events()];
        Dictionary<Guid, SightingView> sightings = reader.Sightings().ToDictionary(s => s.TrackletId);
        Assert.Equal(Enumerable.Range(1, events.Length).Select(i => (long)i), events.Select(e => e.Sequence));
        Assert.Equal(events.Length, sightings.Values.Count(s => s.IdentityId is not null));
        Assert.All(events, e => Assert.Equal(e.IdentityId, sightings[e.TrackletId!.Value].IdentityId));
        Assert.All(sightings.Values.SelectMany(s => s.Crops), crop => Assert.Equal(Path.GetFileNameWithoutExtension(crop.Path), CropFolder.Digest(File.ReadAllBytes(crop.Path))));
    }

    private static string Normalised(TemporaryFolder folder)
    {
        using IdentityStore store = IdentityStore.Open(Footage.Setup(folder.Path));
        string log = File.ReadAllText(folder.File("events.jsonl"));
        Assert.Equal(log, string.Concat(store.Reader.Events().Select(e => Encoding.UTF8.GetString(e.Payload) + "\n")));
        return log.Replace(store.StreamId.ToString(), "stream", StringComparison.Ordinal);
    }

    private static string[] Crops(TemporaryFolder folder) =>
        [.. Directory.GetFiles(folder.File("crops"), "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder.Path, path)).Order(StringComparer.Ordinal)];

    private static OutboxStatus Pending(string folder)
    {
        using IdentityStore store = IdentityStore.Open(Footage.Setup(folder));
        return store.Outbox.Status();
    }
}
