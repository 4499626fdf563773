using System.Globalization;
using System.Text;

namespace Pipeline.Cli.Report;

/// <summary>Draws curves as inline SVG.</summary>
internal sealed class CurveChart(HtmlWriter html, TrainingTimeline time)
{
    private const int Width = 1000;
    private const int Height = 260;
    private const int Left = 56;
    private const int Bottom = 24;
    private const int MostNamed = 6; // more are drawn thin, without names

    /// <summary>Draws a chart with the curves that have points.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="caption">What it shows; may be empty.</param>
    /// <param name="curves">The curves.</param>
    /// <param name="fromZero">The axis begins at 0.</param>
    public void Draw(string title, string caption, IReadOnlyList<Curve> curves, bool fromZero = false)
    {
        Curve[] drawn = [.. curves.Where(c => c.Points.Count > 0)];
        if (drawn.Length == 0)
        {
            return;
        }

        (double low, double high, double step) = Axis(drawn, fromZero);
        html.Write($"""<section><h2>{title}</h2><div class="axis">""");
        if (caption.Length > 0)
        {
            html.Write($"""<p class="caption">{caption}</p>""");
        }

        html.Write($"""<svg role="img" aria-label="{title} over steps" viewBox="0 0 {Width} {Height}" style="width:100%;display:block">""");
        for (double value = low; value <= high + (step / 2); value += step)
        {
            double y = Y(value, low, high);
            html.Write($"""<line class="tick" x1="{Left}" x2="{Width}" y1="{y:0.#}" y2="{y:0.#}"/>""");
            html.Write($"""<text class="tick-text" x="{Left - 8}" y="{y + 4:0.#}" text-anchor="end">{Number(value)}</text>""");
        }

        Steps();
        for (int i = 0; i < drawn.Length; i++)
        {
            Line(drawn[i], i, drawn.Length > MostNamed, low, high);
        }

        html.Write($"</svg>");
        Legend(drawn);
        html.Write($"</div></section>\n");
    }

    private static void Legend(HtmlWriter html, Curve curve, int index)
    {
        string last = Number(curve.Points[^1].Value);
        html.Write($"""<span style="margin-right:22px;white-space:nowrap"><b style="color:{Colour(index)}">&#9632;</b> {curve.Name} <span class="dim">{last}</span></span>""");
    }

    private void Legend(Curve[] curves)
    {
        if (curves.Length > MostNamed)
        {
            double[] last = [.. curves.Select(c => c.Points[^1].Value).Order()];
            html.Write($"""<p class="caption" style="margin:6px 0 4px">now: smallest {Number(last[0])}, median {Number(last[last.Length / 2])}, largest {Number(last[^1])}</p>""");
            return;
        }

        html.Write($"""<p style="margin:6px 0 4px">""");
        for (int i = 0; i < curves.Length; i++)
        {
            Legend(html, curves[i], i);
        }

        html.Write($"</p>");
    }

    private void Steps()
    {
        double step = Nice(time.Steps / 8.0);
        for (double at = 0; at <= time.Steps; at += step)
        {
            string anchor = at == 0 ? "start" : at > 0.97 * time.Steps ? "end" : "middle";
            html.Write($"""<text class="tick-text" x="{X(at):0.#}" y="{Height - 4}" text-anchor="{anchor}">{at:n0}</text>""");
        }

        foreach (int border in time.Borders)
        {
            html.Write($"""<line class="tick" stroke-dasharray="3 4" x1="{X(border):0.#}" x2="{X(border):0.#}" y1="0" y2="{Height - Bottom}"/>""");
        }
    }

    private void Line(Curve curve, int index, bool thin, double low, double high)
    {
        StringBuilder points = new();
        foreach ((double step, double value) in curve.Points)
        {
            points.Append(CultureInfo.InvariantCulture, $"{X(step):0.#},{Y(value, low, high):0.#} ");
        }

        string colour = thin ? "var(--info)" : Colour(index);
        (double width, double opacity) = thin ? (1.0, 0.35) : (1.8, 1.0);
        html.Write($"""<polyline fill="none" stroke="{colour}" stroke-width="{width}" stroke-opacity="{opacity}" stroke-linejoin="round" points="{points.ToString()}"><title>{curve.Name}</title></polyline>""");
        foreach ((double step, double value) in curve.Marked ? curve.Points : [])
        {
            html.Write($"""<circle cx="{X(step):0.#}" cy="{Y(value, low, high):0.#}" r="3.5" fill="{colour}"><title>{curve.Name} {Number(value)} at step {step:n0}</title></circle>""");
        }
    }

    private static (double Low, double High, double Step) Axis(Curve[] curves, bool fromZero)
    {
        double low = fromZero ? 0 : curves.Min(c => c.Points.Min(p => p.Value));
        double high = curves.Max(c => c.Points.Max(p => p.Value));
        double step = Nice((high - low) / 4);
        return (Math.Floor(low / step) * step, Math.Max(Math.Ceiling((high / step) - 1e-9), Math.Floor(low / step) + 1) * step, step);
    }

    // 1, 2 or 5 times a power of ten, not below what is asked for.
    private static double Nice(double wanted)
    {
        if (wanted is not (> 0 and < double.PositiveInfinity))
        {
            return 1;
        }

        double power = Math.Pow(10, Math.Floor(Math.Log10(wanted)));
        double[] steps = [power, 2 * power, 5 * power, 10 * power];
        return steps.First(s => s >= wanted * (1 - 1e-9));
    }

    private static string Number(double value) => Math.Abs(value) is > 0 and < 0.001
        ? value.ToString("0.0e+0", CultureInfo.InvariantCulture)
        : value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Colour(int index) => $"hsl({(215 + (index * 137)) % 360} 62% 52%)";

    private static double Y(double value, double low, double high) => 8 + ((Height - Bottom - 16) * (1 - ((value - low) / (high - low))));

    private double X(double step) => Left + ((Width - Left - 4) * step / time.Steps);
}
