using Pipeline.Reid;
using Pipeline.Reid.Calibrating;
using Pipeline.Store;

namespace Pipeline.Cli.Running;

/// <summary>The tracks of a finished run as a model sees them, whole and in halves.</summary>
/// <param name="Tracks">Tracks that the model could describe.</param>
/// <param name="Tracklets">Their tracklets.</param>
/// <param name="Problems">What was left out, one line each.</param>
internal sealed record RecordedTracks(IReadOnlyList<RecordedTrack> Tracks, IReadOnlyList<Guid> Tracklets, IReadOnlyList<string> Problems)
{
    private const int LeastForHalves = 4;

    /// <summary>Describes the tracks of a store.</summary>
    /// <param name="sightings">Its tracklets with their pictures.</param>
    /// <param name="embedder">The model.</param>
    /// <param name="pooling">How crops become one feature.</param>
    /// <param name="done">Told how many tracklets are through.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static RecordedTracks Of(
        IReadOnlyList<SightingView> sightings, IEmbedder embedder, ClipPooling pooling, Action<int> done, CancellationToken cancellationToken)
    {
        List<RecordedTrack> tracks = [];
        List<Guid> tracklets = [];
        List<string> problems = [];
        foreach ((int index, SightingView sighting) in sightings.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            Crop[] crops = [.. Read(sighting, problems)];
            float[] embeddings = new float[crops.Length * embedder.Dimension];
            float[] taps = new float[pooling == ClipPooling.Attention ? 3 * crops.Length : 0];
            Embed(embedder, crops, embeddings, taps);
            int half = crops.Length / 2;
            bool halves = crops.Length >= LeastForHalves;
            float[]? first = halves ? Pool(0, half) : null;
            float[]? last = halves ? Pool(crops.Length - half, half) : null;
            if (crops.Length > 0 && Pool(0, crops.Length) is { } whole)
            {
                bool hasClock = sighting.TimeSource != "order";
                tracklets.Add(sighting.TrackletId);
                tracks.Add(new RecordedTrack(sighting.Camera, sighting.StartAt, sighting.EndAt, hasClock, whole, first, last));
            }

            done(index + 1);

            float[]? Pool(int from, int count)
            {
                float[] feature = new float[embedder.Dimension];
                float[] own = embeddings[(from * embedder.Dimension)..((from + count) * embedder.Dimension)]; // a copy: pooling changes it
                int used = pooling == ClipPooling.Attention
                    ? ClipFeatures.PoolByAttention(own, taps.AsSpan(3 * from, 3 * count), feature)
                    : ClipFeatures.Pool(own, crops[from..(from + count)], pooling, feature);
                return used > 0 && TemporalPooling.TryFinish(feature) ? feature : null;
            }
        }

        return new RecordedTracks(tracks, tracklets, problems);
    }

    /// <summary>What was said of pairs of these tracks.</summary>
    /// <param name="words">All that an operator said.</param>
    public IReadOnlyList<JudgedTracks> Judged(OperatorWords words)
    {
        Dictionary<Guid, int> numbers = Tracklets.Index().ToDictionary(tracklet => tracklet.Item, tracklet => tracklet.Index);
        return
        [
            .. words.Together.Select(pair => (pair.One, pair.Other, Same: true)).Concat(words.Apart.Select(pair => (pair.One, pair.Other, Same: false)))
                .Where(pair => numbers.ContainsKey(pair.One) && numbers.ContainsKey(pair.Other))
                .Select(pair => new JudgedTracks(numbers[pair.One], numbers[pair.Other], pair.Same)),
        ];
    }

    private static void Embed(IEmbedder embedder, Crop[] crops, float[] embeddings, float[] taps)
    {
        Picture[] pictures = [.. crops.Select(crop => crop.Picture)];
        if (taps.Length > 0)
        {
            embedder.Embed(pictures, embeddings, taps);
        }
        else
        {
            embedder.Embed(pictures, embeddings);
        }
    }

    private static IEnumerable<Crop> Read(SightingView sighting, List<string> problems)
    {
        foreach (CropView crop in sighting.Crops)
        {
            Picture? picture = null;
            try
            {
                picture = PictureIo.Read(crop.Path);
            }
            catch (InvalidDataException e)
            {
                problems.Add(e.Message);
            }

            if (picture is not null)
            {
                yield return new Crop(picture, crop.CapturedAt, crop.Quality);
            }
        }
    }
}
