using System.Diagnostics;
using System.Threading.Channels;
using Pipeline.Cli.Running;
using Pipeline.Cli.Terminal;
using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Tracker;

namespace Pipeline.Cli.Linking;

/// <summary>The first half of a run on tracklets whose features are known: in the order in which they end.</summary>
internal sealed class FeatureRun
{
    private readonly RunSession _session;
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly GivenTracklet[] _tracklets;
    private int _done;

    /// <summary>Plans it.</summary>
    /// <param name="tracklets">The tracklets, any order.</param>
    /// <param name="session">The second half.</param>
    public FeatureRun(IEnumerable<GivenTracklet> tracklets, RunSession session)
    {
        _session = session;
        _tracklets = [.. tracklets.OrderBy(one => one.Tracklet.At).ThenBy(one => one.Tracklet.Camera.Id, StringComparer.Ordinal).ThenBy(one => one.Tracklet.Number)];
    }

    /// <summary>Links all.</summary>
    /// <param name="cancellationToken">Stops all stages.</param>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        Channel<ClipFeature> features = Channel.CreateBounded<ClipFeature>(Capacity.Small);
        return _session.RunFeaturesAsync([token => WriteAsync(features, token)], features, cancellationToken);
    }

    /// <summary>How far it is.</summary>
    public ProgressSnapshot Snapshot() => _session.Snapshot(
        _elapsed.Elapsed,
        [
            .. _tracklets.Select(one => one.Tracklet.Camera).Distinct().OrderBy(camera => camera.Id, StringComparer.Ordinal).Select(camera =>
                Terminal.CameraProgress.OfTracklets(camera.Id, camera.Name, _done, _tracklets.Length)),
        ]);

    private async Task WriteAsync(ChannelWriter<ClipFeature> output, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            foreach (GivenTracklet given in _tracklets)
            {
                await output.WriteAsync(new ClipFeature(given.Tracklet, given.Feature, given.Frames), cancellationToken);
                Interlocked.Increment(ref _done);
            }

            foreach (IGrouping<Camera, Tracklet> camera in _tracklets.Select(one => one.Tracklet).GroupBy(tracklet => tracklet.Camera).OrderBy(group => group.Key.Id, StringComparer.Ordinal))
            {
                await output.WriteAsync(new ClipFeature(new CameraFinished(camera.Key, camera.Max(tracklet => tracklet.At)), null, 0), cancellationToken);
            }
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            output.TryComplete(failure);
        }
    }
}
