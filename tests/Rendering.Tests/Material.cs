using Pipeline.Rendering;
using Pipeline.Rendering.Assets;

namespace Pipeline.Tests.Rendering;

/// <summary>The fetched material, or the test is skipped.</summary>
internal static class Material
{
    private static readonly Lazy<PeopleMaterial> _material = new(() => PeopleMaterial.Read(AssetFolder.Default));

    public static AssetFolder RequireFolder()
    {
        Skip.IfNot(AssetFolder.Default.IsReady, "needs the material that people are made of ('pipeline people material' fetches it), which is not here");
        return AssetFolder.Default;
    }

    /// <summary>In memory, read once for all tests.</summary>
    public static PeopleMaterial Require()
    {
        RequireFolder();
        return _material.Value;
    }
}
