using System.Reflection;

namespace Pipeline.Store;

/// <summary>The JSON Schemas (draft 2020-12) of the messages of mqtt.md 3 to 7, for whoever checks or documents them.</summary>
public static class MessageSchemas
{
    private const string Folder = "Schemas/";
    private const string Ending = ".schema.json";

    /// <summary><c>camera-status</c>, <c>erasure</c>, <c>event</c>, <c>identity</c>, <c>stats</c>, <c>status</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(MessageSchemas).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => name[Folder.Length..^Ending.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A schema's text.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">There is no such schema.</exception>
    public static string Read(string name)
    {
        Assembly assembly = typeof(MessageSchemas).Assembly;
        using Stream stream = assembly.GetManifestResourceStream(Folder + name + Ending)
            ?? throw new ArgumentException($"no schema '{name}'; there are {string.Join(", ", Names)}", nameof(name));
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
