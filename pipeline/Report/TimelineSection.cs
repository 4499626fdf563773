using System.Globalization;
using System.Text;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;

namespace Pipeline.Cli.Report;

/// <summary>The timeline: a lane a camera, a bar a sighting in its person's colour. Cameras whose clocks cannot be compared have an axis each.</summary>
internal sealed class TimelineSection(ReportModel model, CaptureClock clock)
{
    private const int RowHeight = 18;

    private static readonly int[] StepsInSeconds =
        [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];

    /// <summary>Writes the section; nothing when no camera gave a frame.</summary>
    public void Write(HtmlWriter html)
    {
        CameraSummary[] seen = [.. model.Run.Cameras.Where(c => c.StartAt is not null && c.EndAt is not null)];
        if (seen.Length == 0)
        {
            return;
        }

        html.Write($"""<section id="timeline"><h2>Timeline</h2>""");
        CameraSummary[] together = [.. seen.Where(c => c.HasClock && c.TimeSource != "order")];
        CameraSummary[] declared = [.. seen.Where(c => c.HasClock && c.TimeSource == "order")];
        Axis(html, together, $"Time of day, UTC{Day(together)}");
        Axis(html, declared, "From the common start of these cameras (declared by clocks: together)");
        foreach (CameraSummary camera in seen.Where(c => !c.HasClock))
        {
            Axis(html, [camera], "From the start of this camera; not comparable with the others");
        }

        html.Write($"</section>\n");
    }

    private string Day(CameraSummary[] cameras) =>
        cameras.Length > 0 && clock.IsOneDay ? ", " + cameras[0].StartAt!.Value.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture) : "";

    private void Axis(HtmlWriter html, CameraSummary[] cameras, string caption)
    {
        if (cameras.Length == 0)
        {
            return;
        }

        DateTimeOffset from = cameras.Min(c => c.StartAt!.Value);
        DateTimeOffset to = cameras.Max(c => c.EndAt!.Value);
        Scale scale = new(from, to > from ? to : from.AddSeconds(1));
        html.Write($"""<div class="axis"><p class="caption">{caption}</p>""");
        foreach (CameraSummary camera in cameras)
        {
            Lane(html, camera, scale);
        }

        html.Write($"""<div class="lane"><div class="lane-name"></div><svg class="ticks" height="20" aria-hidden="true">{Ticks(cameras[0].Id, scale, labels: true)}</svg></div></div>""");
    }

    private void Lane(HtmlWriter html, CameraSummary camera, Scale scale)
    {
        (IdentitySummary Person, SightingSummary Sighting)[] sightings =
        [
            .. model.Run.Identities.SelectMany(i => i.Sightings.Where(s => s.Camera == camera.Id).Select(s => (i, s))).OrderBy(p => p.s.StartAt).ThenBy(p => p.i.Number),
        ];
        List<DateTimeOffset> rowEnds = [];
        StringBuilder bars = new();
        foreach ((IdentitySummary person, SightingSummary sighting) in sightings)
        {
            int row = rowEnds.FindIndex(end => end < sighting.StartAt);
            row = row < 0 ? rowEnds.Count : row;
            rowEnds.Insert(row, sighting.EndAt);
            if (row + 1 < rowEnds.Count)
            {
                rowEnds.RemoveAt(row + 1);
            }

            bars.Append(Bar(person, sighting, row, scale).Text);
        }

        int height = (Math.Max(1, rowEnds.Count) * RowHeight) + 8;
        StringBuilder recorded = new();
        foreach (RecordedSpan span in model.Recorded.Where(r => r.Camera == camera.Id))
        {
            (double x, double width) = scale.Of(span.StartAt, span.EndAt);
            recorded.Append(Markup.Of($"""<rect class="recorded" x="{x:0.###}%" y="0" height="100%" style="width:max(2px,{width:0.###}%)"/>""").Text);
        }

        string detail = sightings.Length == 1 ? "1 sighting" : $"{sightings.Length} sightings";
        string label = $"{camera.Name}: {detail}";
        html.Write($"""<div class="lane"><div class="lane-name"><b>{camera.Name}</b><small>{detail}</small></div>""");
        html.Write($"""<svg role="img" aria-label="{label}" height="{height}">{new Markup(recorded.ToString())}{Ticks(camera.Id, scale, labels: false)}{new Markup(bars.ToString())}</svg></div>""");
    }

    private Markup Bar(IdentitySummary person, SightingSummary sighting, int row, Scale scale)
    {
        (double x, double width) = scale.Of(sighting.StartAt, sighting.EndAt);
        int y = (row * RowHeight) + 5;
        string about = $"{person.Title}, {clock.Span(sighting)}";
        string thin = width < 5 ? " thin" : "";
        Markup number = width > 2.2 ? Markup.Of($"""<text class="bar-text{thin}" x="{x:0.###}%" y="{y + 11}" dx="4">{person.Number}</text>""") : new Markup("");
        return Markup.Of(
            $"""<a href="#p{person.Number}"><title>{about}</title><rect class="bar" x="{x:0.###}%" y="{y}" height="14" rx="3" style="--h:{Hue.Of(person.Number)};width:max(4px,{width:0.###}%)"/>{number}</a>""");
    }

    private Markup Ticks(string camera, Scale scale, bool labels)
    {
        double wanted = scale.Seconds / 7;
        int step = StepsInSeconds.FirstOrDefault(s => s >= wanted, (int)Math.Max(604800, wanted));
        bool relative = clock.IsRelative(camera);
        long origin = relative ? 0 : scale.From.ToUnixTimeSeconds() % 86400 % step;
        StringBuilder ticks = new();
        int count = 0;
        for (double second = relative ? 0 : (step - origin) % step; second <= scale.Seconds; second += step, count++)
        {
            double x = 100 * second / scale.Seconds;
            DateTimeOffset at = scale.From.AddSeconds(second);
            string text = relative
                ? TerminalText.Span(TimeSpan.FromSeconds(second))
                : at.UtcDateTime.ToString(step < 60 ? "HH:mm:ss" : step < 86400 && clock.IsOneDay ? "HH:mm" : step < 86400 ? "d MMM HH:mm" : "d MMM", CultureInfo.InvariantCulture);
            string anchor = x < 4 ? "start" : x > 96 ? "end" : "middle";
            string parity = count % 2 == 1 ? " odd" : "";
            ticks.Append(labels
                ? Markup.Of($"""<text class="tick-text{parity}" x="{x:0.###}%" y="14" text-anchor="{anchor}">{text}</text>""").Text
                : Markup.Of($"""<line class="tick" x1="{x:0.###}%" x2="{x:0.###}%" y1="0" y2="100%"/>""").Text);
        }

        return new Markup(ticks.ToString());
    }

    private readonly record struct Scale(DateTimeOffset From, DateTimeOffset To)
    {
        public double Seconds => (To - From).TotalSeconds;

        public (double X, double Width) Of(DateTimeOffset start, DateTimeOffset end)
        {
            double x = Math.Clamp(100 * (start - From).TotalSeconds / Seconds, 0, 100);
            return (x, Math.Clamp(100 * (end - From).TotalSeconds / Seconds, x, 100) - x);
        }
    }
}
