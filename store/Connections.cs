using Dapper;
using Microsoft.Data.Sqlite;

namespace Pipeline.Store;

/// <summary>How this store's connections are made.</summary>
internal static class Connections
{
    /// <summary>A connection that writes: write-ahead log, so that readers never wait, and deleted content is overwritten.</summary>
    /// <param name="path">The database; made with mode 0600 when missing.</param>
    /// <param name="durable">True: a commit is on the disk when it returns. False: it may be lost with the power, never with the process.</param>
    internal static SqliteConnection OpenWriting(string path, bool durable)
    {
        if (!File.Exists(path))
        {
            Files.Create(path).Dispose(); // SQLite gives the log files the mode of the database
        }
        else if ((File.GetUnixFileMode(path) & ~Files.Private) != 0)
        {
            File.SetUnixFileMode(path, Files.Private);
        }

        SqliteConnection connection = Open(path, SqliteOpenMode.ReadWrite);
        string? journal = connection.ExecuteScalar<string>("PRAGMA journal_mode = WAL");
        if (journal != "wal")
        {
            connection.Dispose();
            throw new StoreException($"the store '{path}' lies on a file system without shared memory. Name a file on a local disk with --store.");
        }

        connection.Execute($"PRAGMA synchronous = {(durable ? "FULL" : "NORMAL")}; PRAGMA secure_delete = ON");
        return connection;
    }

    /// <summary>A connection that only reads, also while another process writes.</summary>
    /// <param name="path">The database; must exist.</param>
    internal static SqliteConnection OpenReadOnly(string path) => Open(path, SqliteOpenMode.ReadOnly);

    /// <summary>Does something in a transaction of its own, whole or not at all; what is thrown is the cause.</summary>
    /// <param name="connection">An open connection that may write.</param>
    /// <param name="work">What to do.</param>
    internal static void InTransaction(this SqliteConnection connection, Action<SqliteTransaction> work)
    {
        SqliteTransaction transaction = connection.BeginTransaction();
        try
        {
            work(transaction);
            transaction.Commit(); // which disposes it, too
        }
        catch
        {
            transaction.Abandon();
            throw;
        }
    }

    /// <summary>Ends what failed. On a full disk SQLite has rolled back by itself, and a second rollback must not hide the cause.</summary>
    /// <param name="failed">A transaction, or a connection that still has one.</param>
    internal static void Abandon(this IDisposable failed)
    {
        try
        {
            failed.Dispose();
        }
        catch (SqliteException)
        {
            // "cannot rollback - no transaction is active": nothing of it is in the database, and the file closes with the process
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        // Without pooling: a closed store leaves no file open behind.
        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            ForeignKeys = true,
        }.ToString());
        connection.Open();
        return connection;
    }
}
