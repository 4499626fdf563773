using System.Text;

namespace Pipeline.Cli.Configuration;

/// <summary>Keys as people write them: <c>ingest.cameras.dock.fps</c>; a name that holds a dot is quoted: <c>ingest.cameras."a.b".fps</c>.</summary>
internal static class KeyPath
{
    /// <summary>Appends a key to a path.</summary>
    public static string Join(string path, string key)
    {
        string part = key.Length == 0 || key.AsSpan().ContainsAny(".\"[]") ? $"\"{key.Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : key;
        return path.Length == 0 ? part : $"{path}.{part}";
    }

    /// <summary>Appends a place in a list to a path.</summary>
    public static string Index(string path, int index) => $"{path}[{index}]";

    /// <summary>True for the path itself and everything under it.</summary>
    public static bool IsAtOrUnder(string path, string root) =>
        path.StartsWith(root, StringComparison.Ordinal) && (path.Length == root.Length || root.Length == 0 || path[root.Length] is '.' or '[');

    /// <summary>The keys of a path; the inverse of <see cref="Join"/> (list places stay with their key).</summary>
    public static IReadOnlyList<string> Split(string path)
    {
        List<string> keys = [];
        StringBuilder key = new();
        bool quoted = false;
        for (int i = 0; i < path.Length; i++)
        {
            char c = path[i];
            if (quoted && c == '\\' && i + 1 < path.Length)
            {
                key.Append(path[++i]);
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == '.' && !quoted)
            {
                keys.Add(key.ToString());
                key.Clear();
            }
            else
            {
                key.Append(c);
            }
        }

        keys.Add(key.ToString());
        return keys;
    }
}
