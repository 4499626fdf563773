using System.Collections;

namespace Pipeline.Cli.Configuration;

/// <summary>One setting in force.</summary>
/// <param name="Key">Full key.</param>
/// <param name="Value">As YAML would write it; secrets and credentials in URLs are hidden.</param>
/// <param name="Origin">Where it came from.</param>
public sealed record SettingInForce(string Key, string Value, SettingOrigin Origin);

/// <summary>Settings in force, and where each came from.</summary>
/// <typeparam name="T">The root record.</typeparam>
public sealed class LoadedSettings<T>
    where T : class, new()
{
    /// <summary>What is printed for a secret that is set.</summary>
    public const string Hidden = "(set, not shown)";

    private readonly SettingSchema _schema;
    private readonly SettingValues _values;

    internal LoadedSettings(T value, SettingSchema schema, SettingValues values, string? file, IReadOnlyList<string> notices)
    {
        (Value, _schema, _values, File, Notices) = (value, schema, values, file, notices);
    }

    /// <summary>The settings.</summary>
    public T Value { get; }

    /// <summary>The YAML file they were read from; null when there was none.</summary>
    public string? File { get; }

    /// <summary>What the user should know though nothing is wrong: a variable that names no setting, say.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>Where a key's value came from.</summary>
    /// <param name="key">Full key, such as <c>store.file</c>.</param>
    public SettingOrigin OriginOf(string key) => _values.Origin(key);

    /// <summary>A path setting as a path: relative to the YAML file when it was given there, else to the current folder.</summary>
    /// <param name="key">Full key.</param>
    /// <param name="path">Its value.</param>
    public string Resolve(string key, string path)
    {
        string folder = OriginOf(key).Layer == SettingLayer.File ? Path.GetDirectoryName(Path.GetFullPath(File!))! : Environment.CurrentDirectory;
        return Path.GetFullPath(path, folder);
    }

    /// <summary>Every setting in force, in the order of declaration.</summary>
    public IReadOnlyList<SettingInForce> InForce() => [.. Walk(_schema, "", Value)];

    private IEnumerable<SettingInForce> Walk(SettingSchema schema, string path, object? value)
    {
        switch (schema.Shape)
        {
            case SettingShape.Section when value is not null:
                return schema.Children.SelectMany(c => Walk(c, KeyPath.Join(path, c.Key), c.Property!.GetValue(value)));
            case SettingShape.Map when value is not null && Keys(value).Count > 0:
                return Keys(value).SelectMany(e => Walk(schema.Element!, KeyPath.Join(path, e.Key), e.Value));
            case SettingShape.List when value is not null && schema.Element!.Shape != SettingShape.Scalar:
                return ((IEnumerable)value).Cast<object?>().SelectMany((item, i) => Walk(schema.Element, KeyPath.Index(path, i), item));
            default:
                return [new SettingInForce(path, Text(schema, value), OriginOf(path))];
        }
    }

    private static string Text(SettingSchema schema, object? value) => schema.Shape switch
    {
        _ when value is null => "null",
        SettingShape.Map => "{}",
        SettingShape.List => $"[{string.Join(", ", ((IEnumerable)value).Cast<object?>().Select(SettingText.Write))}]",
        _ when schema.IsSecret && value is not "" => Hidden,
        _ => SettingText.MaskCredentials(SettingText.Write(value)),
    };

    private static List<(string Key, object? Value)> Keys(object map)
    {
        List<(string Key, object? Value)> keys = [];
        foreach (object pair in (IEnumerable)map)
        {
            keys.Add(((string)pair.GetType().GetProperty("Key")!.GetValue(pair)!, pair.GetType().GetProperty("Value")!.GetValue(pair)));
        }

        return keys;
    }
}
