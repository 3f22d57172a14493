using System.Data.Common;
using MeaiRouter.EntityFrameworkCore.Databases;
using MeaiRouter.EntityFrameworkCore.Schema;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.EntityFrameworkCore.Projection;

/// <summary>Deletes what is older than it need be, in transactions so short that nobody waits for them.</summary>
internal sealed class LedgerRetention(LedgerDatabase database, LedgerOptions options, TimeProvider time, ILogger logger)
{
    public const int ChunkRows = 1_000;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
                try
                {
                    await SweepAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (DbException exception)
                {
                    ProjectionLog.RetentionFailed(logger, exception);
                }
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <summary>Deletes everything that is due.</summary>
    /// <returns>How many transactions it took.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var chunks = 0;
        foreach (var (keep, delete) in ((TimeSpan?, Func<long, CancellationToken, Task<int>>)[])
                 [(options.KeepRecords, DeleteRecordsAsync), (options.KeepHours, DeleteHoursAsync), (options.KeepDays, DeleteDaysAsync)])
        {
            if (keep is not { } age)
                continue;

            var before = (time.GetUtcNow() - age).ToUnixTimeMilliseconds();
            int deleted;
            do
            {
                deleted = await delete(before, cancellationToken).ConfigureAwait(false);
                chunks += deleted > 0 ? 1 : 0;
            }
            while (deleted == ChunkRows);
        }

        return chunks;
    }

    private async Task<int> DeleteRecordsAsync(long before, CancellationToken cancellationToken)
    {
        const string Chunk = $"(SELECT id FROM {Tables.Requests} WHERE created_at < @before ORDER BY created_at, id LIMIT @rows)";
        return await InTransactionAsync(
            async transaction =>
            {
                await LedgerDatabase.ExecuteAsync(
                    transaction, $"DELETE FROM {Tables.Attempts} WHERE request_id IN {Chunk}", cancellationToken, ("@before", before), ("@rows", ChunkRows)).ConfigureAwait(false);
                return await LedgerDatabase.ExecuteAsync(
                    transaction, $"DELETE FROM {Tables.Requests} WHERE id IN {Chunk}", cancellationToken, ("@before", before), ("@rows", ChunkRows)).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private Task<int> DeleteHoursAsync(long before, CancellationToken cancellationToken) => DeleteRollupsAsync(RollupKey.Hour, before, cancellationToken);

    private Task<int> DeleteDaysAsync(long before, CancellationToken cancellationToken) => DeleteRollupsAsync(RollupKey.Day, before, cancellationToken);

    private async Task<int> DeleteRollupsAsync(long seconds, long before, CancellationToken cancellationToken)
    {
        // A row goes when its whole time has passed.
        var key = string.Join(", ", Tables.RollupKeyColumns);
        return await InTransactionAsync(
            transaction => LedgerDatabase.ExecuteAsync(
                transaction,
                $"DELETE FROM {Tables.Rollups} WHERE ({key}) IN (SELECT {key} FROM {Tables.Rollups} WHERE seconds = @seconds AND started_at <= @before - @seconds * 1000 ORDER BY started_at LIMIT @rows)",
                cancellationToken,
                ("@seconds", seconds), ("@before", before), ("@rows", ChunkRows)),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> InTransactionAsync(Func<DbTransaction, Task<int>> work, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var result = await work(transaction).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                return result;
            }
        }
    }
}
