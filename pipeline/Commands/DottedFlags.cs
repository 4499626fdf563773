using Pipeline.Cli.Configuration;

namespace Pipeline.Cli.Commands;

/// <summary>
/// Makes every key a flag: <c>--tracker.max_lost_ms 2000</c> and <c>--tracker.max_lost_ms=2000</c> become <c>--set tracker.max_lost_ms=2000</c>.
/// Done before parsing, so that keys under names of the user's (<c>--ingest.cameras.dock.fps</c>) work as well and a wrong key gets the
/// same message as in the file.
/// </summary>
internal static class DottedFlags
{
    /// <summary>Rewrites a command line.</summary>
    /// <exception cref="SettingsException">A key stands without a value.</exception>
    public static string[] Rewrite(IReadOnlyList<string> arguments, SettingSchema schema)
    {
        List<string> rewritten = [];
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument == "--")
            {
                return [.. rewritten, .. arguments.Skip(i)];
            }

            if (!IsKey(argument))
            {
                rewritten.Add(argument);
                continue;
            }

            string key = argument[2..];
            if (!key.Contains('=', StringComparison.Ordinal))
            {
                string? next = i + 1 < arguments.Count ? arguments[i + 1] : null;
                bool isSwitch = schema.At(KeyPath.Split(key)) is { Shape: SettingShape.Scalar } s && s.Type == typeof(bool);
                if (isSwitch && !bool.TryParse(next, out _))
                {
                    key += "=true";
                }
                else if (next is null || next.StartsWith("--", StringComparison.Ordinal))
                {
                    throw new SettingsException([$"{Terminal.TerminalText.Clean(argument)}: a value is needed behind it, such as {Terminal.TerminalText.Clean(argument)}=VALUE."]);
                }
                else
                {
                    key += "=" + next;
                    i++;
                }
            }

            rewritten.AddRange(["--set", key]);
        }

        return [.. rewritten];
    }

    private static bool IsKey(string argument)
    {
        if (!argument.StartsWith("--", StringComparison.Ordinal) || argument.Length < 4 || !char.IsAsciiLetter(argument[2]))
        {
            return false;
        }

        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        return argument.AsSpan(0, equals < 0 ? argument.Length : equals).Contains('.');
    }
}
