using Pipeline.Cli.Summary;
using Pipeline.Reid.Evaluation;
using Pipeline.Store;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Cli.Running;

/// <summary>A run held against truth.</summary>
/// <param name="Tracklets">Tracklets of segments that have truth.</param>
/// <param name="Mixed">Those that went from one person to another.</param>
/// <param name="Agreement">Identities and persons, over tracklets.</param>
/// <param name="Links">Links counted.</param>
/// <param name="Tracking">Scores of the tracks in the frames analysed, all segments together.</param>
internal sealed record TrackletVerdict(int Tracklets, int Mixed, ClusterAgreement Agreement, LinkScores Links, TrackingScores Tracking);

/// <summary>Holds the tracks and identities of a run against ground truth.</summary>
internal static class TrackletJudge
{
    /// <summary>Judges.</summary>
    /// <param name="run">Output folder of a run with <c>run.tracks</c>.</param>
    /// <param name="truth">Folder with <c>CAMERA/SEGMENT.gt.txt</c>, MOTChallenge text; segments without one are left out.</param>
    /// <param name="persons">CSV with columns <c>person</c> and <c>track</c>, which ids of the truth are one person; null when they are persons already.</param>
    /// <exception cref="InvalidDataException">Something is missing or damaged.</exception>
    public static TrackletVerdict Judge(string run, string truth, string? persons)
    {
        OutputFolder output = new(Path.GetFullPath(run));
        RunMark mark = output.ReadMark() ?? throw new InvalidDataException($"'{run}': there is no run in it. Name the output folder of one.");
        Dictionary<int, int>? personOf = persons is null ? null : PersonOfTrack(persons);
        using StoreReader store = StoreReader.Open(mark.Store);
        SightingView[] sightings = [.. store.Sightings(mark.RunId).OrderBy(s => s.EndAt).ThenBy(s => s.Camera, StringComparer.Ordinal).ThenBy(s => s.TrackNumber)];
        Dictionary<Guid, int> numbers = sightings.Index().ToDictionary(sighting => sighting.Item.TrackletId, sighting => sighting.Index + 1);
        RunTracks tracks = new(sightings);
        Dictionary<int, TrackTruth> judged = [];
        List<TrackingScores> scores = [];
        foreach ((string camera, string segment, string truthFile) in Segments(output.Tracks, truth))
        {
            IReadOnlyDictionary<int, DateTimeOffset?> frames = AnalysedFrames.Read(Path.Combine(output.Tracks, camera, segment + AnalysedFrames.Ending));
            List<MotRow> found = tracks.Renumber(camera, Read(Path.Combine(output.Tracks, camera, segment + ".txt")), frames, sighting => numbers[sighting.TrackletId]);
            List<MotRow> real = [.. Read(truthFile).Where(row => frames.ContainsKey(row.Frame))];
            scores.Add(TrackingScores.Of(ScoredSequence.Create(real, found, frames.Keys.DefaultIfEmpty().Max(), MotRules.Mot15)));
            foreach (TrackTruth track in TrackTruth.Of(real, found))
            {
                judged[track.Id] = judged.TryGetValue(track.Id, out TrackTruth? earlier) && earlier.Boxes >= track.Boxes ? earlier : track;
            }
        }

        if (scores.Count == 0)
        {
            throw new InvalidDataException($"'{truth}': no CAMERA/SEGMENT.gt.txt for any file under '{output.Tracks}'. Name the folder with the truth, and run with --run.tracks true.");
        }

        List<(JudgedTracklet Tracklet, TrackTruth Truth)> tracklets = [];
        foreach (SightingView sighting in sightings)
        {
            if (judged.TryGetValue(numbers[sighting.TrackletId], out TrackTruth? track))
            {
                int person = personOf is null || track.Truth == 0 ? track.Truth : personOf.GetValueOrDefault(track.Truth);
                tracklets.Add((new JudgedTracklet(sighting.Camera, person, sighting.IdentityId), track));
            }
        }

        return new TrackletVerdict(
            tracklets.Count,
            tracklets.Count(t => t.Truth.OnOthers > 0.2 * t.Truth.Boxes),
            ClusterAgreement.Of(tracklets.Select(t => (t.Tracklet.Person, t.Tracklet.Identity?.ToString()))),
            LinkScores.Of(tracklets.Select(t => t.Tracklet)),
            TrackingScores.Combine(scores));
    }

    private static IEnumerable<(string Camera, string Segment, string Truth)> Segments(string tracks, string truth)
    {
        if (!Directory.Exists(tracks))
        {
            throw new InvalidDataException($"'{tracks}' is not there. Run with --run.tracks true.");
        }

        foreach (string file in Directory.EnumerateFiles(tracks, "*" + AnalysedFrames.Ending, SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string relative = Path.GetRelativePath(tracks, file)[..^AnalysedFrames.Ending.Length];
            int slash = relative.IndexOf(Path.DirectorySeparatorChar, StringComparison.Ordinal);
            string gt = Path.ChangeExtension(Path.Combine(truth, relative), ".gt.txt");
            if (File.Exists(gt))
            {
                yield return (relative[..slash], relative[(slash + 1)..], gt);
            }
        }
    }

    private static List<MotRow> Read(string file)
    {
        try
        {
            return MotText.Parse(File.ReadAllText(file));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{file}': {e.Message}", e);
        }
    }

    private static Dictionary<int, int> PersonOfTrack(string file)
    {
        string[][] rows = [.. File.ReadLines(file).Where(line => line.Length > 0).Select(line => line.Split(','))];
        int person = rows.Length == 0 ? -1 : Array.IndexOf(rows[0], "person");
        int track = rows.Length == 0 ? -1 : Array.IndexOf(rows[0], "track");
        if (person < 0 || track < 0)
        {
            throw new InvalidDataException($"'{file}': a first line with the columns person and track is needed. Correct it.");
        }

        Dictionary<int, int> persons = [];
        foreach ((int index, string[] row) in rows.Index().Skip(1))
        {
            if (row.Length <= Math.Max(person, track) || !int.TryParse(row[person], out int who) || !int.TryParse(row[track], out int id))
            {
                throw new InvalidDataException($"'{file}', line {index + 1}: person and track must be whole numbers. Correct the line.");
            }

            persons[id] = who;
        }

        return persons;
    }
}
