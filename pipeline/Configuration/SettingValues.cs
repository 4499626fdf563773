namespace Pipeline.Cli.Configuration;

/// <summary>Values given so far, by path. A later layer replaces an earlier one; a list is replaced as a whole.</summary>
internal sealed class SettingValues
{
    private readonly Dictionary<string, (object? Value, SettingOrigin Origin)> _values = new(StringComparer.Ordinal);

    // Keys of maps and places of lists, in the order given: an entry may be there without any value under it.
    private readonly Dictionary<string, List<string>> _entries = new(StringComparer.Ordinal);

    /// <summary>Every rule that was broken on the way, one line each.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Sets a value.</summary>
    public void Set(string path, object? value, SettingOrigin origin) => _values[path] = (value, origin);

    /// <summary>Adds a key of a map, or a place of a list.</summary>
    public void AddEntry(string path, string key)
    {
        List<string> entries = Entries(path) as List<string> ?? (_entries[path] = []);
        if (!entries.Contains(key))
        {
            entries.Add(key);
        }
    }

    /// <summary>Keys of a map, or places of a list; null when nobody gave any.</summary>
    public IReadOnlyList<string>? Entries(string path) => _entries.GetValueOrDefault(path);

    /// <summary>Forgets everything at and under a path.</summary>
    public void Clear(string path)
    {
        foreach (string key in _values.Keys.Where(k => KeyPath.IsAtOrUnder(k, path)).ToArray())
        {
            _values.Remove(key);
        }

        foreach (string key in _entries.Keys.Where(k => KeyPath.IsAtOrUnder(k, path)).ToArray())
        {
            _entries.Remove(key);
        }
    }

    /// <summary>Makes an empty list, so that <c>[]</c> is not the same as nothing.</summary>
    public void BeginList(string path, SettingOrigin origin)
    {
        Clear(path);
        _entries[path] = [];
        _values[path] = (null, origin);
    }

    /// <summary>The value at a path.</summary>
    public bool TryGet(string path, out object? value)
    {
        bool found = _values.TryGetValue(path, out (object? Value, SettingOrigin Origin) given);
        value = given.Value;
        return found;
    }

    /// <summary>True when anything is given at or under a path.</summary>
    public bool Any(string path) => _values.Keys.Concat(_entries.Keys).Any(k => KeyPath.IsAtOrUnder(k, path));

    /// <summary>Where the value at a path came from; for a section, the first of what is under it.</summary>
    public SettingOrigin Origin(string path)
    {
        if (_values.TryGetValue(path, out (object? Value, SettingOrigin Origin) given))
        {
            return given.Origin;
        }

        return _values.Where(v => KeyPath.IsAtOrUnder(v.Key, path)).Select(v => v.Value.Origin).FirstOrDefault() ?? SettingOrigin.Default;
    }
}
