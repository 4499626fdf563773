using System.Text;

namespace Pipeline.Cli.Summary;

/// <summary>Files that tell who was where: only their owner may read them, and a reader never sees half a file.</summary>
internal static class PrivateFile
{
    /// <summary>Makes a folder, and those above it, with mode 0700.</summary>
    /// <param name="folder">The folder.</param>
    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Writes text (UTF-8) under a temporary name, with mode 0600, and renames it.</summary>
    public static void Write(string file, Action<TextWriter> write)
    {
        string half = file + ".part";
        using (StreamWriter writer = Create(half))
        {
            write(writer);
        }

        File.Move(half, file, overwrite: true);
    }

    /// <summary>Makes a text file (UTF-8) with mode 0600 in place of what was there, to be written bit by bit.</summary>
    /// <param name="file">The file.</param>
    public static StreamWriter Create(string file)
    {
        File.Delete(file);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new StreamWriter(file, new UTF8Encoding(false), options);
    }
}
