namespace Pipeline.Ingest;

/// <summary>Addresses of streams; what is shown of them never holds a password.</summary>
public static class StreamAddress
{
    private static readonly string[] Schemes = ["rtsp://", "rtsps://", "http://", "https://"];

    /// <summary>Whether this is the address of a stream rather than a path.</summary>
    public static bool IsStream(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Schemes.Any(scheme => source.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary><c>rtsp</c> or <c>http</c>: <c>source.kind</c> of mqtt.md 4.2.</summary>
    public static string Kind(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return url.StartsWith("rtsp", StringComparison.OrdinalIgnoreCase) ? "rtsp" : "http";
    }

    /// <summary>The address without user name, password and query, which may carry a token.</summary>
    public static string Masked(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri))
        {
            return url[..(url.IndexOf("://", StringComparison.Ordinal) + 3)] + "***";
        }

        string user = uri.UserInfo.Length > 0 ? "***@" : "";
        string query = uri.Query.Length > 0 ? "?***" : "";
        string port = uri.IsDefaultPort || uri.Port < 0 ? "" : $":{uri.Port}";
        return $"{uri.Scheme}://{user}{uri.Host}{port}{uri.AbsolutePath}{query}";
    }

    /// <summary>A camera name from the address: host and last part of the path.</summary>
    public static string Name(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri))
        {
            return "stream";
        }

        string last = uri.Segments.LastOrDefault()?.Trim('/') ?? "";
        return last.Length > 0 ? $"{uri.Host}-{last}" : uri.Host;
    }
}
