using System.Globalization;
using Pipeline.Cli.Summary;
using Pipeline.Reid.Adapting;

namespace Pipeline.Cli.Report;

/// <summary>Writes the page of an adaptation: what was kept and why, both models side by side, how it went. One file that needs nothing else.</summary>
internal static class AdaptationPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="file">The file.</param>
    /// <param name="result">What the adaptation gave.</param>
    /// <param name="about">Where everything comes from.</param>
    /// <param name="notices">What must be known to judge it.</param>
    public static void Write(string file, AdaptationResult result, IReadOnlyDictionary<string, string> about, IReadOnlyList<string> notices) => PrivateFile.Write(file, output =>
    {
        HtmlWriter html = new(output);
        SelfCheckComparison check = result.Comparison;
        string verdict = check.Improved ? "The adapted model is kept" : "The old model is kept";
        html.Write($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="color-scheme" content="light dark">
            <title>Adaptation: {verdict}</title><style>{new Markup(ReportWriter.Style)}</style></head>
            <body><main><header class="page"><p class="eyebrow">Adaptation</p><h1>{verdict}</h1>
            <p class="input">{Reason(check)}</p></header>
            """);
        foreach (string notice in notices)
        {
            html.Write($"""<p class="note">{notice}</p>""");
        }

        Scores(html, result);
        Epochs(html, result);
        html.Write($"""<section><h2>Where it comes from</h2><dl class="pairs">""");
        foreach ((string key, string value) in about)
        {
            html.Write($"<dt>{key.Replace('_', ' ')}</dt><dd>{value}</dd>");
        }

        html.Write($"""
            </dl></section><section><h2>What this check cannot see</h2>
            <p>Nobody has said who is who. That a track is one person, and that people in view at once are two, is all that is known for sure; halves of a track are more
            alike than two visits of a person, and within one camera light and background are shared. A gain here is a sign, not a measurement: label some
            clips of your own and use <code>pipeline eval reid</code> where it matters.</p></section>
            <footer>The adapted weights have learned from people who were filmed: keep them as you keep the recordings.</footer></main></body></html>
            """);
    });

    /// <summary>Why what was kept was kept, in a sentence.</summary>
    public static string Reason(SelfCheckComparison check) => check.Objection is { } objection
        ? $"On {check.Before.Same} held-out tracks {objection}."
        : string.Create(CultureInfo.InvariantCulture, $"On {check.Before.Same} held-out tracks separation rose by {check.Gain:0.00} (95 % interval {check.Low:+0.00;-0.00} to {check.High:+0.00;-0.00}), and nothing else fell.");

    private static void Scores(HtmlWriter html, AdaptationResult result)
    {
        (SelfCheck before, SelfCheck after) = (result.Comparison.Before, result.Comparison.After);
        html.Write($"""
            <section><h2>Before and after</h2><div class="scroll"><table><thead><tr><th>on held-out tracks<th class="n">old<th class="n">adapted<th>of</tr></thead><tbody>
            <tr><td>separation of a track's halves from others', in their spread<td class="n">{before.Separation:0.00}<td class="n">{after.Separation:0.00}<td>{before.Same} tracks
            <tr><td>own other half found first<td class="n">{100 * before.Rank1:0.0} %<td class="n">{100 * after.Rank1:0.0} %<td>{before.Same} tracks
            <tr><td>one person more alike than two<td class="n">{100 * before.Order:0.00} %<td class="n">{100 * after.Order:0.00} %<td>{before.Same} pairs of one, {before.Different} of two
            """);
        if (result.Source is { } source)
        {
            html.Write($"""<tr><td>mAP on held-out people of the source<td class="n">{100 * source.Before:0.0}<td class="n">{100 * source.After:0.0}<td>{AdaptationOptions.SourceHeldOut} people""");
        }

        html.Write($"</tbody></table></div></section>\n");
    }

    private static void Epochs(HtmlWriter html, AdaptationResult result)
    {
        html.Write($"""<section><h2>How it went</h2><div class="scroll"><table><thead><tr><th class="n">epoch<th class="n">tracks<th class="n">people found<th class="n">tracks joined<th class="n">loss, first tenth<th class="n">last tenth</tr></thead><tbody>""");
        foreach ((int index, AdaptationEpoch epoch) in result.Epochs.Index())
        {
            html.Write($"""<tr><td class="n">{index + 1}<td class="n">{result.Learned}<td class="n">{epoch.People}<td class="n">{epoch.Joined}<td class="n">{epoch.FirstLoss:0.000}<td class="n">{epoch.LastLoss:0.000}</tr>""");
        }

        html.Write($"</tbody></table></div></section>\n");
    }
}
