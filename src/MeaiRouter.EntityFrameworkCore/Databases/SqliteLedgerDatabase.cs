using System.Data.Common;
using MeaiRouter.EntityFrameworkCore.Schema;
using Microsoft.Data.Sqlite;

namespace MeaiRouter.EntityFrameworkCore.Databases;

/// <summary>SQLite: one row after the other through prepared statements, which is how it is fastest.</summary>
internal sealed class SqliteLedgerDatabase : LedgerDatabase
{
    private readonly string _connectionString;

    static SqliteLedgerDatabase() => SQLitePCL.Batteries_V2.Init();

    public SqliteLedgerDatabase(string connectionString)
    {
        var builder = new SqliteConnectionStringBuilder(connectionString);
        if (builder.Mode == SqliteOpenMode.Memory || builder.DataSource is "" or ":memory:")
            throw new ArgumentException("Ledger: a database in memory cannot keep a ledger. Name a file, as in 'Data Source=ledger.db', or leave the ledger out.", nameof(connectionString));

        Path = System.IO.Path.GetFullPath(builder.DataSource);
        builder.DataSource = Path;
        _connectionString = builder.ConnectionString;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    public override SqlDialect Dialect => SqlDialect.Sqlite;

    // Deferred: a transaction that only reads must not wait for one that writes.
    public override ValueTask<DbTransaction> BeginReadAsync(DbConnection connection, CancellationToken cancellationToken) =>
        new(((SqliteConnection)connection).BeginTransaction(deferred: true));

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);

            // Each page that a batch touches is several system calls: large ones (of a new database; one that is there keeps its own) make a quarter of them, and
            // the cache, in KiB, holds those of a batch, so that none is written twice.
            // FULL: a batch is on the device before the journal may forget it. WAL: reports read while batches are written.
            using var pragmas = connection.CreateCommand();
            pragmas.CommandText = "PRAGMA page_size = 16384; PRAGMA cache_size = -8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000;";
            await pragmas.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override ValueTask DisposeAsync()
    {
        // Pooled connections would keep the file open.
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken) =>
        new(((SqliteConnection)connection).BeginTransaction(deferred: false));

    protected override ValueTask<DbTransaction> BeginExclusiveAsync(DbConnection connection, CancellationToken cancellationToken) =>
        BeginWriteAsync(connection, cancellationToken);

    // SQLite's calls are synchronous whatever they are called; the projector is the only one who waits.
    protected override Task WriteAsync(DbTransaction transaction, ProjectionBatch batch, CancellationToken cancellationToken)
    {
        var rollups = new Rollups();
        using (var insertRequest = new SqliteInsert<ProjectedRecord>(transaction, Tables.Requests, Tables.RequestColumns, "ON CONFLICT (id) DO NOTHING"))
        using (var insertAttempt = new SqliteInsert<AttemptRow>(transaction, Tables.Attempts, Tables.AttemptColumns, ""))
        {
            foreach (var row in batch.Readable)
            {
                if (insertRequest.Execute(row) == 0)
                    continue;

                var record = row.Record!;
                for (var number = 0; number < record.Attempts.Count; number++)
                    insertAttempt.Execute(new AttemptRow(record.Id, number, record.Attempts[number]));
                rollups.Add(record);
            }
        }

        using (var insertRollup = new SqliteInsert<Rollup>(transaction, Tables.Rollups, Tables.RollupColumns, Tables.RollupConflict))
        {
            foreach (var row in rollups.Sorted)
                insertRollup.Execute(row);
        }

        foreach (var row in batch.Unreadable)
        {
            using var insert = new SqliteInsert<ProjectedRecord>(transaction, Tables.Unreadable, UnreadableColumns(batch.Journal), "ON CONFLICT (journal, sequence) DO NOTHING");
            insert.Execute(row);
        }

        return Task.CompletedTask;
    }

    private static Column<ProjectedRecord>[] UnreadableColumns(string journal) =>
    [
        new("journal") { Text = _ => journal },
        new("sequence") { Integer = row => row.Sequence },
        new("payload") { Text = row => row.Json },
        new("error") { Text = row => row.Error },
    ];
}
