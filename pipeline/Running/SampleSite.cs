using System.Globalization;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Cli.Running;

/// <summary>The sample: a small rendered site (<c>pipeline site generate</c>) that comes with the program, so everybody in it is known.</summary>
internal static class SampleSite
{
    private const string Place = "samples/site";

    /// <summary>Where it lies: in the samples of the checkout that this program was built in, as seen from the current folder.</summary>
    /// <exception cref="InvalidDataException">It is not there.</exception>
    public static string Find()
    {
        for (DirectoryInfo? above = new(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            string folder = Path.Combine(above.FullName, Place);
            if (File.Exists(Path.Combine(folder, "site.json")))
            {
                return Path.GetRelativePath(Environment.CurrentDirectory, folder);
            }
        }

        throw new InvalidDataException($"the sample is not in '{Place}' of the checkout. Bring it back with git checkout {Place}, or name a folder of recordings: ./run <folder>.");
    }

    /// <summary>How the run compares with the truth.</summary>
    /// <param name="folder">The sample.</param>
    /// <param name="output">Output folder of a run made with its tracks.</param>
    /// <exception cref="InvalidDataException">The run wrote no tracks.</exception>
    public static string Verdict(string folder, string output)
    {
        SiteScores scores = SiteScores.Of(RunIdentities.Read(new MotSequenceReader(), folder, output).Sequences);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"against the truth of the sample: IDF1 {100 * scores.All.Identity.Idf1:F1} over all cameras (each camera by itself {100 * scores.Apart.Identity.Idf1:F1}), HOTA {100 * scores.All.Hota.Mean:F1}{Environment.NewLine}"
            + $"more: pipeline eval mtmc --truth {folder} --result {output}");
    }
}
