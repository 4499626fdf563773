using System.Globalization;
using YamlDotNet.Core;

namespace Pipeline.Cli.Configuration;

/// <summary>Reads the YAML file into values, with a problem for everything in it that is no setting.</summary>
internal sealed class SettingsFile(string file, SettingSchema root, SettingValues values)
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="SettingsException">It cannot be read at all.</exception>
    public void Read()
    {
        if (Directory.Exists(file))
        {
            throw new SettingsException([$"cannot read {SettingText.Quote(file)}: it is a folder. Name a YAML file with --config."]);
        }

        if (!File.Exists(file))
        {
            throw new SettingsException([$"cannot read {SettingText.Quote(file)}: no such file. Check --config, or leave it out."]);
        }

        try
        {
            using StreamReader text = new(file);
            if (YamlReader.Read(text) is { } node)
            {
                Take(root, node, "");
            }
        }
        catch (YamlException e)
        {
            string what = e.InnerException?.Message ?? e.Message;
            
            Mark at = what.Contains("tab", StringComparison.Ordinal) ? FirstTab(e.Start) : e.Start;
            values.Problems.Add($"{At(at)}: no valid YAML: {Terminal.TerminalText.Clean(what).TrimEnd('.')}. Correct the file there.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"cannot read {SettingText.Quote(file)}: {e.Message} Check that it is a file you may read."]);
        }
    }

    // The scanner names the mapping around a tab, not the tab.
    private Mark FirstTab(Mark from)
    {
        string[] lines = File.ReadAllLines(file);
        int line = Array.FindIndex(lines, Math.Clamp((int)from.Line - 1, 0, lines.Length), l => l.TrimStart(' ').StartsWith('\t'));
        return line < 0 ? from : new Mark(0, line + 1, lines[line].IndexOf('\t', StringComparison.Ordinal) + 1);
    }

    private void Take(SettingSchema schema, YamlNode node, string path)
    {
        bool isNull = node is YamlScalar { IsNull: true };
        switch (schema.Shape, node)
        {
            case (SettingShape.Section or SettingShape.Map, _) when isNull:
                break; // "tracker:" with nothing under it: every key was commented out
            case (SettingShape.Section, YamlMap map):
                TakeSection(schema, map, path);
                break;
            case (SettingShape.Map, YamlMap map):
                TakeMap(schema, map, path);
                break;
            case (SettingShape.List, YamlList list):
                TakeList(schema, list.Items, list, path);
                break;
            case (SettingShape.List, YamlScalar) when !isNull:
                TakeList(schema, [node], node, path); // one value without brackets
                break;
            case (SettingShape.Scalar, YamlScalar) when isNull && schema.IsNullable:
                values.Set(path, null, Origin(node));
                break;
            case (SettingShape.Scalar, YamlScalar scalar) when !isNull || (schema.Type == typeof(string) && scalar.Text != ""):
                TakeScalar(schema, scalar, path);
                break;
            default:
                Problem(node, path, $"{Needed(schema)} is needed, got {Got(node)}. {SettingsLoader.Remedy(schema, path, root)}");
                break;
        }
    }

    private void TakeSection(SettingSchema schema, YamlMap map, string path)
    {
        foreach ((YamlScalar key, YamlNode value) in WithoutDuplicates(map, path))
        {
            if (schema.Children.FirstOrDefault(c => c.Key == key.Text) is { } child)
            {
                Take(child, value, KeyPath.Join(path, key.Text));
            }
            else
            {
                values.Problems.Add($"{At(key.At)}: {SettingsLoader.Unknown(root, schema, path, key.Text)}");
            }
        }
    }

    private void TakeMap(SettingSchema schema, YamlMap map, string path)
    {
        foreach ((YamlScalar key, YamlNode value) in WithoutDuplicates(map, path))
        {
            values.AddEntry(path, key.Text);
            Take(schema.Element!, value, KeyPath.Join(path, key.Text));
        }
    }

    private void TakeList(SettingSchema schema, IReadOnlyList<YamlNode> items, YamlNode node, string path)
    {
        values.BeginList(path, Origin(node));
        for (int i = 0; i < items.Count; i++)
        {
            string item = KeyPath.Index(path, i);
            values.AddEntry(path, item);
            Take(schema.Element!, items[i], item);
        }
    }

    private void TakeScalar(SettingSchema schema, YamlScalar scalar, string path)
    {
        object? value = SettingText.Parse(schema.Type, scalar.Text, out string? problem);
        if (problem is null)
        {
            values.Set(path, value, Origin(scalar));
        }
        else
        {
            Problem(scalar, path, $"{(schema.IsSecret ? SettingText.Needed(schema.Type) + " is needed" : problem)}. {SettingsLoader.Remedy(schema, path, root)}");
        }
    }

    private IEnumerable<(YamlScalar Key, YamlNode Value)> WithoutDuplicates(YamlMap map, string path)
    {
        Dictionary<string, YamlScalar> seen = new(StringComparer.Ordinal);
        foreach ((YamlScalar key, YamlNode value) in map.Entries)
        {
            if (seen.TryAdd(key.Text, key))
            {
                yield return (key, value);
            }
            else
            {
                string name = SettingText.Quote(KeyPath.Join(path, key.Text));
                values.Problems.Add($"{At(key.At)}: duplicate key {name}, given in line {seen[key.Text].At.Line} before. Keep one of them.");
            }
        }
    }

    private void Problem(YamlNode node, string path, string text) =>
        values.Problems.Add($"{At(node.At)}: {(path.Length == 0 ? "" : $"{Terminal.TerminalText.Clean(path)}: ")}{text}");

    private SettingOrigin Origin(YamlNode node) => new(SettingLayer.File, At(node.At));

    private string At(Mark mark) => string.Create(CultureInfo.InvariantCulture, $"{Terminal.TerminalText.Clean(file)}:{mark.Line}:{mark.Column}");

    private static string Needed(SettingSchema schema) => schema.Shape switch
    {
        SettingShape.Section when schema.Children.Count > 4 => $"a section with keys such as {string.Join(", ", schema.Children.Take(4).Select(c => c.Key))}",
        SettingShape.Section => $"a section with keys of {string.Join(", ", schema.Children.Select(c => c.Key))}",
        SettingShape.Map => "a section with names of your own",
        SettingShape.List => "a list",
        _ => SettingText.Needed(schema.Type),
    };

    private static string Got(YamlNode node) => node switch
    {
        YamlMap => "a section",
        YamlList => "a list",
        YamlScalar { IsNull: true } => "nothing",
        YamlScalar scalar => SettingText.Quote(scalar.Text),
        _ => throw new NotSupportedException(node.GetType().Name),
    };
}
