using System.Data.Common;
using MeaiRouter.EntityFrameworkCore.Databases;
using MeaiRouter.EntityFrameworkCore.Schema;

namespace MeaiRouter.EntityFrameworkCore.Feedback;

/// <summary>Keeps what callers say of answers in the database of the ledger.</summary>
/// <remarks>Every method throws what the database throws when it cannot be reached. Tables are created by themselves.</remarks>
public sealed class FeedbackStore : IAsyncDisposable
{
    private readonly LedgerDatabase _database;

    /// <summary>Names the database; nothing is opened yet.</summary>
    /// <param name="connectionString"><c>Data Source=ledger.db</c> for SQLite, <c>Host=...;Database=...</c> for PostgreSQL.</param>
    /// <exception cref="ArgumentException">The string names no database.</exception>
    public FeedbackStore(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        _database = ConnectionStrings.Open(connectionString);
    }

    /// <summary>Adds to what was said.</summary>
    /// <param name="feedback">What is said.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AddAsync(GenerationFeedback feedback, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(feedback);

        var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                await LedgerDatabase.ExecuteAsync(
                    transaction,
                    $"INSERT INTO {Tables.Feedback} (id, generation_id, created_at, key_name, category, comment) VALUES (@id, @generation, @created, @key, @category, @comment)",
                    cancellationToken,
                    ("@id", Guid.CreateVersion7(feedback.CreatedAt).ToString("n")), ("@generation", feedback.GenerationId),
                    ("@created", feedback.CreatedAt.ToUnixTimeMilliseconds()), ("@key", feedback.Key ?? ""), ("@category", feedback.Category), ("@comment", feedback.Comment ?? ""))
                    .ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>All that was said of an answer, in order.</summary>
    /// <param name="generationId">The id of the answer's record.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<GenerationFeedback>> FindAsync(string generationId, CancellationToken cancellationToken = default)
    {
        var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var command = connection.CreateCommand();
            await using (command.ConfigureAwait(false))
            {
                command.CommandText = $"SELECT created_at, key_name, category, comment FROM {Tables.Feedback} WHERE generation_id = @generation ORDER BY created_at, id";
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = ("@generation", generationId);
                command.Parameters.Add(parameter);
                var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                await using (rows.ConfigureAwait(false))
                {
                    var said = new List<GenerationFeedback>();
                    while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                        said.Add(new(generationId, DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(0)), Text(rows, 1), rows.GetString(2), Text(rows, 3)));
                    return said;
                }
            }
        }
    }

    /// <summary>Closes what is open.</summary>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static string? Text(DbDataReader rows, int column) => rows.GetString(column) is { Length: > 0 } text ? text : null;

    private async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (!_database.IsMigrated)
            await _database.MigrateAsync(cancellationToken).ConfigureAwait(false);
        return await _database.OpenAsync(cancellationToken).ConfigureAwait(false);
    }
}
