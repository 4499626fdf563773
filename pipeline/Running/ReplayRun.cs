using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Threading.Channels;
using Pipeline.Cli.Terminal;
using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Reid.Data;
using Pipeline.Tracker;

namespace Pipeline.Cli.Running;

/// <summary>
/// The first half of a replay: clips that somebody else cut, as tracklets. They carry no capture time, so each camera goes by the order of
/// its clips (<see cref="TimeSource.Order"/>), and no rule about time between cameras applies.
/// </summary>
internal sealed class ReplayRun
{
    private const double Fps = 25; // MARS
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly RunSession _session;
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly List<(Tracklet Tracklet, MarsTracklet Clip)> _clips;
    private readonly Dictionary<string, int> _done = new(StringComparer.Ordinal);
    private readonly int _crops;

    /// <summary>Plans the replay.</summary>
    /// <param name="folder">The clips.</param>
    /// <param name="site">Part of all ids.</param>
    /// <param name="crops">Pictures taken of each clip, evenly spaced over it.</param>
    /// <param name="session">The second half.</param>
    public ReplayRun(MarsFolder folder, string site, int crops, RunSession session)
    {
        _session = session;
        _crops = crops;
        _clips = Plan(folder, site);
    }

    /// <summary>Every clip as it will come, with its label.</summary>
    public IReadOnlyList<(Tracklet Tracklet, MarsTracklet Clip)> Clips => _clips;

    /// <summary>Pictures that could not be read, one line each.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Replays all clips.</summary>
    /// <param name="cancellationToken">Stops all stages.</param>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        Channel<CropSet> crops = Channel.CreateBounded<CropSet>(Capacity.Small);
        return _session.RunAsync([token => ReadAsync(crops, token)], crops, cancellationToken);
    }

    /// <summary>How far it is.</summary>
    public ProgressSnapshot Snapshot()
    {
        lock (_done)
        {
            return _session.Snapshot(
                _elapsed.Elapsed,
                [
                    .. _clips.GroupBy(c => c.Tracklet.Camera).OrderBy(g => g.Key.Id, StringComparer.Ordinal).Select(camera =>
                        Terminal.CameraProgress.OfTracklets(camera.Key.Id, camera.Key.Name, _done.GetValueOrDefault(camera.Key.Id), camera.Count())),
                ]);
        }
    }

    private async Task ReadAsync(ChannelWriter<CropSet> output, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            foreach ((Tracklet planned, MarsTracklet clip) in _clips)
            {
                Tracklet tracklet = WithPictures(planned, clip);
                await output.WriteAsync(new CropSet(tracklet, tracklet.Crops), cancellationToken);
                lock (_done)
                {
                    _done[tracklet.Camera.Id] = _done.GetValueOrDefault(tracklet.Camera.Id) + 1;
                }
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

    // Cameras are independent lanes of time; what comes first in any of them is decided first.
    private static List<(Tracklet, MarsTracklet)> Plan(MarsFolder folder, string site)
    {
        Dictionary<int, (Camera Camera, DateTimeOffset Next, int Number)> lanes = [];
        List<(Tracklet Tracklet, MarsTracklet Clip)> clips = [];
        foreach (MarsTracklet clip in folder.Tracklets)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"c{clip.Camera}");
            (Camera camera, DateTimeOffset start, int number) = lanes.TryGetValue(clip.Camera, out var lane) ? lane : (new Camera(name, name, CameraKind.Recorded), Epoch, 1);
            DateTimeOffset end = start + TimeSpan.FromSeconds((clip.Frames[^1] - clip.Frames[0]) / Fps);
            string digest = Digest(clip);
            clips.Add((
                new Tracklet(camera, end)
                {
                    Id = ContentId.Create(end, "tracklet", site, camera.Id, digest),
                    Number = number,
                    StartAt = start,
                    EndAt = end,
                    Entry = null, // clips begin and end where their maker cut them
                    Exit = null,
                    Segment = new Segment(camera, "images", Path.GetFileName(clip.Paths[0]), number - 1, digest, start, TimeSource.Order),
                    Offset = TimeSpan.Zero,
                    Box = default,
                    BoxAt = start,
                    FrameWidth = 0,
                    FrameHeight = 0,
                    Detections = clip.Paths.Count,
                    Quality = 1,
                    Crops = [],
                    BestCrop = -1,
                    MediaDigest = digest,
                    Ordinal = 0,
                },
                clip));
            lanes[clip.Camera] = (camera, end + Pause, number + 1);
        }

        return [.. clips.OrderBy(c => c.Tracklet.At).ThenBy(c => c.Tracklet.Camera.Id, StringComparer.Ordinal).ThenBy(c => c.Tracklet.Number)];
    }

    private static string Digest(MarsTracklet clip)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string path in clip.Paths)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(path) + "\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private Tracklet WithPictures(Tracklet tracklet, MarsTracklet clip)
    {
        List<Crop> crops = [];
        int count = Math.Min(_crops, clip.Paths.Count);
        for (int i = 0; i < count; i++)
        {
            int at = (int)((i + 0.5) * clip.Paths.Count / count);
            try
            {
                Picture picture = PictureIo.Read(clip.Paths[at]);
                crops.Add(new Crop(picture, tracklet.StartAt + TimeSpan.FromSeconds((clip.Frames[at] - clip.Frames[0]) / Fps), 1));
            }
            catch (InvalidDataException e)
            {
                Problems.Add(e.Message);
            }
        }

        if (crops.Count == 0)
        {
            return tracklet;
        }

        int best = crops.Count / 2; // nothing is known of their worth
        Picture shown = crops[best].Picture;
        return tracklet with
        {
            Crops = crops,
            BestCrop = best,
            Box = new Box(0, 0, shown.Width, shown.Height),
            BoxAt = crops[best].CapturedAt,
            FrameWidth = shown.Width,
            FrameHeight = shown.Height,
        };
    }
}
