namespace Pipeline.Rendering;

/// <summary>What people and places are made of, in memory (about 250 MB). Several generators may share it.</summary>
public sealed class PeopleMaterial
{
    private PeopleMaterial(AssetFolder assets)
    {
        Wardrobe = new Wardrobe(assets);
        Panoramas = Panorama.ReadAll(assets);
    }

    internal Wardrobe Wardrobe { get; }

    internal IReadOnlyList<Panorama> Panoramas { get; }

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">It has not been fetched.</exception>
    public static PeopleMaterial Read(AssetFolder assets)
    {
        ArgumentNullException.ThrowIfNull(assets);
        assets.Require();
        return new PeopleMaterial(assets);
    }
}
