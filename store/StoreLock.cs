using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Pipeline.Store;

/// <summary>
/// One process writes a store at a time. The lock is the operating system's on the file <c>NAME.lock</c>, so it ends with its process,
/// however that dies; the file itself stays. Readers do not need it.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private const int WouldBlock = 11; // EWOULDBLOCK
    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a database.</summary>
    /// <param name="database">The database's path.</param>
    /// <exception cref="StoreException">Another process has it; the message names its id.</exception>
    internal static StoreLock Take(string database)
    {
        try
        {
            return new StoreLock(new FileStream(database + ".lock", new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = Files.Private,
            }));
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            throw new StoreException(
                $"the store '{database}' is in use by {Owner(database)}. Wait for it, stop it, or name another file with --store.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>The lock file cannot be read while it is locked, so the owner's id is in the database, where readers are welcome.</summary>
    private static string Owner(string database)
    {
        try
        {
            using SqliteConnection connection = Connections.OpenReadOnly(database);
            string? writer = connection.ExecuteScalar<string>("SELECT value FROM meta WHERE key = 'writer'");
            return int.TryParse(writer, CultureInfo.InvariantCulture, out int pid) ? $"process {pid}" : "another process";
        }
        catch (SqliteException)
        {
            return "another process"; // it is just making the database
        }
    }
}
