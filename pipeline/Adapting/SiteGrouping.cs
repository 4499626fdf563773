using Pipeline.Reid;
using Pipeline.Store;
using Pipeline.Tracker;

namespace Pipeline.Cli.Adapting;

/// <summary>
/// Groups tracks into people as the re-link at a run's end does: by similarity and common nearest neighbours, the cameras' own similarity taken off, and
/// nobody in two places at once.
/// </summary>
/// <remarks>
/// Training changes what similarities mean. So the threshold keeps its place among pairs that are two people for sure, in standard deviations from their
/// mean, as the model at the beginning had it. Not thread-safe.
/// </remarks>
/// <param name="tracks">The tracks.</param>
/// <param name="options">Linking.</param>
/// <param name="threshold">The model's threshold.</param>
/// <param name="sameCameraExtra">What is asked besides within a camera.</param>
internal sealed class SiteGrouping(IReadOnlyList<SightingView> tracks, LinkerOptions options, float threshold, float sameCameraExtra)
{
    private readonly IReadOnlyList<(int One, int Other)> _apart = SiteTracks.Pairs(tracks, options);
    private double? _place;

    /// <summary>Groups.</summary>
    /// <param name="features">The tracks' unit features of now.</param>
    /// <returns>A number of the person for each.</returns>
    public IReadOnlyList<int> Group(IReadOnlyList<float[]> features)
    {
        float now = Threshold(features);
        Relinker relinker = new(options with { Threshold = now }, now, sameCameraExtra);
        return relinker.Group([.. tracks.Select((track, i) => (SiteTracks.Known(track, i), features[i]))]);
    }

    private float Threshold(IReadOnlyList<float[]> features)
    {
        if (_apart.Count < 2)
        {
            return threshold;
        }

        double[] strangers = [.. _apart.Select(pair => (double)CosineSearch.Dot(features[pair.One], features[pair.Other]))];
        double mean = strangers.Average();
        double spread = Math.Max(Math.Sqrt(strangers.Average(similarity => (similarity - mean) * (similarity - mean))), 1e-6);
        _place ??= (threshold - mean) / spread;
        return (float)Math.Clamp(mean + (_place.Value * spread), -1, 1);
    }
}
