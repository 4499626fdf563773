using Pipeline.Cli.Running;
using Pipeline.Reid;
using Pipeline.Store;

namespace Pipeline.Cli.Linking;

/// <summary>The tracklets of a run that a store holds, with their features and best pictures: nothing is decoded or embedded again.</summary>
/// <param name="Run">The run.</param>
/// <param name="Model">Its model, by what the store knows of it.</param>
/// <param name="Tracklets">Its tracklets.</param>
/// <param name="Tracks">Folder with the boxes of its tracks; null when it kept none.</param>
/// <param name="Words">What operators said of them.</param>
internal sealed record StoredTracks(RunRecord Run, StatedModel Model, IReadOnlyList<GivenTracklet> Tracklets, string? Tracks, OperatorWords Words)
{
    /// <summary>Whom each of its tracklets belongs to; those who are nobody are left out.</summary>
    public required IReadOnlyDictionary<Guid, Guid> Linked { get; init; }

    /// <summary>Reads the run that a path names: the output folder of a run, or a store, of which the latest run counts.</summary>
    /// <param name="path">The path.</param>
    /// <returns>Its tracklets; null when the path is neither.</returns>
    /// <exception cref="InvalidDataException">The store holds no run.</exception>
    public static StoredTracks? Read(string path)
    {
        RunMark? mark = Directory.Exists(path) ? new OutputFolder(Path.GetFullPath(path)).ReadMark() : null;
        if (mark is null && !File.Exists(path))
        {
            return null;
        }

        using StoreReader reader = StoreReader.Open(mark?.Store ?? path);
        RunRecord run = reader.Runs().LastOrDefault(one => mark is null || one.Id == mark.RunId)
            ?? throw new InvalidDataException($"'{path}': the store holds no run to link again. Make one with 'pipeline run'.");
        IReadOnlyList<StoredTracklet> stored = reader.StoredTracklets(run.Id);
        int dimension = stored.Select(one => one.Feature?.Length).OfType<int>().FirstOrDefault(1);
        string tracks = OutputFolder.Of(run, Path.GetFullPath(mark?.Store ?? path)).Tracks;
        return new StoredTracks(
            run,
            Levels(run.ModelId, dimension, reader.Sightings(run.Id)),
            [.. stored.Select(one => new GivenTracklet(one.Tracklet with { Crops = Pictures(one), BestCrop = one.Picture is { } path && File.Exists(path) ? 0 : -1 }, one.Feature, one.Frames, []))],
            Directory.Exists(tracks) ? tracks : null,
            reader.OperatorWords())
        {
            Linked = reader.Sightings(run.Id).Where(sighting => sighting.IdentityId is not null).ToDictionary(sighting => sighting.TrackletId, sighting => sighting.IdentityId!.Value),
        };
    }

    private static Crop[] Pictures(StoredTracklet one) => one.Picture is { } path && File.Exists(path)
        ? [new Crop(PictureIo.Read(path), one.Tracklet.BoxAt, one.Tracklet.Quality)]
        : [];

    // The model itself is not needed, only the levels that it was used with: the lowest was asked for between cameras, the highest within one.
    private static StatedModel Levels(string modelId, int dimension, IReadOnlyList<SightingView> sightings)
    {
        using ColourEmbedder colour = new();
        if (modelId == colour.ModelId)
        {
            return new StatedModel(modelId, dimension, colour.DefaultThreshold, colour.DefaultSameCameraExtra);
        }

        float[] levels = [.. sightings.Select(sighting => sighting.Threshold).OfType<float>()];
        return levels.Length == 0
            ? new StatedModel(modelId, dimension, 0.7f, 0)
            : new StatedModel(modelId, dimension, levels.Min(), levels.Max() - levels.Min());
    }
}
