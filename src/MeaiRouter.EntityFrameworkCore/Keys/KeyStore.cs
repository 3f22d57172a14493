using System.Data.Common;
using MeaiRouter.EntityFrameworkCore.Databases;
using MeaiRouter.EntityFrameworkCore.Schema;

namespace MeaiRouter.EntityFrameworkCore.Keys;

/// <summary>Keeps the keys of a gateway, of one kind, in the database of its ledger.</summary>
/// <remarks>Every method throws what the database throws when it cannot be reached. Tables are created by themselves.</remarks>
public sealed class KeyStore : IAsyncDisposable
{
    private readonly LedgerDatabase _database;
    private readonly string _table;

    /// <summary>Names the database; nothing is opened yet.</summary>
    /// <param name="connectionString"><c>Data Source=ledger.db</c> for SQLite, <c>Host=...;Database=...</c> for PostgreSQL.</param>
    /// <param name="kind">Which keys. Default: those that callers present.</param>
    /// <exception cref="ArgumentException">The string names no database.</exception>
    public KeyStore(string connectionString, KeyKind kind = KeyKind.Gateway)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        _database = ConnectionStrings.Open(connectionString);
        _table = kind == KeyKind.Provider ? Tables.ProviderKeys : Tables.Keys;
    }

    private string Document => $"CAST(@document AS {_database.Dialect.JsonType})";

    /// <summary>All keys, by name.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<StoredKey>> ReadAsync(CancellationToken cancellationToken = default)
    {
        var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var command = connection.CreateCommand();
            await using (command.ConfigureAwait(false))
            {
                command.CommandText = $"SELECT hash, name, version, document FROM {_table} ORDER BY name";
                var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                await using (rows.ConfigureAwait(false))
                {
                    var keys = new List<StoredKey>();
                    while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                        keys.Add(new StoredKey(rows.GetString(0), rows.GetString(1), rows.GetInt64(2), rows.GetString(3)));
                    return keys;
                }
            }
        }
    }

    /// <summary>Adds a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was added; there may be one of its name or hash already.</returns>
    public Task<bool> AddAsync(StoredKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return ChangeAsync(
            $"INSERT INTO {_table} (hash, name, version, document) VALUES (@hash, @name, @version, {Document}) ON CONFLICT DO NOTHING",
            cancellationToken,
            ("@hash", key.Hash), ("@name", key.Name.ToLowerInvariant()), ("@version", key.Version), ("@document", key.Document));
    }

    /// <summary>Puts a key in the place of its previous version.</summary>
    /// <param name="key">The key, whose version is one more than that of the key it replaces.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was replaced; somebody else may have changed or deleted it.</returns>
    public Task<bool> ReplaceAsync(StoredKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return ChangeAsync(
            $"UPDATE {_table} SET version = @version, document = {Document} WHERE hash = @hash AND version = @version - 1",
            cancellationToken,
            ("@hash", key.Hash), ("@version", key.Version), ("@document", key.Document));
    }

    /// <summary>Deletes a key.</summary>
    /// <param name="hash">Its hash.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether there was one.</returns>
    public Task<bool> DeleteAsync(string hash, CancellationToken cancellationToken = default) =>
        ChangeAsync($"DELETE FROM {_table} WHERE hash = @hash", cancellationToken, ("@hash", hash));

    /// <summary>Closes what is open.</summary>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task<bool> ChangeAsync(string sql, CancellationToken cancellationToken, params (string, object)[] parameters)
    {
        var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var changed = await LedgerDatabase.ExecuteAsync(transaction, sql, cancellationToken, parameters).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                return changed == 1;
            }
        }
    }

    private async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (!_database.IsMigrated)
            await _database.MigrateAsync(cancellationToken).ConfigureAwait(false);
        return await _database.OpenAsync(cancellationToken).ConfigureAwait(false);
    }
}
