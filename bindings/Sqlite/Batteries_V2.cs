using System.Reflection;
using System.Runtime.InteropServices;

namespace SQLitePCL;

/// <summary>Gives Microsoft.Data.Sqlite the system's libsqlite3 in place of the e_sqlite3 of the upstream bundle.</summary>
public static class Batteries_V2
{
    /// <summary>Called once by Microsoft.Data.Sqlite itself, before the first connection.</summary>
    public static void Init()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == "e_sqlite3" ? NativeLibrary.Load("libsqlite3.so.0") : 0;
}
