using System.Text;

namespace Pipeline.Cli.Configuration;

/// <summary>One line of settings as YAML: what is written, and the comment behind or above it.</summary>
/// <param name="Text">YAML, indented; empty for a line that is only a comment.</param>
/// <param name="Comment">Comment without its <c>#</c>; empty for none.</param>
/// <param name="IsDefault">True when nobody chose this value.</param>
public sealed record SettingsLine(string Text, string Comment, bool IsDefault);

/// <summary>Writes settings as YAML: those in force with their origins, or all that there are with their explanations.</summary>
public static class SettingsText
{
    /// <summary>The settings in force; the lines are a valid configuration file (secrets aside).</summary>
    /// <param name="settings">Settings.</param>
    public static IReadOnlyList<SettingsLine> InForce(IReadOnlyList<SettingInForce> settings)
    {
        List<SettingsLine> lines = [];
        IReadOnlyList<string> open = [];
        foreach (SettingInForce setting in settings)
        {
            IReadOnlyList<string> keys = KeyPath.Split(setting.Key);
            int common = open.Take(keys.Count - 1).Zip(keys).TakeWhile(p => p.First == p.Second).Count();
            for (int i = common; i < keys.Count - 1; i++)
            {
                lines.Add(new SettingsLine($"{Indent(i)}{Name(keys[i])}:", "", true));
            }

            // A value hidden in print is written as a comment, so that the text, saved, does not become the password.
            bool hidden = setting.Value == LoadedSettings<object>.Hidden;
            string text = $"{Indent(keys.Count - 1)}{(hidden ? "# " : "")}{Name(keys[^1])}: {Terminal.TerminalText.Clean(setting.Value)}";
            lines.Add(new SettingsLine(text, setting.Origin.Where, setting.Origin.Layer == SettingLayer.Default));
            open = keys;
        }

        return lines;
    }

    /// <summary>A configuration file with every key at its default, commented out, under its explanation.</summary>
    /// <param name="type">The root record.</param>
    /// <param name="width">Width to wrap explanations at.</param>
    public static string Template(Type type, int width = 120)
    {
        StringBuilder text = new();
        text.Append("# Every setting with its default. Take the # away from the lines to change; leave the others as they are.\n");
        foreach (SettingSchema section in SettingSchema.Of(type).Children)
        {
            text.Append('\n');
            Write(text, section, section.Property!.GetValue(Activator.CreateInstance(type)), 0, width);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, SettingSchema schema, object? value, int depth, int width)
    {
        string indent = Indent(depth);
        foreach (string line in Wrap(SettingDocs.Of(schema.Property!), width - indent.Length - 2))
        {
            text.Append(indent).Append("# ").Append(line).Append('\n');
        }

        if (schema.Shape == SettingShape.Section)
        {
            text.Append(indent).Append(schema.Key).Append(":\n");
            foreach (SettingSchema child in schema.Children)
            {
                object? record = value ?? Activator.CreateInstance(schema.Type);
                Write(text, child, child.Property!.GetValue(record), depth + 1, width);
            }
        }
        else
        {
            string shown = schema.Shape switch { SettingShape.Map => "{}", SettingShape.List => "[]", _ => SettingText.Write(value) };
            text.Append(indent).Append("# ").Append(schema.Key).Append(": ").Append(shown).Append(schema.Type.IsEnum ? $"  # {SettingText.Needed(schema.Type)}" : "").Append('\n');
            if (schema.Element is { Shape: SettingShape.Section } element)
            {
                string keys = string.Join(", ", element.Children.Select(c => c.Key));
                text.Append(indent).Append(schema.Shape == SettingShape.Map ? "#   NAME: keys of " : "#   - keys of ").Append(keys).Append('\n');
            }
        }
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        StringBuilder line = new();
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }

    private static string Indent(int depth) => new(' ', depth * 2);

    private static string Name(string key) => SettingText.Write(key);
}
