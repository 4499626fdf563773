using System.Globalization;
using System.Reflection;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;

namespace Pipeline.Cli.Report;

/// <summary>Writes <c>report.html</c>: one file that needs nothing else, no script, and no network.</summary>
public static class ReportWriter
{
    /// <summary>People shown; a store of thousands would make a page that no browser scrolls.</summary>
    public const int MostPeople = 500;

    internal static readonly string Style = ReadStyle();

    /// <summary>Writes the report; mode 0600, a reader never sees half of it.</summary>
    /// <param name="model">What to show.</param>
    /// <param name="file">The file.</param>
    public static void Write(ReportModel model, string file) => PrivateFile.Write(file, output => Write(model, output));

    /// <summary>Writes the report.</summary>
    /// <param name="model">What to show.</param>
    /// <param name="output">Receives HTML.</param>
    public static void Write(ReportModel model, TextWriter output)
    {
        HtmlWriter html = new(output);
        CaptureClock clock = new(model.Run);
        Head(html, model.Run);
        Notices(html, model.Run);
        new TimelineSection(model, clock).Write(html);
        new PeopleSection(model, clock, MostPeople).Write(html);
        Cameras(html, model.Run, clock);
        Force(html, model);
        html.Write($"""<footer>pipeline {model.Run.Version}, {Utc(model.Run.StartedAt)}. This page shows people: keep it as you keep the recordings.</footer></main></body></html>{"\n"}""");
    }

    private static void Head(HtmlWriter html, RunSummary run)
    {
        string people = run.Identities.Count == 1 ? "1 person" : $"{run.Identities.Count} people";
        string cameras = run.Cameras.Count == 1 ? "1 camera" : $"{run.Cameras.Count} cameras";
        html.Write($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"><meta name="color-scheme" content="light dark">
            <title>{run.Site}: {people}</title><style>{new Markup(Style)}</style></head>
            <body><main><header class="page"><p class="eyebrow">Contact sheet, {run.Site}</p><h1>{people} at {cameras}</h1>
            <p class="input">{string.Join(", ", run.Input)}</p><dl class="counts">
            """);
        Count(html, "new", run.Counts.NewIdentities.ToString(CultureInfo.InvariantCulture));
        Count(html, "matched", run.Counts.Matches.ToString(CultureInfo.InvariantCulture));
        Count(html, "corrected", run.Counts.Corrected.ToString(CultureInfo.InvariantCulture));
        Count(html, "uncertain", run.Counts.Uncertain.ToString(CultureInfo.InvariantCulture));
        Count(html, "tracklets", run.Counts.Tracklets.ToString(CultureInfo.InvariantCulture));
        Count(html, "events", run.Counts.Events.ToString(CultureInfo.InvariantCulture));
        Count(html, "of footage", TerminalText.Span(run.Footage));
        Count(html, "x real time", run.TimesRealTime.ToString("0.0", CultureInfo.InvariantCulture));
        html.Write($"</dl></header>\n");
    }

    private static void Count(HtmlWriter html, string name, string value) => html.Write($"<div><dd>{value}</dd><dt>{name}</dt></div>");

    private static void Notices(HtmlWriter html, RunSummary run)
    {
        if (run.Outcome != RunOutcome.Finished)
        {
            string text = run.Outcome == RunOutcome.Stopped ? "Stopped before the end of the input." : "Broke off before the end of the input.";
            html.Write($"""<p class="note problem"><b>Not complete.</b> {text}</p>""");
        }

        foreach (RunNotice notice in run.Notices)
        {
            html.Write($"""<p class="note">{notice.Text}</p>""");
        }

        if (run.Problems.Count > 0)
        {
            string title = run.Problems.Count == 1 ? "1 problem" : $"{run.Problems.Count} problems";
            html.Write($"""<div class="note problem"><b>{title}</b><ul>""");
            foreach (RunProblem problem in run.Problems)
            {
                html.Write($"<li>{(problem.Camera is null ? new Markup("") : Markup.Of($"<b>{problem.Camera}</b> "))}{problem.Text}</li>");
            }

            html.Write($"</ul></div>");
        }
    }

    private static void Cameras(HtmlWriter html, RunSummary run, CaptureClock clock)
    {
        html.Write($"""<section id="cameras"><h2>Cameras</h2><div class="scroll"><table><thead><tr><th>camera<th class="n">segments<th class="n">frames<th class="n">footage<th>from<th>time source<th class="n">tracklets<th class="n">rested<th class="n">problems</tr></thead><tbody>""");
        foreach (CameraSummary camera in run.Cameras)
        {
            string rested = camera.RestedShare is { } share ? FormattableString.Invariant($"{share * 100:0} %") : "-";
            string from = camera.StartAt is not { } start ? "-" : clock.IsRelative(camera.Id) ? "no clock" : Utc(start);
            html.Write($"""<tr><td><b>{camera.Name}</b>{(camera.Name == camera.Id ? new Markup("") : Markup.Of($" <code>{camera.Id}</code>"))}<td class="n">{camera.Segments}<td class="n">{camera.FramesAnalysed}<td class="n">{TerminalText.Span(camera.Footage)}<td>{from}<td>{camera.TimeSource.Replace('_', ' ')}<td class="n">{camera.Tracklets}<td class="n">{rested}<td class="n">{camera.Problems}</tr>""");
        }

        html.Write($"</tbody></table></div></section>\n");
    }

    private static void Force(HtmlWriter html, ReportModel model)
    {
        RunSummary run = model.Run;
        html.Write($"""
            <section id="settings"><h2>In force</h2><dl class="pairs"><dt>detector</dt><dd>{run.Detector}</dd><dt>re-id model</dt><dd>{run.ReidModel}</dd>
            <dt>threshold</dt><dd>{run.Threshold:0.000}</dd><dt>device</dt><dd>{run.Device}</dd><dt>took</dt><dd>{TerminalText.Span(run.Elapsed)}</dd>
            """);
        foreach (StageTiming timing in run.Timings)
        {
            html.Write($"""<dt>{timing.Stage}</dt><dd>{timing.Busy.TotalSeconds:0.0} s of work</dd>""");
        }

        html.Write($"""</dl><details><summary>All {model.Settings.Count} settings</summary><div class="scroll"><table><tbody>""");
        foreach (SettingInForce setting in model.Settings)
        {
            string mark = setting.Origin.Layer == SettingLayer.Default ? "default" : "given";
            html.Write($"""<tr class="{mark}"><td><code>{setting.Key}</code><td><code>{setting.Value}</code><td>{setting.Origin.Where}</tr>""");
        }

        html.Write($"</tbody></table></div></details></section>\n");
    }

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string ReadStyle()
    {
        using Stream css = Assembly.GetExecutingAssembly().GetManifestResourceStream("Pipeline.Cli.Report.report.css")!;
        using StreamReader reader = new(css);
        return reader.ReadToEnd();
    }
}
