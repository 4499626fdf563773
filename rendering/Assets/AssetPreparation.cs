using System.Formats.Tar;
using System.IO.Compression;

namespace Pipeline.Rendering.Assets;

/// <summary>
/// Fetches the packages and makes them ready: meshes as they are, textures small and raw, panoramas decoded. Once for a machine.
/// </summary>
/// <remarks>
/// OpenCV decodes OpenEXR only where the process was started with <see cref="ExrVariable"/>=1. Setting the variable from within does not
/// reach native code, so the command runs itself again with it.
/// </remarks>
public static class AssetPreparation
{
    /// <summary>The environment variable that must be "1" when the process starts.</summary>
    public const string ExrVariable = "OPENCV_IO_ENABLE_OPENEXR";

    /// <summary>Fetches and prepares, unless it is ready. Takes about half a minute.</summary>
    /// <param name="folder">Where to; filled beside it and moved into place when complete.</param>
    /// <param name="say">Receives what is done, a sentence at a time.</param>
    /// <param name="cancellationToken">Stops; nothing is left behind.</param>
    /// <exception cref="InvalidDataException">A package cannot be had or is not what it should be.</exception>
    public static async Task PrepareAsync(AssetFolder folder, Action<string> say, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(say);
        if (folder.IsReady)
        {
            return;
        }

        string work = $"{folder.Folder}.part-{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(work);
            AssetFolder part = new(work);
            await TakePeopleAsync(part, work, say, cancellationToken);
            await TakePlacesAsync(part, work, say, cancellationToken);
            await File.WriteAllTextAsync(part.CompleteMark, $"{AssetPackage.People.Specification}\n{AssetPackage.Places.Specification}\n", cancellationToken);
            if (!folder.IsReady)
            {
                DeleteFolder(folder.Folder);
                Directory.Move(work, folder.Folder);
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InvalidDataException($"'{work}': cannot be written: {e.Message} Check owner and mode, or name another cache with XDG_CACHE_HOME.", e);
        }
        finally
        {
            DeleteFolder(work);
        }
    }

    private static async Task TakePeopleAsync(AssetFolder part, string work, Action<string> say, CancellationToken cancellationToken)
    {
        string unpacked = await UnpackAsync(AssetPackage.People, work, say, cancellationToken);
        string data = Path.Combine(unpacked, "public", "data"), lists = Path.Combine(unpacked, "src", "json");
        Take(Path.Combine(data, "models", "human_full_size.json"), part.BodyMesh);
        Take(Path.Combine(data, "targets", "targets.bin"), part.Targets);
        Take(Path.Combine(lists, "targets", "target-list.json"), part.TargetNames);
        Take(Path.Combine(lists, "poses", "poses.json"), part.Poses);
        say("making textures ready");
        foreach ((string kind, string item) in AssetList.Clothes.Select(i => ("clothes", i)).Concat(AssetList.Hair.Select(i => ("hair", i))))
        {
            cancellationToken.ThrowIfCancellationRequested();
            string home = Path.Combine(data, "proxies", kind, item);
            Take(Path.Combine(home, item + ".json"), part.Mesh(item));
            TextureBaking.Bake(Path.Combine(home, TextureBaking.DiffuseMap(part.Mesh(item))), part.Texture(item), 256);
        }

        foreach (string skin in AssetList.Skins)
        {
            string textures = Path.Combine(data, "skins", skin, "textures");
            string diffuse = Directory.EnumerateFiles(textures, "*diffuse*.png").Order(StringComparer.Ordinal).First();
            TextureBaking.Bake(diffuse, part.Texture(skin), 512);
        }

        DeleteFolder(unpacked);
    }

    private static async Task TakePlacesAsync(AssetFolder part, string work, Action<string> say, CancellationToken cancellationToken)
    {
        string unpacked = await UnpackAsync(AssetPackage.Places, work, say, cancellationToken);
        say("decoding panoramas");
        Directory.CreateDirectory(part.Panoramas);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(unpacked, "hdri"), "*.exr.js").Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            string name = Path.GetFileName(file)[..^".exr.js".Length];
            PanoramaBaking.Bake(file, Path.Combine(part.Panoramas, name + ".pano"));
        }

        DeleteFolder(unpacked);
    }

    private static async Task<string> UnpackAsync(AssetPackage package, string work, Action<string> say, CancellationToken cancellationToken)
    {
        say($"fetching {package.Specification} ({package.Megabytes} MB)");
        string packed = await PackageFetcher.FetchAsync(package, work, cancellationToken), unpacked = Path.Combine(work, "unpacked");
        Directory.CreateDirectory(unpacked);
        await using (FileStream stream = File.OpenRead(packed))
        await using (GZipStream content = new(stream, CompressionMode.Decompress))
        {
            await TarFile.ExtractToDirectoryAsync(content, unpacked, overwriteFiles: false, cancellationToken); // refuses paths that lead outside
        }

        File.Delete(packed);
        return Path.Combine(unpacked, "package");
    }

    private static void Take(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Move(from, to);
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
