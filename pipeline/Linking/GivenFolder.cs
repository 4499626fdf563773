using System.Text.RegularExpressions;
using Pipeline.Ingest;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Cli.Linking;

/// <summary>A camera whose boxes somebody else found.</summary>
/// <param name="Camera">The camera.</param>
/// <param name="File">The text file.</param>
/// <param name="Ref">Its path in the folder.</param>
/// <param name="Rows">Its rows, as they stand in it.</param>
/// <param name="Features">A vector for each row; null without.</param>
internal sealed record GivenCamera(Camera Camera, string File, string Ref, IReadOnlyList<MotRow> Rows, GivenFeatures? Features);

/// <summary>Finds cameras in a folder of MOTChallenge text files.</summary>
internal static class GivenFolder
{
    /// <summary>Files of a folder that a pattern names, with the part that stands for <c>*</c>: the camera.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pattern">Path in it with <c>*</c> in place of the camera, such as <c>*.txt</c> or <c>*/det.txt</c>.</param>
    /// <exception cref="InvalidDataException">There is no such folder.</exception>
    public static IReadOnlyList<(string Name, string Ref, string Path)> Find(string folder, string pattern)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidDataException($"there is no folder '{folder}'. Name one with a text file for each camera, the output folder of a run, or a store.");
        }

        Regex form = new("^" + Regex.Escape(pattern).Replace("\\*", "([^/]*)", StringComparison.Ordinal) + "$", RegexOptions.CultureInvariant);
        return
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(path => (Path: path, Ref: Path.GetRelativePath(folder, path).Replace('\\', '/')))
                .Select(file => (file.Path, file.Ref, Match: form.Match(file.Ref)))
                .Where(file => file.Match.Success)
                .OrderBy(file => file.Ref, StringComparer.Ordinal)
                .Select(file => (string.Join('-', file.Match.Groups.Values.Skip(1).Select(group => group.Value)), file.Ref, file.Path)),
        ];
    }

    /// <summary>Reads the boxes, with the features beside them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pattern">Which files; see <see cref="Find"/>.</param>
    /// <exception cref="InvalidDataException">There is none, or one is damaged.</exception>
    public static IReadOnlyList<GivenCamera> Read(string folder, string pattern)
    {
        HashSet<string> taken = [];
        List<GivenCamera> cameras = [];
        foreach ((string name, string reference, string path) in Find(folder, pattern))
        {
            string shown = name.Length > 0 ? name : Path.GetFileNameWithoutExtension(path);
            List<MotRow> rows = Rows(path);
            cameras.Add(new GivenCamera(
                new Camera(Slug.Take(Slug.From(shown), taken), shown, CameraKind.Recorded), path, reference, rows, GivenFeatures.Beside(path, rows.Count)));
        }

        if (cameras.Count == 0)
        {
            throw new InvalidDataException($"'{folder}': no file '{pattern}'. Say with --pattern which files are the cameras, * in place of the camera.");
        }

        return cameras.Select(camera => camera.Features?.Dimension).OfType<int>().Distinct().ToArray() is { Length: > 1 } lengths
            ? throw new InvalidDataException($"'{folder}': vectors of one length are needed, got {string.Join(" and ", lengths)}. Make them with one model.")
            : cameras;
    }

    /// <summary>Reads a text file.</summary>
    /// <param name="path">The file.</param>
    public static List<MotRow> Rows(string path)
    {
        try
        {
            return MotText.Parse(File.ReadAllText(path));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{path}': {e.Message}", e);
        }
    }
}
