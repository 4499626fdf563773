namespace Pipeline.Rendering.Assets;

/// <summary>The material on this machine: where it lies, and whether it is complete.</summary>
public sealed class AssetFolder
{
    // Part of the folder's name: another layout or another set of items is another folder.
    private const string Layout = "people-material-2";

    /// <summary>A folder of material.</summary>
    /// <param name="folder">The folder; it need not exist yet.</param>
    public AssetFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Folder = folder;
    }

    /// <summary>The folder in the user's cache that set-up and the generator share.</summary>
    public static AssetFolder Default { get; } = new(Path.Combine(CacheHome(), "reid-pipeline", Layout));

    /// <summary>Where it lies.</summary>
    public string Folder { get; }

    /// <summary>True when everything has been fetched and made ready.</summary>
    public bool IsReady => File.Exists(CompleteMark);

    /// <summary>The file written last.</summary>
    internal string CompleteMark => Path.Combine(Folder, ".complete");

    internal string BodyMesh => Path.Combine(Folder, "body.json");

    internal string Targets => Path.Combine(Folder, "targets.bin");

    internal string TargetNames => Path.Combine(Folder, "target-list.json");

    internal string Poses => Path.Combine(Folder, "poses.json");

    internal string Mesh(string item) => Path.Combine(Folder, "meshes", item + ".json");

    internal string Texture(string item) => Path.Combine(Folder, "textures", item + ".rgba");

    internal string Panoramas => Path.Combine(Folder, "panoramas");

    /// <summary>Throws when the material is not ready.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    internal void Require()
    {
        if (!IsReady)
        {
            throw new InvalidDataException(
                $"the material that people are made of is not at '{Folder}'. 'pipeline people material' fetches it (103 MB, once).");
        }
    }

    private static string CacheHome()
    {
        string? home = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        return string.IsNullOrEmpty(home) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache") : home;
    }
}
