using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Pipeline.Cli.Terminal;

/// <summary>A snapshot as a picture for a terminal: a row a camera, then what was found. Narrow terminals get fewer columns.</summary>
public static class ProgressTable
{
    private const int BarWidth = 12;

    /// <summary>Draws a snapshot.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="height">Rows of the terminal: what does not fit is counted instead.</param>
    public static IRenderable Draw(ProgressSnapshot snapshot, int width, int height)
    {
        int room = Math.Max(3, height - 9);
        List<IRenderable> parts = [Cameras(snapshot, width, room)];
        if (snapshot.Cameras.Count > room)
        {
            parts.Add(new Markup($"[dim]and {snapshot.Cameras.Count - room} more cameras[/]"));
        }

        parts.Add(Found(snapshot));
        foreach (ProgressNews news in snapshot.News.TakeLast(4))
        {
            string text = Markup.Escape(TerminalText.Cut(TerminalText.Clean(news.Text), Math.Max(10, width - 3)));
            parts.Add(new Markup(news.IsProblem ? $"[yellow]! {text}[/]" : $"[dim]· {text}[/]"));
        }

        return new Rows(parts);
    }

    private static Table Cameras(ProgressSnapshot snapshot, int width, int room)
    {
        bool wide = width >= 104;
        bool middle = width >= 72;
        Table table = new Table().Border(TableBorder.None).AddColumn(Column("camera"));
        table.AddColumn(Column("")).AddColumn(Right("frames")).AddColumn(Right("x real")).AddColumn(Right("people")).AddColumn(Right("left"));
        if (middle)
        {
            table.AddColumn(Right("problems"));
        }

        if (wide)
        {
            table.AddColumn(Right("rested")).AddColumn(Right("recorded"));
        }

        foreach (CameraProgress camera in snapshot.Cameras.OrderBy(c => c.Activity is CameraActivity.Finished).Take(room).OrderBy(c => c.Id, StringComparer.Ordinal))
        {
            double pace = snapshot.Elapsed > TimeSpan.Zero ? camera.Footage / snapshot.Elapsed : 0;
            List<string> cells =
            [
                Markup.Escape(TerminalText.Cut(TerminalText.Clean(camera.Name), wide ? 28 : middle ? 18 : 14)),
                Bar(camera, middle ? BarWidth : 6),
                Number(camera.Frames),
                Pace(pace),
                camera.People == 0 ? "[dim]0[/]" : $"[bold]{camera.People}[/]",
                Left(snapshot, camera),
            ];
            if (middle)
            {
                cells.Add(camera.Problems == 0 ? "[dim]0[/]" : $"[yellow]{camera.Problems}[/]");
            }

            if (wide)
            {
                cells.Add(camera.RestedShare is { } share ? share.ToString("P0", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal) : "[dim]-[/]");
                cells.Add(TerminalText.Span(camera.Footage));
            }

            table.AddRow(cells.Select(c => new Markup(c)));
        }

        return table;
    }

    private static Markup Found(ProgressSnapshot s)
    {
        string left = s.Left(s.Done) is { } time ? $", [bold]{TerminalText.Span(time)}[/] left" : "";
        string waiting = s.EventsWaiting is > 0 ? $" ({Number(s.EventsWaiting.Value)} wait for the broker)" : "";
        string found = $"[bold]{s.Identities}[/] {(s.Identities == 1 ? "person" : "people")}, {s.NewIdentities} new, {s.Matches} matched, {Number(s.Events)} {(s.Events == 1 ? "event" : "events")}{waiting}";
        return new Markup($"\n{found}\n[dim]{TerminalText.Span(s.Elapsed)} so far, {Pace(s.TimesRealTime)} x real time[/]{left}");
    }

    private static string Bar(CameraProgress camera, int width)
    {
        switch (camera.Activity)
        {
            case CameraActivity.Waiting:
                return $"[dim]{new string('─', width)}[/]";
            case CameraActivity.Failed:
                return $"[red]{"failed".PadRight(width)}[/]";
            case CameraActivity.Finished:
                return $"[green]{new string('━', width)}[/]";
            default:
                int full = (int)Math.Round(Math.Clamp(camera.Done ?? 0, 0, 1) * width);
                return camera.Done is null ? $"[teal]{"live".PadRight(width)}[/]" : $"[teal]{new string('━', full)}[/][dim]{new string('─', width - full)}[/]";
        }
    }

    private static string Left(ProgressSnapshot snapshot, CameraProgress camera) => camera.Activity switch
    {
        CameraActivity.Finished => "[green]done[/]",
        CameraActivity.Running when snapshot.Left(camera.Done) is { } time => TerminalText.Span(time),
        _ => "[dim]-[/]",
    };

    private static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');

    private static string Pace(double pace) => pace.ToString(pace < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static TableColumn Column(string title) => new TableColumn($"[dim]{title}[/]").NoWrap();

    private static TableColumn Right(string title) => Column(title).RightAligned();
}
