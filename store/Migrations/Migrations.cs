using System.Globalization;
using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Pipeline.Store;

/// <summary>Brings a database to the newest schema, one SQL file a version; each file is its own documentation.</summary>
internal static class Migrations
{
    /// <summary>"reid" in ASCII: tells our files from other people's databases.</summary>
    internal const int ApplicationId = 0x72656964;

    /// <summary>The scripts in order; script i makes version i + 1.</summary>
    internal static IReadOnlyList<string> Scripts { get; } = [.. Load()];

    /// <summary>Runs what is missing, each script in a transaction of its own.</summary>
    /// <param name="connection">An open connection that may write.</param>
    /// <param name="scripts">All scripts, in order.</param>
    /// <param name="path">For the messages.</param>
    /// <exception cref="InvalidDataException">The file is no identity store, or one of a newer schema.</exception>
    internal static void Apply(SqliteConnection connection, IReadOnlyList<string> scripts, string path)
    {
        long version = Check(connection, scripts.Count, path, empty: true);
        for (; version < scripts.Count; version++)
        {
            string stamp = string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version + 1}");
            connection.InTransaction(transaction =>
            {
                connection.Execute(scripts[(int)version], transaction: transaction);
                connection.Execute(stamp, transaction: transaction);
            });
        }
    }

    /// <summary>The schema version of the file; refuses what this program does not know.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="newest">The newest version known.</param>
    /// <param name="path">For the messages.</param>
    /// <param name="empty">Whether a file without any table is welcome.</param>
    /// <exception cref="InvalidDataException">The file is no identity store, or one of a newer schema.</exception>
    internal static long Check(SqliteConnection connection, int newest, string path, bool empty)
    {
        long version = connection.ExecuteScalar<long>("PRAGMA user_version");
        long application = connection.ExecuteScalar<long>("PRAGMA application_id");
        bool fresh = empty && version == 0 && connection.ExecuteScalar<long>("SELECT COUNT(*) FROM sqlite_master") == 0;
        if (!fresh && application != ApplicationId)
        {
            throw new InvalidDataException($"'{path}' is an SQLite database, but not an identity store. Name another file with --store.");
        }

        return version <= newest
            ? version
            : throw new InvalidDataException(
                $"'{path}' has schema {version}, made by a newer version of this program, which knows schemas up to {newest}. " +
                "Update the program, or name another file with --store.");
    }

    private static IEnumerable<string> Load()
    {
        Assembly assembly = typeof(Migrations).Assembly;
        foreach (string name in assembly.GetManifestResourceNames().Where(n => n.StartsWith("Migrations/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using StreamReader reader = new(assembly.GetManifestResourceStream(name)!); // the name is from the list
            yield return reader.ReadToEnd();
        }
    }
}
