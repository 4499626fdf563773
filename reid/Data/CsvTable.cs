using System.Text;

namespace Pipeline.Reid.Data;

/// <summary>A comma-separated file with a line of titles (RFC 4180: quotes around fields, doubled within).</summary>
internal sealed class CsvTable
{
    private readonly string _path;
    private readonly Dictionary<string, int> _columns;

    private CsvTable(string path, Dictionary<string, int> columns, IReadOnlyList<(int Line, string[] Fields)> rows)
    {
        _path = path;
        _columns = columns;
        Rows = rows;
    }

    /// <summary>Rows with the number of the line each begins in, from 1.</summary>
    public IReadOnlyList<(int Line, string[] Fields)> Rows { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It cannot be read, is empty, or a row has another number of fields than there are titles.</exception>
    public static CsvTable Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"'{path}': cannot be read: {e.Message.ReplaceLineEndings(" ")} Check the path.", e);
        }

        List<(int Line, string[] Fields)> rows = [.. Split(path, text)];
        if (rows.Count == 0)
        {
            throw new InvalidDataException($"'{path}': empty; a first line with the titles of the columns is needed.");
        }

        string[] titles = rows[0].Fields;
        Dictionary<string, int> columns = [];
        for (int i = 0; i < titles.Length; i++)
        {
            if (!columns.TryAdd(titles[i].Trim().ToLowerInvariant(), i))
            {
                throw new InvalidDataException($"'{path}': the column '{titles[i]}' is there twice. Keep one.");
            }
        }

        foreach ((int line, string[] fields) in rows.Skip(1))
        {
            if (fields.Length != titles.Length)
            {
                throw new InvalidDataException($"'{path}:{line}': {fields.Length} fields, but there are {titles.Length} titles. Quote commas within a field.");
            }
        }

        return new CsvTable(path, columns, rows[1..]);
    }

    /// <summary>Where a column stands.</summary>
    /// <exception cref="InvalidDataException">It is not there.</exception>
    public int Column(string title) => Find(title)
        ?? throw new InvalidDataException($"'{_path}': no column '{title}', got {string.Join(", ", _columns.Keys)}. Add it.");

    /// <summary>Where a column stands; null when it is not there.</summary>
    public int? Find(string title) => _columns.TryGetValue(title, out int at) ? at : null;

    private static IEnumerable<(int Line, string[] Fields)> Split(string path, string text)
    {
        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        (int line, int began) = (1, 1);
        for (int i = text.StartsWith('\uFEFF') ? 1 : 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '"' && quoted && i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (c == '"' && (quoted || field.Length == 0))
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (c == '\n' && !quoted)
            {
                if (End() is { } row)
                {
                    yield return row;
                }

                began = ++line;
            }
            else if (c != '\r' || quoted)
            {
                line += c == '\n' ? 1 : 0;
                field.Append(c);
            }
        }

        if (quoted)
        {
            throw new InvalidDataException($"'{path}:{began}': a quotation mark is not closed. Close it.");
        }

        if (End() is { } last)
        {
            yield return last;
        }

        (int Line, string[] Fields)? End()
        {
            fields.Add(field.ToString());
            field.Clear();
            string[] row = [.. fields];
            fields.Clear();
            return row is [""] ? null : (began, row);
        }
    }
}
