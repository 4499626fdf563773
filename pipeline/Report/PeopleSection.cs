using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;

namespace Pipeline.Cli.Report;

/// <summary>The sheet itself: a card a person, a picture a sighting, in time order.</summary>
internal sealed class PeopleSection(ReportModel model, CaptureClock clock, int mostPeople)
{
    private readonly Dictionary<string, CameraSummary> _cameras = model.Run.Cameras.ToDictionary(c => c.Id, StringComparer.Ordinal);

    /// <summary>Writes the section.</summary>
    public void Write(HtmlWriter html)
    {
        html.Write($"""<section id="people"><h2>People</h2><div class="people">""");
        if (model.Run.Identities.Count == 0)
        {
            html.Write($"""<p class="empty">Nobody was recognised.</p>""");
        }

        foreach (IdentitySummary person in model.Run.Identities.Take(mostPeople))
        {
            Card(html, person);
        }

        if (model.Run.Identities.Count > mostPeople)
        {
            html.Write($"""<p class="empty">And {model.Run.Identities.Count - mostPeople} more, left out so that the page stays usable. <code>pipeline identities list</code> shows all.</p>""");
        }

        html.Write($"</div></section>\n");
    }

    private void Card(HtmlWriter html, IdentitySummary person)
    {
        string[] cameras = [.. person.Sightings.Select(s => Name(s.Camera)).Distinct()];
        string count = person.Sightings.Count == 1 ? "1 sighting" : $"{person.Sightings.Count} sightings";
        string seen = $"{count} at {string.Join(", ", cameras)}";
        html.Write($"""<article class="person" id="p{person.Number}" style="--h:{Hue.Of(person.Number)};--n:{person.Sightings.Count}"><header><span class="swatch">{person.Number}</span><h3>{person.Title}</h3>""");
        html.Write($"""{new Markup(person.IsNew ? "" : "<span class=\"badge known\">known before</span>")}<p>{seen}</p><code title="identity">{person.Id}</code></header><div class="sightings">""");
        SightingSummary? before = null;
        foreach (SightingSummary sighting in person.Sightings)
        {
            Sighting(html, person, sighting, before);
            before = sighting;
        }

        html.Write($"</div></article>\n");
    }

    private void Sighting(HtmlWriter html, IdentitySummary person, SightingSummary sighting, SightingSummary? before)
    {
        html.Write($"""<figure><div class="crop">""");
        if (model.Crop(sighting) is { } crop)
        {
            string about = $"{person.Title} at {Name(sighting.Camera)}";
            html.Write($"""<img loading="lazy" alt="{about}" src="{Html.DataUri(crop)}">""");
        }
        else
        {
            html.Write($"""<span class="none">no picture kept</span>""");
        }

        html.Write($"""</div><figcaption><b>{Name(sighting.Camera)}</b><span class="time">{clock.Moment(sighting.Camera, sighting.StartAt)}</span>""");
        html.Write($"""<span class="dim">{Stay(sighting)}{After(sighting, before)}</span>{Evidence(person, sighting)}</figcaption></figure>""");
    }

    private static string Stay(SightingSummary sighting)
    {
        double seconds = (sighting.EndAt - sighting.StartAt).TotalSeconds;
        return seconds < 60 ? FormattableString.Invariant($"for {seconds:0.#} s") : $"for {TerminalText.Span(sighting.EndAt - sighting.StartAt)}";
    }

    private string After(SightingSummary sighting, SightingSummary? before)
    {
        bool comparable = before is not null && (before.Camera == sighting.Camera || (HasClock(before.Camera) && HasClock(sighting.Camera) && clock.IsRelative(before.Camera) == clock.IsRelative(sighting.Camera)));
        TimeSpan gap = comparable ? sighting.StartAt - before!.EndAt : TimeSpan.Zero;
        return gap < TimeSpan.FromSeconds(1) ? "" : gap < TimeSpan.FromMinutes(1) ? FormattableString.Invariant($", {gap.TotalSeconds:0} s later") : $", {TerminalText.Span(gap)} later";
    }

    private Markup Evidence(IdentitySummary person, SightingSummary sighting)
    {
        string words = (sighting.IsMatch, sighting.Band) switch
        {
            (true, _) => person.IsCorrected(sighting) ? "corrected" : "match",
            (false, "uncertain") => "uncertain",
            _ => "new",
        };
        Markup meter = sighting.Similarity is { } value
            ? Markup.Of($"""<span class="meter" title="similarity {value:0.000}, threshold {Threshold(sighting):0.000}" style="--v:{Math.Clamp(value, 0, 1):0.000};--t:{Math.Clamp(Threshold(sighting), 0, 1):0.000}"></span><span class="value">{value:0.00}</span>""")
            : new Markup("");
        return Markup.Of($"""<span class="evidence"><span class="badge {words}">{words}</span>{meter}</span>""");
    }

    private bool HasClock(string camera) => _cameras.TryGetValue(camera, out CameraSummary? known) && known.HasClock;

    private string Name(string camera) => _cameras.TryGetValue(camera, out CameraSummary? known) ? known.Name : camera;

    private float Threshold(SightingSummary sighting) => sighting.Threshold ?? model.Run.Threshold;
}
