using System.Collections.Concurrent;

namespace Pipeline.Rendering.Clothing;

/// <summary>The body and everything that can be put on it, read when first asked for. Safe for several threads.</summary>
/// <param name="assets">The material.</param>
internal sealed class Wardrobe(AssetFolder assets)
{
    private readonly ConcurrentDictionary<string, Lazy<Wearable>> _items = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Texture>> _skins = new(StringComparer.Ordinal);

    /// <summary>The body.</summary>
    public BodyModel Body { get; } = new(assets);

    /// <summary>A garment, shoe, hat or hair.</summary>
    public Wearable this[string name] => _items.GetOrAdd(name, n => new Lazy<Wearable>(() => Read(n))).Value;

    /// <summary>A skin's texture.</summary>
    public Texture Skin(string name) => _skins.GetOrAdd(name, n => new Lazy<Texture>(() => Texture.Read(assets.Texture(n)))).Value;

    private Wearable Read(string name)
    {
        MeshFile mesh = MeshFile.Read(assets.Mesh(name));
        bool isShoe = AssetList.Shoes.Contains(name);
        return new Wearable(mesh, PieceTemplates.OfGarment(mesh, Body.Mesh, Body.Cloth, isShoe), Texture.Read(assets.Texture(name)));
    }

    /// <summary>A thing to wear.</summary>
    /// <param name="Mesh">Its file.</param>
    /// <param name="Template">Its piece, to be fitted.</param>
    /// <param name="Texture">Its texture.</param>
    internal sealed record Wearable(MeshFile Mesh, Piece Template, Texture Texture);
}
