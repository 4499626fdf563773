using System.Globalization;

namespace Pipeline.Cli.Terminal;

/// <summary>A snapshot as plain lines, for logs: a line for the whole and one for every piece of news.</summary>
public sealed class ProgressLines
{
    private long _lastNews;

    /// <summary>The lines to print now; news that were returned before are left out.</summary>
    /// <param name="snapshot">The snapshot.</param>
    public IReadOnlyList<string> Next(ProgressSnapshot snapshot)
    {
        List<string> lines = [.. snapshot.News.Where(n => n.Number > _lastNews).Select(n => (n.IsProblem ? "! " : "  ") + TerminalText.Clean(n.Text))];
        _lastNews = Math.Max(_lastNews, snapshot.News.Count == 0 ? 0 : snapshot.News.Max(n => n.Number));
        string done = snapshot.Done is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share * 100,3:0} %, ") : "";
        string left = snapshot.Left(snapshot.Done) is { } time ? $", {TerminalText.Span(time)} left" : "";
        int finished = snapshot.Cameras.Count(c => c.Activity == CameraActivity.Finished);
        string cameras = snapshot.Cameras.All(c => c.Done is null) ? TerminalText.Count(snapshot.Cameras.Count, "live camera") : $"{finished} of {TerminalText.Count(snapshot.Cameras.Count, "camera")} done";
        int problems = snapshot.Cameras.Sum(c => c.Problems);
        lines.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{TerminalText.Span(snapshot.Elapsed)}: {done}{cameras}, {TerminalText.Count(snapshot.Cameras.Sum(c => c.Frames), "frame")}, "
            + $"{snapshot.TimesRealTime:0.0} x real time{left}; {snapshot.Cameras.Sum(c => c.People)} in view, {TerminalText.Count(snapshot.Identities, "person", "people")}, "
            + $"{snapshot.Matches} matched, {TerminalText.Count(snapshot.Events, "event")}{(problems == 0 ? "" : ", " + TerminalText.Count(problems, "problem"))}"));
        return lines;
    }
}
