using System.Globalization;

namespace Pipeline.Cli.Benchmarks;

/// <summary>Draws cost, memory and gallery over time as an SVG of its own.</summary>
internal static class DaysPlot
{
    private const int Width = 720;
    private const int Height = 150;
    private const int Left = 60;
    private const int Gap = 40;

    // Columns of the rows of the measurement.
    private static readonly (string Title, (int Column, string Name, string Colour)[] Curves)[] s_panels =
    [
        ("ms a tracklet", [(6, "ms", "#1f6fb4")]),
        ("memory, MB", [(7, "managed", "#1f6fb4"), (8, "resident", "#c4622d")]),
        ("gallery", [(2, "identities", "#1f6fb4"), (3, "prototypes", "#c4622d"), (4, "sightings", "#3d8b40")]),
    ];

    /// <summary>Writes the picture.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="rows">Rows of the measurement, the hour first.</param>
    public static void Write(TextWriter writer, IReadOnlyList<double[]> rows)
    {
        int height = (s_panels.Length * (Height + Gap)) + 20;
        Line(writer, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="12">""");
        Line(writer, $"""<rect width="{Width}" height="{height}" fill="white"/>""");
        double hours = rows[^1][0];
        for (int panel = 0; panel < s_panels.Length; panel++)
        {
            Panel(writer, rows, hours, 24 + (panel * (Height + Gap)), s_panels[panel].Title, s_panels[panel].Curves);
        }

        Line(writer, $"</svg>");
    }

    private static void Panel(TextWriter writer, IReadOnlyList<double[]> rows, double hours, int top, string title, (int Column, string Name, string Colour)[] curves)
    {
        double most = Ceiling(curves.Max(curve => rows.Max(row => row[curve.Column])));
        Line(writer, $"""<text x="{Left}" y="{top - 8}" font-weight="bold">{title}</text>""");
        for (int i = 0; i <= 2; i++)
        {
            double y = top + (Height * (1 - (i / 2.0)));
            Line(writer, $"""<line x1="{Left}" x2="{Width - 10}" y1="{y:0.#}" y2="{y:0.#}" stroke="#ddd"/><text x="{Left - 6}" y="{y + 4:0.#}" text-anchor="end">{most * i / 2:0.###}</text>""");
        }

        for (int i = 0; i <= 4; i++)
        {
            Line(writer, $"""<text x="{X(hours * i / 4, hours):0.#}" y="{top + Height + 16}" text-anchor="{(i == 0 ? "start" : i == 4 ? "end" : "middle")}">{hours * i / 4:0.#} h</text>""");
        }

        for (int i = 0; i < curves.Length; i++)
        {
            (int column, string name, string colour) = curves[i];
            string points = string.Join(' ', rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{X(row[0], hours):0.#},{top + (Height * (1 - (row[column] / most))):0.#}")));
            Line(writer, $"""<polyline fill="none" stroke="{colour}" stroke-width="2" points="{points}"/>""");
            Line(writer, $"""<text x="{Left + 120 + (110 * i)}" y="{top - 8}" fill="{colour}">{name} {rows[^1][column]:0.##}</text>""");
        }
    }

    private static double X(double hour, double hours) => Left + ((Width - Left - 10) * hour / hours);

    // Two digits are enough for the top of an axis that begins at 0.
    private static double Ceiling(double value)
    {
        double unit = value > 0 ? Math.Pow(10, Math.Floor(Math.Log10(value)) - 1) : 1;
        return Math.Max(Math.Ceiling(value / unit) * unit, unit);
    }

    private static void Line(TextWriter writer, FormattableString text) => writer.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
