using Pipeline.Store;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Cli.Running;

/// <summary>Gives the tracks of a run the identities that the run linked them to.</summary>
internal static class RunIdentities
{
    /// <summary>Reads truth and output; where the output is that of a run, its tracks get the numbers of their identities, those without one a number of their own.</summary>
    /// <param name="reader">Reads the files.</param>
    /// <param name="truth">Folder with the truth.</param>
    /// <param name="result">Folder with tracks, or output folder of a run.</param>
    /// <exception cref="InvalidDataException">Something is missing or damaged.</exception>
    public static MotSequences Read(MotSequenceReader reader, string truth, string result)
    {
        OutputFolder folder = new(Path.GetFullPath(result));
        if (folder.ReadMark() is not { } mark)
        {
            return reader.Read(truth, result);
        }

        if (!Directory.Exists(folder.Tracks))
        {
            throw new InvalidDataException($"'{folder.Tracks}' is not there. Run with --run.tracks true.");
        }

        MotSequences pairs = reader.Read(truth, folder.Tracks);
        using StoreReader store = StoreReader.Open(mark.Store);
        SightingView[] sightings = [.. store.Sightings(mark.RunId).Where(sighting => sighting.IdentityId is not null)];
        Guid[] identities = [.. sightings.Select(sighting => sighting.IdentityId!.Value).Distinct().OrderBy(id => id.ToString(), StringComparer.Ordinal)];
        Dictionary<Guid, int> numbers = identities.Index().ToDictionary(pair => pair.Item, pair => pair.Index + 1);
        RunTracks tracks = new(sightings);
        return pairs with
        {
            Sequences =
            [
                .. pairs.Sequences.Select(sequence => sequence with
                {
                    Found = tracks.Renumber(sequence.Camera, sequence.Found, sequence.Analysed, sighting => numbers[sighting.IdentityId!.Value]),
                }),
            ],
        };
    }
}
