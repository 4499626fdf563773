namespace Pipeline.Reid;

/// <summary>Writes files so that at every moment, whatever ends the program, a path holds the old contents or the new ones, whole.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside the path, waits until the disk has it, and puts it in place.</summary>
    /// <param name="path">The file; replaced as a whole.</param>
    /// <param name="write">Writes the contents.</param>
    /// <exception cref="IOException">It cannot be written, such as when the disk is full: what was there before is still there.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        string partial = $"{path}.{Environment.ProcessId}.partial"; // of its own, should two processes write the same file
        try
        {
            using (FileStream stream = File.Create(partial))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            TryDelete(partial);
            throw;
        }
    }

    private static void TryDelete(string path)
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
