namespace Pipeline.Store;

/// <summary>
/// <c>events.jsonl</c>: the events of one run, one a line, the bytes as published. It is only a view of the store: opening it writes it
/// anew from there, so that it is whole after any crash and after an erasure.
/// </summary>
public sealed class EventLog : IDisposable
{
    private readonly FileStream _file;
    private readonly string _path;

    private EventLog(FileStream file, string path)
    {
        _file = file;
        _path = path;
    }

    /// <summary>Writes the run's events so far and keeps the file open for those to come.</summary>
    /// <param name="reader">The store.</param>
    /// <param name="runId">The run.</param>
    /// <param name="path">The file; replaced in one step. Mode 0600.</param>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public static EventLog Open(StoreReader reader, Guid runId, string path)
    {
        Rewrite(reader, runId, path);
        return new EventLog(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0), path);
    }

    /// <summary>Writes the file from the store, as after an erasure.</summary>
    /// <param name="reader">The store.</param>
    /// <param name="runId">The run.</param>
    /// <param name="path">The file; replaced in one step. Mode 0600.</param>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public static void Rewrite(StoreReader reader, Guid runId, string path)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Try(path, () =>
        {
            Files.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!); // a file always lies in a folder
            string draft = path + ".new";
            using (FileStream file = Files.Create(draft))
            {
                WriteLines(file, reader.Events(runId: runId));
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
        });
    }

    /// <summary>Adds events that were just committed; they are in the file when this returns.</summary>
    /// <param name="events">Events of this run, in order.</param>
    /// <exception cref="StoreException">The file cannot be written.</exception>
    public void Append(IReadOnlyList<StoredEvent> events) => Try(_path, () =>
    {
        // One write for all, without a buffer: nothing is left to fail on closing. What the power takes comes back from the store.
        using MemoryStream lines = new();
        WriteLines(lines, events);
        _file.Write(lines.GetBuffer().AsSpan(0, (int)lines.Length));
    });

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static void WriteLines(Stream file, IEnumerable<StoredEvent> events)
    {
        foreach (StoredEvent stored in events)
        {
            file.Write(stored.Payload);
            file.WriteByte((byte)'\n');
        }
    }

    private static void Try(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                $"cannot write '{path}': {e.Message} Free space or correct its permissions, then go on with --resume; the events are safe in the store.", e);
        }
    }
}
