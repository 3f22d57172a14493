using System.Data;
using System.Data.Common;
using System.Text;
using MeaiRouter.EntityFrameworkCore.Schema;
using Npgsql;
using NpgsqlTypes;

namespace MeaiRouter.EntityFrameworkCore.Databases;

/// <summary>PostgreSQL: each table of a batch in one statement, its columns as arrays.</summary>
internal sealed class PostgresLedgerDatabase(string connectionString) : LedgerDatabase
{
    // Any number will do, as long as all who migrate take the same: the first eight letters of "meairouter".
    private const long MigrationLock = 0x6D65616972_6F7574;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);

    public override SqlDialect Dialect => SqlDialect.Postgres;

    public override ValueTask<DbTransaction> BeginReadAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken) =>
        await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    protected override ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(cancellationToken);

    protected override async ValueTask<DbTransaction> BeginExclusiveAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(transaction, $"SELECT pg_advisory_xact_lock({MigrationLock})", cancellationToken).ConfigureAwait(false);
        return transaction;
    }

    protected override async Task WriteAsync(DbTransaction transaction, ProjectionBatch batch, CancellationToken cancellationToken)
    {
        var added = await InsertRequestsAsync(transaction, [.. batch.Readable.DistinctBy(row => row.Record!.Id)], cancellationToken).ConfigureAwait(false);

        var attempts = new List<AttemptRow>();
        var rollups = new Rollups();
        foreach (var record in added)
        {
            attempts.AddRange(record.Attempts.Select((attempt, number) => new AttemptRow(record.Id, number, attempt)));
            rollups.Add(record);
        }

        await InsertAsync(transaction, Tables.Attempts, Tables.AttemptColumns, attempts, "", cancellationToken).ConfigureAwait(false);
        await InsertAsync(transaction, Tables.Rollups, Tables.RollupColumns, rollups.Sorted, Tables.RollupConflict, cancellationToken).ConfigureAwait(false);

        foreach (var row in batch.Unreadable)
        {
            await ExecuteAsync(
                transaction,
                $"INSERT INTO {Tables.Unreadable} (journal, sequence, payload, error) VALUES (@journal, @sequence, @payload, @error) ON CONFLICT (journal, sequence) DO NOTHING",
                cancellationToken,
                ("@journal", batch.Journal), ("@sequence", row.Sequence), ("@payload", row.Json), ("@error", row.Error!)).ConfigureAwait(false);
        }
    }

    // Classes 22, 23 and 54: values the database does not take, whatever is done.
    public override bool RefusesData(DbException exception) => exception.SqlState is ['2', '2' or '3', ..] or ['5', '4', ..];

    private static async Task<List<Costs.GenerationRecord>> InsertRequestsAsync(
        DbTransaction transaction, List<ProjectedRecord> rows, CancellationToken cancellationToken)
    {
        var byId = rows.ToDictionary(row => row.Record!.Id, row => row.Record!);
        var added = new List<Costs.GenerationRecord>(rows.Count);
        if (rows.Count == 0)
            return added;

        var command = Command(transaction, Tables.Requests, Tables.RequestColumns, rows, "ON CONFLICT (id) DO NOTHING RETURNING id");
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    added.Add(byId[reader.GetString(0)]);
            }
        }

        return added;
    }

    private static async Task InsertAsync<TRow>(
        DbTransaction transaction, string table, IReadOnlyList<Column<TRow>> columns, IReadOnlyList<TRow> rows, string conflict, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
            return;

        var command = Command(transaction, table, columns, rows, conflict);
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static NpgsqlCommand Command<TRow>(
        DbTransaction transaction, string table, IReadOnlyList<Column<TRow>> columns, IReadOnlyList<TRow> rows, string conflict)
    {
        var command = ((NpgsqlTransaction)transaction).Connection!.CreateCommand();
        command.Transaction = (NpgsqlTransaction)transaction;
        command.CommandText =
            $"INSERT INTO {table} ({columns.Names()}) SELECT * FROM unnest({string.Join(", ", columns.Select((_, index) => "$" + (index + 1)))}) {conflict}";

        foreach (var column in columns)
        {
            command.Parameters.Add(column switch
            {
                { Integer: { } integer } => Parameter(rows, integer, NpgsqlDbType.Bigint),
                { Text: { } text } => Parameter(rows, text, NpgsqlDbType.Text),
                _ => Parameter(rows, row => Encoding.UTF8.GetString(column.Json!(row)), NpgsqlDbType.Jsonb),
            });
        }

        return command;
    }

    private static NpgsqlParameter Parameter<TRow, TValue>(IReadOnlyList<TRow> rows, Func<TRow, TValue> value, NpgsqlDbType type) =>
        new() { Value = rows.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
