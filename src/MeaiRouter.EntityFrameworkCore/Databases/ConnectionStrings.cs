using System.Data.Common;

namespace MeaiRouter.EntityFrameworkCore.Databases;

/// <summary>Tells by its connection string which database is meant.</summary>
internal static class ConnectionStrings
{
    /// <exception cref="ArgumentException">The string names neither a file nor a host.</exception>
    public static LedgerDatabase Open(string connectionString)
    {
        DbConnectionStringBuilder keys;
        try
        {
            keys = new DbConnectionStringBuilder { ConnectionString = connectionString };
        }
        catch (ArgumentException exception)
        {
            // The message must not quote the string: there may be a password in it.
            throw new ArgumentException("Ledger: this is no connection string. Write 'Data Source=ledger.db' for SQLite or 'Host=...;Database=...' for PostgreSQL.", nameof(connectionString), exception);
        }

        if (keys.ContainsKey("Host") || keys.ContainsKey("Server"))
            return new PostgresLedgerDatabase(connectionString);
        if (keys.ContainsKey("Data Source") || keys.ContainsKey("DataSource") || keys.ContainsKey("Filename"))
            return new SqliteLedgerDatabase(connectionString);
        throw new ArgumentException("Ledger: the connection string names no database. Write 'Data Source=ledger.db' for SQLite or 'Host=...;Database=...' for PostgreSQL.", nameof(connectionString));
    }
}
