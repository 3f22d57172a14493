using System.Data.Common;

namespace MeaiRouter.EntityFrameworkCore.Databases;

/// <summary>Tells by its connection string which database is meant.</summary>
internal static class ConnectionStrings
{
    private const string Remedy = "Write 'Data Source=ledger.db' for SQLite or 'Host=...;Database=...' for PostgreSQL.";

    /// <exception cref="ArgumentException">The string names neither a file nor a host.</exception>
    public static LedgerDatabase Open(string connectionString) => IsPostgres(connectionString)
        ? new PostgresLedgerDatabase(connectionString)
        : new SqliteLedgerDatabase(connectionString);

    /// <summary>Whether the string names a host rather than a file.</summary>
    /// <exception cref="ArgumentException">It names neither.</exception>
    public static bool IsPostgres(string connectionString)
    {
        DbConnectionStringBuilder keys;
        try
        {
            keys = new DbConnectionStringBuilder { ConnectionString = connectionString };
        }
        catch (ArgumentException exception)
        {
            // The message must not quote the string: there may be a password in it.
            throw new ArgumentException($"Ledger: this is no connection string. {Remedy}", nameof(connectionString), exception);
        }

        if (keys.ContainsKey("Host") || keys.ContainsKey("Server"))
            return true;
        if (keys.ContainsKey("Data Source") || keys.ContainsKey("DataSource") || keys.ContainsKey("Filename"))
            return false;
        throw new ArgumentException($"Ledger: the connection string names no database. {Remedy}", nameof(connectionString));
    }
}
