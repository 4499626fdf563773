using System.Text.RegularExpressions;

namespace Pipeline.Store.Mqtt;

/// <summary>Keeps user names and passwords out of texts that people and logs see.</summary>
public static partial class Secrets
{
    /// <summary>Replaces what stands before the host of every URL, and every occurrence of the password, by <c>***</c>.</summary>
    /// <param name="text">Any text, one line or more.</param>
    /// <param name="password">Password in use; null for none.</param>
    public static string Mask(string text, string? password = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        string masked = UserInfo().Replace(text, "://***@");
        return string.IsNullOrEmpty(password) ? masked : masked.Replace(password, "***", StringComparison.Ordinal);
    }

    // Up to the last @ before the next space or slash: a password may hold an @.
    [GeneratedRegex(@"://[^/\s]*@")]
    private static partial Regex UserInfo();
}
