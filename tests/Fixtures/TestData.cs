using System.Runtime.CompilerServices;

namespace Pipeline.Tests;

/// <summary>Where tests find their data: golden files in the checkout, large material beside it.</summary>
public static class TestData
{
    /// <summary>The checkout's root.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    /// <summary>A file of tests/golden; it must exist.</summary>
    public static string Golden(params string[] parts) => Path.Combine([Root, "tests", "golden", .. parts]);

    /// <summary>A file or folder of ../shared, the material too large for the checkout. Skips the test where it is absent.</summary>
    public static string Shared(params string[] parts)
    {
        string path = Path.GetFullPath(Path.Combine([Root, "..", "shared", .. parts]));
        Skip.IfNot(Path.Exists(path), $"needs {Path.Combine(["../shared", .. parts])}, which is not here");
        return path;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
