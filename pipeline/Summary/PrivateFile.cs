using System.Text;
using Pipeline.Reid;

namespace Pipeline.Cli.Summary;

/// <summary>Files that tell who was where: only their owner may read them, and a reader never sees half a file.</summary>
internal static class PrivateFile
{
    /// <summary>Makes a folder, and those above it, with mode 0700.</summary>
    /// <param name="folder">The folder, as <c>--output</c> names it or one in it.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void CreateFolder(string folder)
    {
        try
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"the folder '{folder}' cannot be made: {e.Message} Name another place with --output.", e);
        }
    }

    /// <summary>Writes text (UTF-8) under a temporary name, with mode 0600, and renames it once the disk has it: whatever ends the program, what was there before is whole.</summary>
    public static void Write(string file, Action<TextWriter> write)
    {
        string half = file + ".part"; // one name, so that what a killed run leaves is replaced by the next
        try
        {
            using (StreamWriter writer = Create(half))
            {
                write(writer);
                writer.Flush();
                ((FileStream)writer.BaseStream).Flush(flushToDisk: true);
            }

            File.Move(half, file, overwrite: true);
        }
        catch
        {
            AtomicFile.TryDelete(half);
            throw;
        }
    }

    /// <summary>Makes a text file (UTF-8) with mode 0600 in place of what was there, to be written bit by bit.</summary>
    /// <param name="file">The file.</param>
    public static StreamWriter Create(string file)
    {
        File.Delete(file);
        return Open(file, FileMode.CreateNew);
    }

    /// <summary>Goes on with a text file (UTF-8) that <see cref="Create"/> or <see cref="Write"/> made.</summary>
    /// <param name="file">The file.</param>
    public static StreamWriter Append(string file) => Open(file, FileMode.Append);

    private static StreamWriter Open(string file, FileMode mode)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new StreamWriter(file, new UTF8Encoding(false), options);
    }
}
