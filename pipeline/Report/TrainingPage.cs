using System.Globalization;
using System.Text;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Terminal;
using Pipeline.Reid.Training;

namespace Pipeline.Cli.Report;

/// <summary>Writes <c>training.html</c>, the curves of a training: one file that needs nothing else, no script, and no network.</summary>
internal static class TrainingPage
{
    /// <summary>Name of the file in an output folder.</summary>
    public const string FileName = "training.html";

    /// <summary>Writes the page; a reader never sees half of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="log">What to draw.</param>
    /// <param name="inForce">The recipe.</param>
    public static void Write(string path, TrainingLog log, IReadOnlyList<SettingInForce> inForce) => Pipeline.Reid.AtomicFile.Write(path, stream =>
    {
        using StreamWriter output = new(stream, new UTF8Encoding(false), leaveOpen: true);
        Write(output, log, inForce);
    });

    private static void Write(TextWriter output, TrainingLog log, IReadOnlyList<SettingInForce> inForce)
    {
        HtmlWriter html = new(output);
        TrainingTimeline time = new(log);
        string network = inForce.FirstOrDefault(s => s.Key == "network.name")?.Value ?? "";
        html.Write($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="color-scheme" content="light dark">
            <title>Training of {network}</title><style>{new Markup(ReportWriter.Style)}</style></head>
            <body><main><header class="page"><p class="eyebrow">Training</p><h1>{network}</h1><dl class="counts">
            """);
        Counts(html, log);
        html.Write($"</dl></header>\n");
        CurveChart chart = new(html, time);
        chart.Draw("Loss", "", [time.Of("all", s => s.Loss), time.Of("identity", s => s.Identity), time.Of("triplet", s => s.Triplet)]);
        chart.Draw("Accuracy", "Share of a batch that the classifier names right; rank-1 and mAP of people it does not learn from.", [
            time.Of("batch", s => s.Accuracy), time.Scores("rank-1", s => s.Rank1), time.Scores("mAP", s => s.MeanAveragePrecision)], fromZero: true);
        chart.Draw("Learning rate", "", [time.Of("rate", s => s.LearningRate)], fromZero: true);
        if (log.Steps.Any(s => s.Regularisation != 0))
        {
            chart.Draw("Penalty", "What adaptive L2 adds to the loss.", [time.Of("penalty", s => s.Regularisation)], fromZero: true);
        }

        if (log.Factors.Count > 0)
        {
            chart.Draw("Regularisation factors", $"Adaptive L2: one line for each of {log.FactorNames.Count} tensors.", time.Factors(), fromZero: true);
        }

        html.Write($"""<section><h2>Recipe</h2><div class="scroll"><table><tbody>""");
        foreach (SettingInForce setting in inForce)
        {
            html.Write($"<tr><td><code>{setting.Key}</code></td><td><code>{setting.Value}</code></td></tr>");
        }

        html.Write($"</tbody></table></div></section></main></body></html>\n");
    }

    private static void Counts(HtmlWriter html, TrainingLog log)
    {
        if (log.Steps.Count == 0)
        {
            return;
        }

        TrainingStep last = log.Steps[^1];
        double seconds = log.Steps.GroupBy(s => s.Stage).Sum(g => g.Max(s => s.Seconds));
        Count(html, "steps", log.Steps.Count.ToString("n0", CultureInfo.InvariantCulture));
        Count(html, "of training", TerminalText.Span(TimeSpan.FromSeconds(seconds)));
        Count(html, "loss", last.Loss.ToString("0.000", CultureInfo.InvariantCulture));
        if (log.Scores.Count > 0)
        {
            Count(html, "rank-1", (100 * log.Scores[^1].Rank1).ToString("0.0", CultureInfo.InvariantCulture));
            Count(html, "mAP", (100 * log.Scores[^1].MeanAveragePrecision).ToString("0.0", CultureInfo.InvariantCulture));
        }
    }

    private static void Count(HtmlWriter html, string name, string value) => html.Write($"<div><dd>{value}</dd><dt>{name}</dt></div>");
}
