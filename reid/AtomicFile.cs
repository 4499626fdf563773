using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Reid;

/// <summary>Writes files so that at every moment, whatever ends the program, a path holds the old contents or the new ones, whole.</summary>
public static class AtomicFile
{
    private const string Ending = ".partial";

    /// <summary>Writes beside the path, waits until the disk has it, and puts it in place.</summary>
    /// <param name="path">The file; replaced as a whole.</param>
    /// <param name="write">Writes the contents.</param>
    /// <exception cref="IOException">It cannot be written, such as when the disk is full: what was there before is still there.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        string partial = $"{path}.{Environment.ProcessId}{Ending}"; // of its own, should two processes write the same file
        try
        {
            using (FileStream stream = File.Create(partial))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch (IOException e) when (IsFull(e))
        {
            TryDelete(partial);
            throw new IOException($"cannot write '{path}': the disk is full. Free space in '{Path.GetDirectoryName(Path.GetFullPath(path))}' and do it again; what was in the file before is as it was.", e);
        }
        catch
        {
            TryDelete(partial);
            throw;
        }
    }

    /// <summary>Removes what processes that were killed in the middle of writing left beside a path. Those that still run keep theirs.</summary>
    /// <param name="path">The file.</param>
    public static void RemoveLeftovers(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string name = Path.GetFileName(path);
        foreach (string partial in Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(path))!, $"{name}.*{Ending}"))
        {
            string process = Path.GetFileName(partial)[(name.Length + 1)..^Ending.Length];
            if (int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && !IsRunning(id))
            {
                TryDelete(partial);
            }
        }
    }

    /// <summary>Whether the disk is full.</summary>
    /// <param name="exception">What writing gave.</param>
    public static bool IsFull(IOException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        const int linux = 28; // ENOSPC
        const int windows = unchecked((int)0x80070070); // ERROR_DISK_FULL
        return exception.HResult is linux or windows;
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false; // .NET's way to say that there is none
        }
    }

    /// <summary>Deletes what a write that failed left, if it can be; what went wrong first is what the caller hears of.</summary>
    /// <param name="path">The file.</param>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What went wrong first is what the caller hears of.
        }
    }
}
