using System.Globalization;

namespace Pipeline.Store;

/// <summary>Times as the database keeps them: UTC, exact to the tick, of one width, so that they sort as text.</summary>
internal static class StoreTime
{
    private const string Format = "yyyy-MM-ddTHH:mm:ss.fffffffZ";

    internal static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    internal static DateTimeOffset Parse(string text) => new(
        DateTime.ParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal), TimeSpan.Zero);

    internal static DateTimeOffset? ParseOrNull(string? text) => text is null ? null : Parse(text);
}
