namespace Pipeline.Tracker;

/// <summary>Who walks with whom: tracklets of one camera that came and went together.</summary>
internal static class Company
{
    private static readonly TimeSpan s_together = TimeSpan.FromSeconds(3);

    /// <summary>Whether two began and ended within three seconds of each other in one camera, and were in view together.</summary>
    internal static bool Together(KnownSighting one, KnownSighting other) =>
        one.Camera == other.Camera && (one.StartAt - other.StartAt).Duration() <= s_together && (one.EndAt - other.EndAt).Duration() <= s_together
        && one.StartAt <= other.EndAt && other.StartAt <= one.EndAt;

    /// <summary>For each sighting the others that began and ended within three seconds of it in its camera, and were in view beside it.</summary>
    /// <param name="sightings">Any order.</param>
    /// <returns>Their places in the list, rising.</returns>
    internal static int[][] Of(IReadOnlyList<KnownSighting> sightings)
    {
        List<int>[] company = [.. sightings.Select(_ => new List<int>())];
        foreach (IGrouping<string, int> camera in Enumerable.Range(0, sightings.Count).GroupBy(one => sightings[one].Camera))
        {
            int[] byStart = [.. camera.OrderBy(one => sightings[one].StartAt).ThenBy(one => one)];
            for (int first = 0; first < byStart.Length; first++)
            {
                for (int next = first + 1; next < byStart.Length && sightings[byStart[next]].StartAt - sightings[byStart[first]].StartAt <= s_together; next++)
                {
                    if (Together(sightings[byStart[first]], sightings[byStart[next]]))
                    {
                        company[byStart[first]].Add(byStart[next]);
                        company[byStart[next]].Add(byStart[first]);
                    }
                }
            }
        }

        return [.. company.Select(others => others.Order().ToArray())];
    }
}
