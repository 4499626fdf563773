using System.Reflection;

namespace Pipeline.Cli.Configuration;

/// <summary>
/// Reads settings into option records: defaults, then one YAML file, then <c>REID_...</c> variables, then flags. Everything that is
/// wrong is reported together, each with its place, the rule and a remedy.
/// </summary>
public static class SettingsLoader
{
    /// <summary>Environment variables of this program begin so: <c>REID_TRACKER_MAX_LOST_MS</c> is <c>tracker.max_lost_ms</c>.</summary>
    public const string Prefix = "REID_";

    // Variables of this program that are no settings.
    private static readonly string[] Reserved = ["REID_CONFIG"];

    /// <summary>Loads and checks settings.</summary>
    /// <typeparam name="T">The root record: its properties are the sections; a section's <c>Problems()</c> is asked.</typeparam>
    /// <param name="sources">Where to read from.</param>
    /// <exception cref="SettingsException">Something is wrong: all of it, one line each.</exception>
    public static LoadedSettings<T> Load<T>(SettingsSources sources)
        where T : class, new()
    {
        SettingSchema root = SettingSchema.Of(typeof(T));
        SettingValues values = new();
        List<string> notices = [];
        if (sources.File is not null)
        {
            new SettingsFile(sources.File, root, values).Read();
        }

        TakeEnvironment(root, values, sources.Environment, notices);
        TakeFlags(root, values, sources.Flags);
        T settings = (T)new SettingsBuilder(values).Build(root, "", new T())!;
        TakeRules(root, values, settings);
        return values.Problems.Count == 0
            ? new LoadedSettings<T>(settings, root, values, sources.File, notices)
            : throw new SettingsException([.. values.Problems.Distinct()]);
    }

    /// <summary>The variable that sets a key.</summary>
    /// <param name="key">Full key.</param>
    public static string VariableOf(string key) => Prefix + key.Replace('.', '_').ToUpperInvariant();

    /// <summary>What to do about a wrong value.</summary>
    internal static string Remedy(SettingSchema schema, string path, SettingSchema root)
    {
        object? value = schema.Shape == SettingShape.Scalar ? DefaultAt(root, path) : null;
        return value is null || schema.IsSecret ? "Correct it, or leave it out." : $"Correct it, or leave it out to get {SettingText.Write(value)}.";
    }

    /// <summary>What to say of a key that does not exist.</summary>
    internal static string Unknown(SettingSchema root, SettingSchema section, string path, string key)
    {
        string full = SettingText.Quote(path.Length == 0 ? key : $"{path}.{key}");
        string[] leaves = [.. root.Leaves().Select(l => l.Path)];
        string? near = NearestKey.Find(key, section.Children.Select(c => c.Key)) is { } sibling ? KeyPath.Join(path, sibling) : null;
        near ??= leaves.FirstOrDefault(l => KeyPath.Split(l)[^1] == key) ?? NearestKey.Find(path.Length == 0 ? key : $"{path}.{key}", leaves);
        string remedy = near is not null ? $"Did you mean '{near}'?" : $"Known here: {string.Join(", ", section.Children.Select(c => c.Key))}.";
        return $"unknown key {full}. {remedy}";
    }

    private static object? DefaultAt(SettingSchema root, string path)
    {
        object? value = Activator.CreateInstance(root.Type);
        foreach (string key in KeyPath.Split(path))
        {
            SettingSchema? child = root.Children.FirstOrDefault(c => c.Key == key);
            if (child is null || value is null)
            {
                return null;
            }

            (root, value) = (child, child.Property!.GetValue(value));
        }

        return value;
    }

    private static void TakeEnvironment(
        SettingSchema root, SettingValues values, IReadOnlyDictionary<string, string> environment, List<string> notices)
    {
        Dictionary<string, string> names = root.Leaves().ToDictionary(l => VariableOf(l.Path), l => l.Path, StringComparer.Ordinal);
        IEnumerable<KeyValuePair<string, string>> ours = environment
            .Where(v => v.Key.StartsWith(Prefix, StringComparison.Ordinal) && !Reserved.Contains(v.Key))
            .OrderBy(v => v.Key, StringComparer.Ordinal);
        foreach ((string name, string text) in ours)
        {
            if (names.TryGetValue(name, out string? path))
            {
                values.Clear(path);
                TakeText(root, values, path, text, new SettingOrigin(SettingLayer.Environment, name));
            }
            else
            {
                string near = NearestKey.Find(name, names.Keys) is { } meant ? $" Did you mean {meant}?" : "";
                notices.Add($"{Terminal.TerminalText.Clean(name)}: this variable names no setting and is ignored.{near}");
            }
        }
    }

    private static void TakeFlags(SettingSchema root, SettingValues values, IReadOnlyList<SettingFlag> flags)
    {
        Dictionary<string, SettingFlag> seen = new(StringComparer.Ordinal);
        foreach (SettingFlag flag in flags)
        {
            SettingOrigin origin = new(SettingLayer.Flag, flag.Name);
            IReadOnlyList<string> keys = KeyPath.Split(flag.Key);
            if (root.At(keys) is not { } schema)
            {
                values.Problems.Add($"{Terminal.TerminalText.Clean(flag.Name)}: {UnknownPath(root, keys)}");
            }
            else if (schema.Shape != SettingShape.List && seen.TryGetValue(flag.Key, out SettingFlag? other) && other.Text != flag.Text)
            {
                values.Problems.Add($"{flag.Name}: given twice, {SettingText.Quote(other.Text)} with {other.Name} and {SettingText.Quote(flag.Text)}. Keep one of them.");
            }
            else
            {
                if (!seen.ContainsKey(flag.Key))
                {
                    values.Clear(flag.Key);
                }

                seen[flag.Key] = flag;
                AddEntries(root, values, keys);
                TakeText(root, values, flag.Key, flag.Text, origin);
            }
        }
    }

    private static string UnknownPath(SettingSchema root, IReadOnlyList<string> keys)
    {
        SettingSchema section = root;
        string path = "";
        foreach (string key in keys)
        {
            if (section.At([key]) is not { } next)
            {
                break;
            }

            (section, path) = (next, KeyPath.Join(path, key));
        }

        return Unknown(root, section, path, string.Join('.', keys.Skip(path.Length == 0 ? 0 : KeyPath.Split(path).Count)));
    }

    private static void AddEntries(SettingSchema root, SettingValues values, IReadOnlyList<string> keys)
    {
        string path = "";
        foreach (string key in keys)
        {
            if (root.Shape == SettingShape.Map)
            {
                values.AddEntry(path, key);
            }

            root = root.At([key])!;
            path = KeyPath.Join(path, key);
        }
    }

    private static void TakeText(SettingSchema root, SettingValues values, string path, string text, SettingOrigin origin)
    {
        SettingSchema schema = root.At(KeyPath.Split(path))!;
        if (schema.Shape == SettingShape.List && schema.Element!.Shape == SettingShape.Scalar)
        {
            TakeListText(schema, values, path, text, origin);
            return;
        }

        if (schema.Shape != SettingShape.Scalar)
        {
            values.Problems.Add($"{origin}: {path} holds several keys. Set it in the YAML file, or name one key: {path}.KEY.");
            return;
        }

        object? value = SettingText.Parse(schema.Type, text, out string? problem);
        if (problem is null)
        {
            values.Set(path, value, origin);
        }
        else
        {
            string said = schema.IsSecret ? SettingText.Needed(schema.Type) + " is needed" : problem;
            values.Problems.Add($"{origin}: {path}: {said}. {Remedy(schema, path, root)}");
        }
    }

    // "[a, b]" is a whole list; anything else is one more value.
    private static void TakeListText(SettingSchema schema, SettingValues values, string path, string text, SettingOrigin origin)
    {
        if (values.Entries(path) is null)
        {
            values.BeginList(path, origin);
        }

        bool isList = text.StartsWith('[') && text.EndsWith(']');
        foreach (string part in isList ? text[1..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [text])
        {
            object? value = SettingText.Parse(schema.Element!.Type, part, out string? problem);
            if (problem is null)
            {
                string place = KeyPath.Index(path, values.Entries(path)!.Count);
                values.AddEntry(path, place);
                values.Set(place, value, origin);
            }
            else
            {
                values.Problems.Add($"{origin}: {path}: {problem}. Correct it, or leave it out.");
            }
        }
    }

    private static void TakeRules(SettingSchema root, SettingValues values, object settings)
    {
        IEnumerable<object?> sections = root.Children.Where(c => c.Shape == SettingShape.Section).Select(c => c.Property!.GetValue(settings));
        foreach (object? section in sections.Append(settings))
        {
            MethodInfo? rules = section?.GetType().GetMethod("Problems", Type.EmptyTypes);
            if (rules?.Invoke(section, null) is not IEnumerable<(string Key, string Problem)> problems)
            {
                continue;
            }

            foreach ((string key, string problem) in problems)
            {
                SettingOrigin origin = values.Origin(key);
                string remedy = root.At(KeyPath.Split(key)) is { } schema ? Remedy(schema, key, root) : "Correct it, or leave it out.";
                string where = origin.Layer == SettingLayer.Default ? "settings" : origin.Where;
                values.Problems.Add($"{where}: {Terminal.TerminalText.Clean(key)}: {Terminal.TerminalText.Clean(problem).TrimEnd('.')}. {remedy}");
            }
        }
    }
}
