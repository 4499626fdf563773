using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pipeline.Cli.Configuration;

/// <summary>Turns the text of one value into the property's type and back. Numbers are invariant; times are milliseconds.</summary>
internal static partial class SettingText
{
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a value; <paramref name="problem"/> says "needed, got" when it cannot be one.</summary>
    public static object? Parse(Type type, string text, out string? problem)
    {
        problem = null;
        object? value = type switch
        {
            _ when type == typeof(string) => text,
            _ when type == typeof(bool) => bool.TryParse(text, out bool b) ? b : null,
            _ when type == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int i) ? i : null,
            _ when type == typeof(long) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long l) ? l : null,
            _ when type == typeof(float) => Number(text) is { } f && float.IsFinite((float)f) ? (float)f : null,
            _ when type == typeof(double) => Number(text),
            // A TimeSpan holds some 10^15 ms; half of that is beyond any meaning and safe to convert.
            _ when type == typeof(TimeSpan) => Number(text) is { } ms && Math.Abs(ms) < 4e14 ? TimeSpan.FromTicks((long)Math.Round(ms * TimeSpan.TicksPerMillisecond)) : null,
            // yolov8, yolo-v8 and yolo_v8 are one name.
            _ => Enum.GetValues(type).Cast<object>().FirstOrDefault(v => v.ToString()!.Equals(text.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)),
        };
        if (value is null)
        {
            problem = $"{Needed(type)} is needed, got {Quote(text)}";
        }

        return value;
    }

    /// <summary>What a value of this type must look like.</summary>
    public static string Needed(Type type) => type switch
    {
        _ when type == typeof(string) => "a text",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(float) || type == typeof(double) => "a number",
        _ when type == typeof(TimeSpan) => "a number of milliseconds",
        _ => "one of " + string.Join(", ", Names(type)),
    };

    /// <summary>Writes a value so that YAML reads it back as the same.</summary>
    public static string Write(object? value) => value switch
    {
        null => "null",
        string text => IsPlain(text) ? text : JsonSerializer.Serialize(text, Quoting),
        bool flag => flag ? "true" : "false",
        TimeSpan time => time.TotalMilliseconds.ToString("0.####", CultureInfo.InvariantCulture),
        Enum name => SettingSchema.Snake(name.ToString()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException($"{value.GetType()} is no setting."),
    };

    /// <summary>A text that hides the user name and password of a URL: <c>rtsp://***@10.0.0.4/1</c>.</summary>
    public static string MaskCredentials(string text) => Credentials().Replace(text, "$1***@");

    /// <summary>Text in quotes for a message: one line, credentials hidden, cut when long.</summary>
    public static string Quote(string text)
    {
        string clean = MaskCredentials(Terminal.TerminalText.Clean(text));
        return clean.Length > 60 ? $"'{clean[..57]}...'" : $"'{clean}'";
    }

    private static IEnumerable<string> Names(Type type) => Enum.GetNames(type).Select(SettingSchema.Snake);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    private static bool IsPlain(string text) =>
        PlainText().IsMatch(text) && !bool.TryParse(text, out _) && Number(text) is null && text is not ("null" or "Null" or "NULL");

    [GeneratedRegex(@"^[A-Za-z_/.][A-Za-z0-9_/.+-]*\z")]
    private static partial Regex PlainText();

    [GeneratedRegex(@"(\b[A-Za-z][A-Za-z0-9+.-]*://)[^/@\s]+@")]
    private static partial Regex Credentials();
}
