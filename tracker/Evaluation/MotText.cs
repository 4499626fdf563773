using System.Globalization;
using System.Text;

namespace Pipeline.Tracker.Evaluation;

/// <summary>Reads and writes the MOTChallenge text form, <c>frame,id,x,y,w,h,confidence,class,...</c>.</summary>
public static class MotText
{
    /// <summary>Reads rows in any order; blank lines are passed over.</summary>
    /// <param name="text">The text; columns after the eighth are ignored, the seventh and eighth may be missing (1 and -1). An eighth that is not whole is a place in the world (MOT15), no class.</param>
    /// <exception cref="InvalidDataException">A line has fewer than six columns or something that is no finite number.</exception>
    public static List<MotRow> Parse(string text)
    {
        List<MotRow> rows = [];
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (!line.IsWhiteSpace())
            {
                rows.Add(ParseLine(line, number));
            }
        }

        return rows;
    }

    /// <summary>Writes rows as tracker output: <c>frame,id,x,y,w,h,confidence,-1,-1,-1</c>, two decimals.</summary>
    /// <param name="rows">The rows, in the order wanted.</param>
    public static string Format(IEnumerable<MotRow> rows)
    {
        StringBuilder text = new();
        foreach (MotRow row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Frame},{row.Id},{row.X:0.##},{row.Y:0.##},{row.Width:0.##},{row.Height:0.##},");
            text.Append(CultureInfo.InvariantCulture, $"{row.Confidence:0.####},-1,-1,-1\n");
        }

        return text.ToString();
    }

    private static MotRow ParseLine(ReadOnlySpan<char> line, int number)
    {
        Span<double> columns = [0, 0, 0, 0, 0, 0, 1, -1];
        int count = 0;
        foreach (Range range in line.Split(','))
        {
            if (count == columns.Length)
            {
                break;
            }

            if (!double.TryParse(line[range], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            {
                throw new InvalidDataException($"line {number}, column {count + 1}: a number is needed, got '{line[range]}'. Correct the line.");
            }

            columns[count++] = value;
        }

        if (count < 6)
        {
            throw new InvalidDataException($"line {number}: frame,id,x,y,w,h are needed, got {count} columns. Correct the line.");
        }

        return new MotRow(
            (int)columns[0], (int)columns[1], columns[2], columns[3], columns[4], columns[5], columns[6], double.IsInteger(columns[7]) ? (int)columns[7] : -1);
    }
}
