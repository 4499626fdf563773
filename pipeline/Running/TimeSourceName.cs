using System.Text.Json;
using Pipeline.Ingest;

namespace Pipeline.Cli.Running;

/// <summary>Time sources by the names of mqtt.md 4.2.</summary>
internal static class TimeSourceName
{
    /// <summary>Such as <c>file_name</c>.</summary>
    /// <param name="source">The source.</param>
    public static string Of(TimeSource source) => JsonNamingPolicy.SnakeCaseLower.ConvertName(source.ToString());
}
