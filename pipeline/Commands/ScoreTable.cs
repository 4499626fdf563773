using Pipeline.Cli.Terminal;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Cli.Commands;

/// <summary>Tracking scores for people to read, in percent.</summary>
internal static class ScoreTable
{
    private const double EndsEarly = 0.9; // a recording may end with nobody in view

    /// <summary>Makes a table with all that is usually asked for.</summary>
    /// <param name="rows">Name, frames and scores of each row.</param>
    public static DataTable Of(IEnumerable<(string Name, int Frames, TrackingScores Scores)> rows)
    {
        DataTable table = new("sequence", "frames", "HOTA", "DetA", "AssA", "LocA", "MOTA", "MOTP", "IDF1", "IDP", "IDR", "IDSW", "Frag", "FP", "FN", "MT", "PT", "ML");
        foreach ((string name, int frames, TrackingScores scores) in rows)
        {
            (HotaScores hota, ClearScores clear, IdentityScores identity) = scores;
            table.Add(
                name, frames, 100 * hota.Mean, 100 * hota.DetA.Average(), 100 * hota.AssA.Average(), 100 * hota.LocA.Average(), 100 * clear.Mota, 100 * clear.Motp,
                100 * identity.Idf1, 100 * identity.Precision, 100 * identity.Recall,
                clear.IdentitySwitches, clear.Fragmentations, clear.FalsePositives, clear.FalseNegatives, clear.MostlyTracked, clear.PartlyTracked, clear.MostlyLost);
        }

        return table;
    }

    /// <summary>Says which output could not be judged, and which ends long before its truth.</summary>
    /// <param name="call">Where to.</param>
    /// <param name="pairs">What was judged.</param>
    public static async Task<ExitCode> SayUnjudgedAsync(Call call, MotSequences pairs)
    {
        IReadOnlyList<string> names = pairs.Unjudged;
        foreach (MotSequence pair in pairs.Sequences)
        {
            (int found, int truth) = (Last(pair.Found), Last(pair.Truth));
            if (found < EndsEarly * truth)
            {
                await call.Error.WriteLineAsync($"pipeline: {pair.Name}: the output ends at frame {found}, the truth at frame {truth}: all between counts as missed. Check that they are of one recording.");
            }
        }

        if (names.Count == 0)
        {
            return ExitCode.Fine;
        }

        await call.Error.WriteLineAsync($"pipeline: no truth for {string.Join(", ", names)}: left out of the scores. Add the truth, or leave the output out.");
        return ExitCode.Losses;
    }

    private static int Last(IReadOnlyList<MotRow> rows) => rows.Count == 0 ? 0 : rows.Max(row => row.Frame);
}
