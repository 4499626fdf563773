using System.CommandLine;
using System.Diagnostics;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Terminal;
using Pipeline.Reid;
using Pipeline.Store;
using Pipeline.Tracker;

namespace Pipeline.Cli.Benchmarks;

/// <summary><c>pipeline benchmark store</c>.</summary>
internal sealed class StoreBenchmarkCommand : BenchmarkCommand
{
    private const int Groups = 300;
    private const int Dimension = 512;
    private readonly Option<string?> _folder = new("--folder") { Description = "Folder on the disk that is meant; default the system's folder for temporary files.", HelpName = "DIR" };

    /// <summary>Makes the command.</summary>
    public StoreBenchmarkCommand()
        : base("store", "Durable commits a second: one decision with its feature, event and outbox row each, with and without pictures.", "no short flag") => Add(_folder);

    /// <inheritdoc/>
    public override string Needs => "nothing; it depends on the disk";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline benchmark store", "pipeline benchmark store --folder /mnt/data"];

    /// <inheritdoc/>
    protected override Task<DataTable> MeasureAsync(Call call, LoadedSettings<Settings> settings, CancellationToken cancellationToken)
    {
        DataTable table = new("pictures a tracklet", "commits", "commits/s", "ms a commit");
        foreach (int crops in new[] { 0, settings.Value.Store.CropsPerTracklet })
        {
            string folder = Path.Combine(call.Get(_folder) ?? Path.GetTempPath(), $"pipeline-benchmark-{Environment.ProcessId}-{crops}");
            try
            {
                LinkGroup[] groups = [.. Enumerable.Range(1, Groups).Select(number => Group(number, crops))];
                using IdentityStore store = IdentityStore.Open(new StoreSetup
                {
                    Path = Path.Combine(folder, "identities.db"), Site = "benchmark", EncodeJpeg = picture => PictureIo.ToJpeg(picture), Options = settings.Value.Store,
                });
                RunRecord run = store.BeginRun("benchmark", folder, "benchmark@1", "{}");
                long start = Stopwatch.GetTimestamp();
                foreach (LinkGroup group in groups)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    store.Commit(run, group);
                }

                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                table.Add(crops, Groups, Groups / seconds, 1000 * seconds / Groups);
            }
            finally
            {
                if (Directory.Exists(folder))
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
        }

        return Task.FromResult(table);
    }

    private static LinkGroup Group(int number, int crops)
    {
        Tracklet tracklet = MadeUp.Tracklet(number, crops);
        float[] feature = new float[Dimension];
        MadeUp.Fill(feature, Dimension);
        Guid identity = ContentId.Create(tracklet.EndAt, "benchmark", "identity", tracklet.Id.ToString());
        Link link = new(
            tracklet, feature, crops, identity, IsNew: true, FromTrackletId: null, new Decision(null, 0.7f, null, Band.Reject, [], number - 1),
            new PrototypeChange(identity, tracklet.Id, null));
        return new LinkGroup(tracklet.At, [link], [], []);
    }
}
