namespace Pipeline.Store;

/// <summary>Crops and vectors are personal data: files are for their owner only.</summary>
internal static class Files
{
    /// <summary>Mode of files, 0600.</summary>
    internal const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Mode of folders, 0700.</summary>
    internal const UnixFileMode PrivateFolder = Private | UnixFileMode.UserExecute;

    /// <summary>Makes a folder and its missing parents with mode 0700; one that exists is left as it is.</summary>
    /// <param name="folder">The folder.</param>
    internal static void CreateFolder(string folder)
    {
        // Directory.CreateDirectory gives the mode to the last folder only.
        if (Path.GetDirectoryName(folder) is { Length: > 0 } parent && !Directory.Exists(parent))
        {
            CreateFolder(parent);
        }

        Directory.CreateDirectory(folder, PrivateFolder);
    }

    /// <summary>Opens a file for writing from its start, mode 0600.</summary>
    /// <param name="path">The file.</param>
    internal static FileStream Create(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Create,
        Access = FileAccess.Write,
        Share = FileShare.Read,
        UnixCreateMode = Private,
    });
}
