using System.Globalization;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Summary;
using Pipeline.Reid;
using Pipeline.Reid.Evaluation;

namespace Pipeline.Cli.Report;

/// <summary>Writes the page of an evaluation: scores, false matches against misses, and ranked lists to look at. One file that needs nothing else.</summary>
internal static class EvaluationPage
{
    private const string Rows = """
        .ranked { display: flex; gap: 8px; overflow-x: auto; padding: 10px 0 14px; border-bottom: 1px solid var(--line); }
        .ranked figure { flex: 0 0 auto; text-align: center; font-size: 12px; }
        .ranked img { height: 128px; border: 4px solid transparent; border-radius: 6px; display: block; }
        .ranked .right img { border-color: var(--good); }
        .ranked .wrong img { border: 4px dashed var(--warn); }
        .ranked .asked { margin-right: 14px; }
        """;

    /// <summary>Writes the page; mode 0600, for it shows people.</summary>
    /// <param name="file">The file.</param>
    /// <param name="data">What was evaluated.</param>
    /// <param name="scores">The models.</param>
    public static void Write(string file, string data, IReadOnlyList<ModelScore> scores) => PrivateFile.Write(file, output =>
    {
        HtmlWriter html = new(output);
        html.Write($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"><meta name="color-scheme" content="light dark">
            <title>Evaluation on {data}</title><style>{new Markup(ReportWriter.Style)}{new Markup(Rows)}</style></head>
            <body><main><header class="page"><p class="eyebrow">Evaluation</p><h1>{data}</h1>
            <p class="input">{scores[0].Pictures} pictures; same person and same camera removed from every list{(scores[0].CamerasCentred ? "; each feature without the mean of its camera's pictures" : "")}</p></header>
            """);
        Scores(html, scores);
        foreach (ModelScore score in scores)
        {
            OpenSet(html, score);
            Lists(html, score);
        }

        html.Write($"""<footer>This page shows people: keep it as you keep their pictures.</footer></main></body></html>{"\n"}""");
    });

    private static void Scores(HtmlWriter html, IReadOnlyList<ModelScore> scores)
    {
        html.Write($"""<section><h2>Scores</h2><div class="scroll"><table><thead><tr><th>model<th>protocol<th>who asks<th class="n">queries<th class="n">gallery<th class="n">rank-1<th class="n">rank-5<th class="n">rank-10<th class="n">mAP<th class="n">mINP</tr></thead><tbody>""");
        foreach ((ModelScore model, ProtocolScore score) in scores.SelectMany(model => model.Scores.Select(score => (model, score))))
        {
            RetrievalMetrics metrics = score.Metrics;
            html.Write($"""<tr><td>{model.ModelId}<td>{ModelScore.NameOf(score)}<td>{score.Direction}<td class="n">{metrics.ValidQueries} of {metrics.TotalQueries}<td class="n">{score.Gallery}<td class="n">{Percent(metrics.Rank(1))}<td class="n">{Percent(metrics.Rank(5))}<td class="n">{Percent(metrics.Rank(10))}<td class="n">{Percent(metrics.MeanAveragePrecision)}<td class="n">{Percent(metrics.MeanInversePenalty)}</tr>""");
        }

        html.Write($"</tbody></table></div></section>\n");
    }

    private static void OpenSet(HtmlWriter html, ModelScore score)
    {
        if (score.OpenSet is not { } open)
        {
            return;
        }

        html.Write($"""<section><h2>False matches against misses: {score.ModelId}</h2>""");
        new FalseMatchChart(html).Draw(open.Curve);
        html.Write($"""<div class="scroll"><table><thead><tr><th class="n">wanted<th class="n">threshold<th class="n">false matches<th>95 %<th class="n">misses<th>95 %</tr></thead><tbody>""");
        foreach (OpenSetPoint point in open.Points)
        {
            if (point.At is { } at)
            {
                html.Write($"""<tr><td class="n">{Percent(point.Rate)}<td class="n">{at.Threshold:0.0000}<td class="n">{Percent(at.FalseMatch.Value)}<td>{Percent(at.FalseMatch.Low)} to {Percent(at.FalseMatch.High)}<td class="n">{Percent(at.Miss.Value)}<td>{Percent(at.Miss.Low)} to {Percent(at.Miss.High)}</tr>""");
            }
            else
            {
                html.Write($"""<tr><td class="n">{Percent(point.Rate)}<td colspan="5">not supported: {point.Refusal}</tr>""");
            }
        }

        html.Write($"</tbody></table></div></section>\n");
    }

    private static void Lists(HtmlWriter html, ModelScore score)
    {
        html.Write($"""<section><h2>What was found: {score.ModelId}</h2><p class="caption">Queries taken evenly from all. Solid frame: the right person; dashed: somebody else.</p>""");
        foreach (RankedList list in score.Lists)
        {
            string rank = list.FirstRight > 0 ? string.Create(CultureInfo.InvariantCulture, $"right at {list.FirstRight}") : "nobody right";
            html.Write($"""<div class="ranked"><figure class="asked"><img alt="query" src="{Picture(list.Query)}"><figcaption><b>{list.Query.Person}</b> {list.Query.Camera}<br>{rank}</figcaption></figure>""");
            foreach (RankedAnswer answer in list.Answers)
            {
                (string kind, string sign) = answer.Right ? ("right", "✓") : ("wrong", "✗");
                html.Write($"""<figure class="{kind}"><img alt="{answer.Picture.Person}" src="{Picture(answer.Picture)}"><figcaption>{sign} {answer.Similarity:0.000}<br>{answer.Picture.Person} {answer.Picture.Camera}</figcaption></figure>""");
            }

            html.Write($"</div>\n");
        }

        html.Write($"</section>\n");
    }

    private static Markup Picture(EvaluationPicture picture) => Html.DataUri(new ReportCrop(PictureIo.ToJpeg(PictureIo.Read(picture.Path), 85), "image/jpeg"));

    private static string Percent(double share) => double.IsNaN(share) ? "-" : (100 * share).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
