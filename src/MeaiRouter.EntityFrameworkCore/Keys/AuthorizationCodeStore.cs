using System.Data.Common;
using MeaiRouter.EntityFrameworkCore.Databases;
using MeaiRouter.EntityFrameworkCore.Schema;

namespace MeaiRouter.EntityFrameworkCore.Keys;

/// <summary>Keeps codes that are to be exchanged for keys in the database of the ledger, so that any gateway on it takes each of them, and only one does.</summary>
/// <remarks>Every method throws what the database throws when it cannot be reached. Tables are created by themselves.</remarks>
public sealed class AuthorizationCodeStore : IAsyncDisposable
{
    private readonly LedgerDatabase _database;

    /// <summary>Names the database; nothing is opened yet.</summary>
    /// <param name="connectionString"><c>Data Source=ledger.db</c> for SQLite, <c>Host=...;Database=...</c> for PostgreSQL.</param>
    /// <exception cref="ArgumentException">The string names no database.</exception>
    public AuthorizationCodeStore(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        _database = ConnectionStrings.Open(connectionString);
    }

    /// <summary>Adds a code, and forgets those whose time is over.</summary>
    /// <param name="code">The code.</param>
    /// <param name="now">The present.</param>
    /// <param name="most">How many codes there may be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether there was room for it.</returns>
    public Task<bool> AddAsync(StoredCode code, DateTimeOffset now, int most, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        return ChangeAsync(async transaction =>
        {
            await LedgerDatabase.ExecuteAsync(
                transaction, $"DELETE FROM {Tables.Codes} WHERE expires_at <= @now", cancellationToken, ("@now", now.ToUnixTimeMilliseconds())).ConfigureAwait(false);
            return await LedgerDatabase.ExecuteAsync(
                transaction,
                $"INSERT INTO {Tables.Codes} (digest, expires_at, document) SELECT @digest, @expires, CAST(@document AS {_database.Dialect.JsonType}) "
                    + $"WHERE (SELECT COUNT(*) FROM {Tables.Codes}) < @most",
                cancellationToken,
                ("@digest", code.Digest), ("@expires", code.ExpiresAt.ToUnixTimeMilliseconds()), ("@document", code.Document), ("@most", (long)most))
                .ConfigureAwait(false) == 1;
        }, cancellationToken);
    }

    /// <summary>Takes a code out for good. Of several who try at the same time one gets it.</summary>
    /// <param name="digest">Its digest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The code; <see langword="null"/> if there is none, or none any more.</returns>
    public Task<StoredCode?> TakeAsync(string digest, CancellationToken cancellationToken = default) => ChangeAsync(async transaction =>
    {
        var command = transaction.Connection!.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.Transaction = transaction;
            command.CommandText = $"DELETE FROM {Tables.Codes} WHERE digest = @digest RETURNING expires_at, document";
            LedgerDatabase.Parameter(command, "@digest", digest);
            var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                return await rows.ReadAsync(cancellationToken).ConfigureAwait(false)
                    ? new StoredCode(digest, DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(0)), rows.GetString(1))
                    : null;
            }
        }
    }, cancellationToken);

    /// <summary>Closes what is open.</summary>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task<T> ChangeAsync<T>(Func<DbTransaction, Task<T>> change, CancellationToken cancellationToken)
    {
        if (!_database.IsMigrated)
            await _database.MigrateAsync(cancellationToken).ConfigureAwait(false);
        var connection = await _database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var result = await change(transaction).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                return result;
            }
        }
    }
}
