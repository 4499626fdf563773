using System.Globalization;
using System.Numerics.Tensors;
using Pipeline.Reid.Evaluation;

namespace Pipeline.Reid.Calibrating;

/// <summary>What is certain in unlabelled recordings: one track is one person; two tracks in view at once are two people; and what an operator said.</summary>
/// <remarks>
/// Pairs of one camera are more alike than pairs of two, whoever they show: light, colour and background are shared. So pairs of one camera are carried
/// over: one side's feature is moved by the difference of the two cameras' mean features and brought to unit length again, which takes the first-order part of
/// that bias away. The two sides of one person are the first and the last half of a track, which differ in time and pose as far as a track allows.
/// Where cameras share a clock and do not see the same place, people in view at once in two of them are two people too, and no bias is left in those.
/// </remarks>
public static class RecordedPairs
{
    /// <summary>Tracks of a camera needed before its mean says something.</summary>
    public const int LeastForMean = 10;

    private static readonly TimeSpan _atOnce = TimeSpan.FromSeconds(1); // clocks of cameras may be a little apart

    /// <summary>Makes the pairs.</summary>
    /// <param name="tracks">The tracks.</param>
    /// <param name="overlapping">True for two cameras that see the same place.</param>
    /// <param name="words">What an operator said of pairs of these tracks, by their numbers; null for nothing.</param>
    /// <exception cref="InvalidDataException">There is nobody in the recordings.</exception>
    public static CalibrationSample Of(IReadOnlyList<RecordedTrack> tracks, Func<string, string, bool> overlapping, IReadOnlyList<JudgedTracks>? words = null)
    {
        ArgumentNullException.ThrowIfNull(tracks);
        ArgumentNullException.ThrowIfNull(overlapping);
        if (tracks.Count == 0)
        {
            throw new InvalidDataException("nobody is in these recordings: 0 tracks that a model could describe. Calibrate with footage of people.");
        }

        string[] cameras = [.. tracks.Select(track => track.Camera).Distinct().Order(StringComparer.Ordinal)];
        Dictionary<string, float[]> means = cameras
            .Select(camera => (Camera: camera, Own: tracks.Where(track => track.Camera == camera).ToArray()))
            .Where(camera => camera.Own.Length >= LeastForMean)
            .ToDictionary(camera => camera.Camera, camera => Mean(camera.Own));
        List<ScoredPair> across = [];
        List<ScoredPair> within = [];
        int seenApart = 0;
        for (int i = 0; i < tracks.Count; i++)
        {
            RecordedTrack track = tracks[i];
            if (track.First is not null && track.Last is not null)
            {
                Carry(track.First, track.Last, track.Camera, i, i, same: true);
            }

            for (int j = i + 1; j < tracks.Count; j++)
            {
                RecordedTrack other = tracks[j];
                if (track.Camera == other.Camera && track.StartAt < other.EndAt && other.StartAt < track.EndAt)
                {
                    Carry(track.Whole, other.Whole, track.Camera, i, j, same: false);
                }
                else if (track.Camera != other.Camera && track.HasClock && other.HasClock && !overlapping(track.Camera, other.Camera)
                    && track.StartAt + _atOnce < other.EndAt && other.StartAt + _atOnce < track.EndAt)
                {
                    across.Add(new ScoredPair(CosineSearch.Dot(track.Whole, other.Whole), false, i, j, track.Camera, other.Camera));
                    seenApart++;
                }
            }
        }

        foreach ((int one, int other, bool same) in words ?? [])
        {
            (RecordedTrack first, RecordedTrack second) = (tracks[one], tracks[other]);
            (first.Camera == second.Camera ? within : across).Add(
                new ScoredPair(CosineSearch.Dot(first.Whole, second.Whole), same, one, same ? one : other, first.Camera, second.Camera));
        }

        return new CalibrationSample(
            cameras.Length > 1 ? across : within, within, "recordings", cameras, tracks.Count, tracks.Min(track => track.StartAt), tracks.Max(track => track.EndAt),
            [.. Notes(cameras, means, seenApart, words?.Count ?? 0)]);

        void Carry(float[] one, float[] two, string camera, int first, int second, bool same)
        {
            within.Add(new ScoredPair(CosineSearch.Dot(one, two), same, first, second, camera, camera));
            foreach (string there in cameras.Where(there => there != camera))
            {
                float[] moved = Moved(two, means.GetValueOrDefault(camera), means.GetValueOrDefault(there));
                across.Add(new ScoredPair(CosineSearch.Dot(one, moved), same, first, second, camera, there));
            }
        }
    }

    private static IEnumerable<string> Notes(string[] cameras, Dictionary<string, float[]> means, int seenApart, int words)
    {
        if (words > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{words} pairs of tracks are one person, or two, because an operator said so.");
        }

        yield return "Pairs of one person are halves of one track: they are more alike than two sightings, so more is missed than told here.";
        if (cameras.Length == 1)
        {
            yield return "One camera: thresholds hold within it; how much less alike people are in another camera is not known.";
        }
        else
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{seenApart} pairs of different people were in view at once in two cameras; the others were in one camera and are carried over.");
        }

        foreach (string camera in cameras.Where(camera => cameras.Length > 1 && !means.ContainsKey(camera)))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Camera {camera} has fewer than {LeastForMean} tracks: what its light does to features is not known.");
        }
    }

    private static float[] Mean(RecordedTrack[] tracks)
    {
        float[] mean = new float[tracks[0].Whole.Length];
        TemporalPooling.Average(tracks.SelectMany(track => track.Whole).ToArray(), mean);
        return mean;
    }

    private static float[] Moved(float[] feature, float[]? from, float[]? to)
    {
        if (from is null || to is null)
        {
            return feature;
        }

        float[] moved = [.. feature];
        TensorPrimitives.Subtract(moved, from, moved);
        TensorPrimitives.Add(moved, to, moved);
        return TemporalPooling.TryFinish(moved) ? moved : feature;
    }
}
