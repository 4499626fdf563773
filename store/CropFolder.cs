using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Pipeline.Store;

/// <summary>The crops on disk, named by their content: <c>ab/ab12...ef.jpg</c>.</summary>
internal sealed partial class CropFolder
{
    private readonly string _folder;

    /// <param name="database">The database that the folder belongs to.</param>
    internal CropFolder(string database)
    {
        // Two stores in one folder must not take each other's crops for orphans.
        string name = Path.GetFileName(database);
        _folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(database))!, name == "identities.db" ? "crops" : name + ".crops");
    }

    /// <summary>The folder, absolute.</summary>
    internal string Folder => _folder;

    /// <summary>Where a crop lies, absolute.</summary>
    /// <param name="sha256">Its digest, 64 hex digits.</param>
    internal string PathOf(string sha256) => Path.Combine(_folder, sha256[..2], sha256 + ".jpg");

    /// <summary>The digest that names a crop.</summary>
    /// <param name="jpeg">Its bytes.</param>
    internal static string Digest(byte[] jpeg) => Convert.ToHexStringLower(SHA256.HashData(jpeg));

    /// <summary>Writes a crop and waits until the disk has it.</summary>
    /// <param name="sha256">Its digest.</param>
    /// <param name="jpeg">Its bytes.</param>
    /// <remarks>
    /// Under its final name at once: on ext4, xfs and btrfs the flush of a new file takes its name along, while a rename would need
    /// a flush of the folder. A file cut short by a crash is not in the database yet: it is swept at the next start or written anew.
    /// </remarks>
    internal void Write(string sha256, byte[] jpeg)
    {
        string path = PathOf(sha256);
        Files.CreateFolder(Path.GetDirectoryName(path)!);
        using FileStream file = Files.Create(path);
        file.Write(jpeg);
        file.Flush(flushToDisk: true);
    }

    /// <summary>The bytes of a crop; null when the file is gone.</summary>
    /// <param name="sha256">Its digest.</param>
    internal byte[]? Read(string sha256) => File.Exists(PathOf(sha256)) ? File.ReadAllBytes(PathOf(sha256)) : null;

    /// <summary>Deletes a crop; nothing happens when it is gone already.</summary>
    /// <param name="sha256">Its digest.</param>
    internal void Delete(string sha256)
    {
        if (Directory.Exists(Path.GetDirectoryName(PathOf(sha256))))
        {
            File.Delete(PathOf(sha256));
        }
    }

    /// <summary>Deletes the crops that no row names: left by a crash between the files and the commit. Files of other names stay.</summary>
    /// <param name="known">Whether the database names a digest.</param>
    /// <returns>How many were deleted.</returns>
    internal int Sweep(Func<string, bool> known)
    {
        int swept = 0;
        if (!Directory.Exists(_folder))
        {
            return swept;
        }

        foreach (string path in Directory.EnumerateFiles(_folder, "*.jpg", SearchOption.AllDirectories))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (CropName().IsMatch(name) && path == PathOf(name) && !known(name))
            {
                File.Delete(path);
                swept++;
            }
        }

        return swept;
    }

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex CropName();
}
