using System.Globalization;
using System.Text;
using Pipeline.Reid.Evaluation;

namespace Pipeline.Cli.Report;

/// <summary>Draws false matches (logarithmic) against misses as inline SVG.</summary>
internal sealed class FalseMatchChart(HtmlWriter html)
{
    private const int Width = 1000;
    private const int Height = 300;
    private const int Left = 56;
    private const int Bottom = 24;
    private const int Points = 160;

    /// <summary>Draws the curve as far as the sample supports it, and beyond that as dots.</summary>
    /// <param name="curve">The curve.</param>
    public void Draw(FalseMatchCurve curve)
    {
        double least = Math.Pow(10, Math.Floor(Math.Log10(1.0 / Math.Max(10, curve.Different))));
        html.Write($"""<div class="axis"><p class="caption">Misses over false matches a comparison: {curve.Same} pairs of one person, {curve.Different} of different people ({curve.PairsOfPeople} pairs of people; rates below {curve.LeastRate:0.#####} are not supported and dotted).</p><svg role="img" aria-label="misses over false matches" viewBox="0 0 {Width} {Height}" style="width:100%;display:block">""");
        for (int tenth = 0; tenth <= 10; tenth += 2)
        {
            double y = Y(tenth / 10.0);
            html.Write($"""<line class="tick" x1="{Left}" x2="{Width}" y1="{y:0.#}" y2="{y:0.#}"/><text class="tick-text" x="{Left - 8}" y="{y + 4:0.#}" text-anchor="end">{tenth * 10} %</text>""");
        }

        for (double rate = least; rate <= 1.5; rate *= 10)
        {
            string text = (100 * rate).ToString("0.######", CultureInfo.InvariantCulture) + " %";
            string anchor = rate > 0.5 ? "end" : "middle";
            html.Write($"""<line class="tick" y1="8" y2="{Height - Bottom}" x1="{X(rate, least):0.#}" x2="{X(rate, least):0.#}"/><text class="tick-text" x="{X(rate, least):0.#}" y="{Height - 4}" text-anchor="{anchor}">{text}</text>""");
        }

        IReadOnlyList<(double FalseMatch, double Miss, float Threshold)> points = curve.Points(Points);
        Line(points.Where(point => point.FalseMatch < curve.LeastRate), least, "2 5");
        Line(points.Where(point => point.FalseMatch >= curve.LeastRate), least, "none");
        html.Write($"</svg></div>");
    }

    private static double X(double rate, double least) => Left + ((Width - Left - 8) * (1 - (Math.Log10(rate) / Math.Log10(least))));

    private static double Y(double miss) => 8 + ((Height - Bottom - 16) * (1 - miss));

    private void Line(IEnumerable<(double FalseMatch, double Miss, float Threshold)> points, double least, string dashes)
    {
        StringBuilder text = new();
        foreach ((double rate, double miss, _) in points)
        {
            text.Append(CultureInfo.InvariantCulture, $"{X(rate, least):0.#},{Y(miss):0.#} ");
        }

        html.Write($"""<polyline fill="none" stroke="var(--info)" stroke-width="2" stroke-dasharray="{dashes}" points="{text.ToString()}"/>""");
    }
}
