using System.Globalization;
using Spectre.Console;

namespace Pipeline.Cli.Terminal;

/// <summary>A table of values for people; the same values go to machines as JSON.</summary>
/// <param name="columns">Titles.</param>
internal sealed class DataTable(params IReadOnlyList<string> columns)
{
    private readonly List<object?[]> _rows = [];

    /// <summary>Rows so far.</summary>
    public int Count => _rows.Count;

    /// <summary>Adds a row: text, or numbers, which stand at the right; null is a dash.</summary>
    /// <param name="cells">As many as there are columns.</param>
    public void Add(params object?[] cells) => _rows.Add(cells);

    /// <summary>Each row by the columns' names in snake case.</summary>
    public IEnumerable<IReadOnlyDictionary<string, object?>> Records() =>
        _rows.Select(row => columns.Select((title, i) => (Key: Key(title), Value: row[i])).ToDictionary(cell => cell.Key, cell => cell.Value));

    /// <summary>Prints the table.</summary>
    /// <param name="terminal">Where to.</param>
    public void Write(IAnsiConsole terminal)
    {
        bool narrow = terminal.Profile.Width < 76;
        Table table = new Table().Border(narrow ? TableBorder.None : TableBorder.Simple);
        for (int i = 0; i < columns.Count; i++)
        {
            TableColumn column = new($"[dim]{Markup.Escape(columns[i])}[/]");
            table.AddColumn(_rows.Any(row => row[i] is not (null or string)) ? column.RightAligned() : column);
        }

        foreach (object?[] row in _rows)
        {
            table.AddRow(row.Select(cell => new Text(Show(cell))));
        }

        terminal.Write(table);
    }

    /// <summary>A value for people: three significant digits, or all of a whole number.</summary>
    /// <param name="value">Text, a number, or null.</param>
    internal static string Show(object? value) => value switch
    {
        null => "-",
        string text => TerminalText.Clean(text),
        float number => Show((double)number),
        double number => Math.Abs(number) >= 100 ? number.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ')
            : number.ToString(Math.Abs(number) >= 10 ? "0.0" : Math.Abs(number) >= 0.1 ? "0.00" : "0.####", CultureInfo.InvariantCulture),
        IFormattable whole => whole.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' '),
        _ => value.ToString() ?? "",
    };

    private static string Key(string title) => title.Replace(' ', '_').Replace("/", "_per_", StringComparison.Ordinal).Replace("%", "percent", StringComparison.Ordinal);
}
