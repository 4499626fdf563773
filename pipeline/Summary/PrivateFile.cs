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
        File.Delete(half);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (StreamWriter writer = new(half, new UTF8Encoding(false), options))
        {
            write(writer);
        }

        File.Move(half, file, overwrite: true);
    }
}
