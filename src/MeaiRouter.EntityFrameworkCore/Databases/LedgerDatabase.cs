using System.Data;
using System.Data.Common;
using MeaiRouter.EntityFrameworkCore.Journal;
using MeaiRouter.EntityFrameworkCore.Schema;

namespace MeaiRouter.EntityFrameworkCore.Databases;

/// <summary>The database that records are projected to. Everything but bulk writing is the same SQL everywhere.</summary>
internal abstract class LedgerDatabase : IAsyncDisposable
{
    public abstract SqlDialect Dialect { get; }

    /// <summary>Whether this process has seen the schema up to date.</summary>
    public bool IsMigrated { get; private set; }

    /// <summary>Begins a transaction that reads one state of the database, whatever is written meanwhile.</summary>
    public abstract ValueTask<DbTransaction> BeginReadAsync(DbConnection connection, CancellationToken cancellationToken);

    public abstract Task<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Brings the schema up to date, once, also when several processes begin at the same time.</summary>
    /// <exception cref="NotSupportedException">The schema is newer than this version knows.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var transaction = await BeginExclusiveAsync(connection, cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                await ExecuteAsync(transaction, $"CREATE TABLE IF NOT EXISTS {Tables.Versions} (version bigint NOT NULL PRIMARY KEY)", cancellationToken).ConfigureAwait(false);
                var current = (long)(await ScalarAsync(transaction, $"SELECT COALESCE(MAX(version), 0) FROM {Tables.Versions}", cancellationToken).ConfigureAwait(false))!;

                var versions = SchemaVersions.All(Dialect);
                if (current > versions.Count)
                    throw new NotSupportedException($"The ledger's database has schema version {current}; this version of MeaiRouter knows {versions.Count}. Use the newer one, or another database.");

                for (var version = (int)current; version < versions.Count; version++)
                {
                    foreach (var statement in versions[version])
                        await ExecuteAsync(transaction, statement, cancellationToken).ConfigureAwait(false);
                    await ExecuteAsync(transaction, $"INSERT INTO {Tables.Versions} (version) VALUES ({version + 1})", cancellationToken).ConfigureAwait(false);
                }

                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                IsMigrated = true;
            }
        }
    }

    /// <summary>Asks for nothing in particular. A connection out of a pool alone would prove nothing.</summary>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var command = connection.CreateCommand();
            await using (command.ConfigureAwait(false))
            {
                command.CommandText = "SELECT 1";
                await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>How far a journal has been projected; <see langword="null"/> if nothing of it has.</summary>
    public async Task<JournalPosition?> PositionAsync(string journal, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await PositionAsync(connection, null, journal, cancellationToken).ConfigureAwait(false);
        }
    }

    public static async Task<JournalPosition?> PositionAsync(DbConnection connection, DbTransaction? transaction, string journal, CancellationToken cancellationToken)
    {
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.Transaction = transaction;
            command.CommandText = $"SELECT sequence, segment, byte_offset FROM {Tables.Positions} WHERE journal = @journal";
            Parameter(command, "@journal", journal);
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                return await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
                    ? new JournalPosition(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2))
                    : null;
            }
        }
    }

    /// <summary>Writes a batch and how far it goes, all or nothing.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellationToken">Gives up; the batch is then written or not, as its position says.</param>
    /// <exception cref="DBConcurrencyException">The position is not where the batch begins.</exception>
    public async Task ProjectAsync(ProjectionBatch batch, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var transaction = await BeginWriteAsync(connection, cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                await MoveAsync(transaction, batch, cancellationToken).ConfigureAwait(false);
                await WriteAsync(transaction, batch, cancellationToken).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Finds out whether the database takes the records of a batch, without leaving them there.</summary>
    public async Task TryAsync(ProjectionBatch batch, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var transaction = await BeginWriteAsync(connection, cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                await WriteAsync(transaction, batch, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether a batch failed for what a record holds, so that trying again is of no use.</summary>
    public virtual bool RefusesData(DbException exception) => false;

    public abstract ValueTask DisposeAsync();

    protected abstract ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Begins a transaction that no other migration runs beside.</summary>
    protected abstract ValueTask<DbTransaction> BeginExclusiveAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Writes the records that are not there yet, their attempts, and the rollups of exactly those.</summary>
    protected abstract Task WriteAsync(DbTransaction transaction, ProjectionBatch batch, CancellationToken cancellationToken);

    public static async Task<int> ExecuteAsync(DbTransaction transaction, string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        var command = transaction.Connection!.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.Transaction = transaction;
            command.CommandText = sql;
            foreach (var (name, value) in parameters)
                Parameter(command, name, value);
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public static void Parameter(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private static async Task<object?> ScalarAsync(DbTransaction transaction, string sql, CancellationToken cancellationToken)
    {
        var command = transaction.Connection!.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.Transaction = transaction;
            command.CommandText = sql;
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task MoveAsync(DbTransaction transaction, ProjectionBatch batch, CancellationToken cancellationToken)
    {
        (string, object)[] parameters =
        [
            ("@journal", batch.Journal), ("@sequence", batch.To.Sequence), ("@segment", batch.To.Segment), ("@offset", batch.To.Offset), ("@from", batch.Expected?.Sequence ?? 0),
        ];
        var moved = await ExecuteAsync(
            transaction,
            batch.Expected is null
                ? $"INSERT INTO {Tables.Positions} (journal, sequence, segment, byte_offset) VALUES (@journal, @sequence, @segment, @offset) ON CONFLICT (journal) DO NOTHING"
                : $"UPDATE {Tables.Positions} SET sequence = @sequence, segment = @segment, byte_offset = @offset WHERE journal = @journal AND sequence = @from",
            cancellationToken,
            batch.Expected is null ? parameters[..4] : parameters).ConfigureAwait(false);

        if (moved != 1)
            throw new DBConcurrencyException($"Somebody else projects the journal {batch.Journal}, or did so a moment ago.");
    }
}
