namespace Pipeline.Store;

/// <summary>
/// <c>events.jsonl</c>: the events of one run, one a line, the bytes as published. It is only a view of the store: opening it writes it
/// anew from there, so that it is whole after any crash and after an erasure.
/// </summary>
public sealed class EventLog : IDisposable
{
    private readonly FileStream _file;

    private EventLog(FileStream file) => _file = file;

    /// <summary>Writes the run's events so far and keeps the file open for those to come.</summary>
    /// <param name="reader">The store.</param>
    /// <param name="runId">The run.</param>
    /// <param name="path">The file; replaced in one step. Mode 0600.</param>
    public static EventLog Open(StoreReader reader, Guid runId, string path)
    {
        Rewrite(reader, runId, path);
        return new EventLog(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read | FileShare.Delete));
    }

    /// <summary>Writes the file from the store, as after an erasure.</summary>
    /// <param name="reader">The store.</param>
    /// <param name="runId">The run.</param>
    /// <param name="path">The file; replaced in one step. Mode 0600.</param>
    public static void Rewrite(StoreReader reader, Guid runId, string path)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Files.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!); // a file always lies in a folder
        string draft = path + ".new";
        using (FileStream file = Files.Create(draft))
        {
            foreach (StoredEvent stored in reader.Events(runId: runId))
            {
                Write(file, stored);
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Adds events that were just committed; they are in the file when this returns.</summary>
    /// <param name="events">Events of this run, in order.</param>
    public void Append(IReadOnlyList<StoredEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        foreach (StoredEvent stored in events)
        {
            Write(_file, stored);
        }

        _file.Flush(); // to the system, not to the disk: what the power takes comes back from the store
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static void Write(FileStream file, StoredEvent stored)
    {
        file.Write(stored.Payload);
        file.WriteByte((byte)'\n');
    }
}
