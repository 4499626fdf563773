using Microsoft.Data.Sqlite;

namespace Pipeline.Store;

/// <summary>The store cannot be used: in use by another process, disk full, not readable. The message says which file and what to do.</summary>
/// <param name="message">What, where, remedy, in one line.</param>
/// <param name="inner">The cause.</param>
public sealed class StoreException(string message, Exception? inner = null) : IOException(message, inner)
{
    internal const int Full = 13; // SQLITE_FULL
    private const int NoSpace = 28; // ENOSPC
    private const int OverQuota = 122; // EDQUOT

    /// <summary>Turns what SQLite or the file system said while writing into words for the user; null when there is nothing to add.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="path">The database.</param>
    internal static StoreException? FromWriting(Exception error, string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!; // a file always lies in a folder
        return error switch
        {
            AggregateException { InnerException: { } first } => FromWriting(first, path), // crops are written side by side
            SqliteException { SqliteErrorCode: Full } or IOException { HResult: NoSpace or OverQuota } => new(
                $"cannot write to the store '{path}': the disk is full. Free space in '{folder}' (old runs, or a shorter retention.days), " +
                "then go on with --resume; nothing that was decided before is lost.", error),
            SqliteException sqlite => new(
                $"cannot write to the store '{path}': {sqlite.Message} Check the disk and its permissions, then go on with --resume; " +
                "nothing that was decided before is lost.", error),
            StoreException => null,
            IOException or UnauthorizedAccessException => new(
                $"cannot write to the store's folder '{folder}': {error.Message} Check the disk and its permissions, then go on with --resume; " +
                "nothing that was decided before is lost.", error),
            _ => null,
        };
    }
}
