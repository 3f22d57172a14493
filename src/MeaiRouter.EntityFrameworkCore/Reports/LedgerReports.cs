using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using MeaiRouter.Costs;
using MeaiRouter.Costs.Reports;
using MeaiRouter.EntityFrameworkCore.Databases;
using MeaiRouter.EntityFrameworkCore.Journal;
using MeaiRouter.EntityFrameworkCore.Schema;

namespace MeaiRouter.EntityFrameworkCore.Reports;

/// <summary>Reports from the database and, behind its position, from the journal: a record counts from the moment it is acknowledged.</summary>
internal sealed class LedgerReports(LedgerJournal journal, LedgerDatabase database) : ILedgerReports
{
    // A second or so of reading. Further behind, the database is down, and a report says what is missing in it.
    internal const int MostPending = 100_000;

    public async Task<UsageReport> SummarizeAsync(UsageQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);

        while (true)
        {
            var rows = new RollupQuery(query);
            var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                var transaction = await database.BeginReadAsync(connection, cancellationToken).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    await rows.AddDatabaseAsync(transaction, cancellationToken).ConfigureAwait(false);
                    try
                    {
                        var pending = AddPending(rows, await PositionAsync(transaction, cancellationToken).ConfigureAwait(false));
                        return new UsageReport(rows.Rows(), pending);
                    }
                    catch (FileNotFoundException)
                    {
                        // The database has caught up with a file in the meantime, and the file is gone.
                    }
                }
            }
        }
    }

    public async Task<GenerationRecord?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);

        JournalPosition? position;
        try
        {
            var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                // The position first: what is taken over after it was read is found in either place.
                position = await LedgerDatabase.PositionAsync(connection, null, journal.Id, cancellationToken).ConfigureAwait(false);
                var command = connection.CreateCommand();
                await using (command.ConfigureAwait(false))
                {
                    command.CommandText = $"SELECT record FROM {Tables.Requests} WHERE id = @id";
                    LedgerDatabase.Parameter(command, "@id", id);
                    if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is string json)
                        return RecordJson.Read(Encoding.UTF8.GetBytes(json));
                }
            }
        }
        catch (DbException)
        {
            // The journal still answers for what the database has not taken over.
            if (Scan(journal.Start, id) is { } found)
                return found;
            throw;
        }

        return Scan(Resume(position), id);
    }

    public async IAsyncEnumerable<GenerationRecord> RecordsAsync(UsageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);

        var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var transaction = await database.BeginReadAsync(connection, cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var position = await PositionAsync(transaction, cancellationToken).ConfigureAwait(false);

                // Opened before the rows are read, so that the file stays readable however long that takes.
                using var reader = new JournalReader(journal.Segments, position);
                var end = journal.End;
                var hasNext = reader.TryRead(end, out var payload);

                var command = connection.CreateCommand();
                await using (command.ConfigureAwait(false))
                {
                    command.Transaction = transaction;
                    command.CommandText = $"SELECT record FROM {Tables.Requests} WHERE created_at >= @from AND created_at < @to ORDER BY created_at, id";
                    LedgerDatabase.Parameter(command, "@from", query.From?.ToUnixTimeMilliseconds() ?? long.MinValue);
                    LedgerDatabase.Parameter(command, "@to", query.To?.ToUnixTimeMilliseconds() ?? long.MaxValue);
                    var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                    await using (rows.ConfigureAwait(false))
                    {
                        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                        {
                            if (RecordJson.Read(Encoding.UTF8.GetBytes(rows.GetString(0))) is { } record && RecordFilter.Fits(record, query))
                                yield return record;
                        }
                    }
                }

                for (; hasNext; hasNext = reader.TryRead(end, out payload))
                {
                    if (ProjectedRecord.Read(0, payload.Span).Record is { } record && RecordFilter.Fits(record, query))
                        yield return record;
                }
            }
        }
    }

    private async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        // The first report may come before the projector has made the tables.
        if (!database.IsMigrated)
            await database.MigrateAsync(cancellationToken).ConfigureAwait(false);
        return await database.OpenAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<JournalPosition> PositionAsync(DbTransaction transaction, CancellationToken cancellationToken) =>
        Resume(await LedgerDatabase.PositionAsync(transaction.Connection!, transaction, journal.Id, cancellationToken).ConfigureAwait(false));

    private JournalPosition Resume(JournalPosition? stored) => stored is { } position && journal.Segments.Find(position) is { } found ? found : journal.Start;

    // What the database has not got, unless it is too much; how much was left out.
    private long AddPending(RollupQuery rows, JournalPosition position)
    {
        var end = journal.End;
        if (end.Sequence - position.Sequence > MostPending)
            return end.Sequence - position.Sequence;

        using var reader = new JournalReader(journal.Segments, position);
        while (reader.TryRead(end, out var payload))
        {
            if (ProjectedRecord.Read(0, payload.Span).Record is { } record)
                rows.Add(record);
        }

        return 0;
    }

    private GenerationRecord? Scan(JournalPosition position, string id)
    {
        // Most payloads need no parsing to be told apart.
        var quoted = JsonEncodedText.Encode(id).EncodedUtf8Bytes;
        using var reader = new JournalReader(journal.Segments, position);
        while (reader.TryRead(journal.End, out var payload))
        {
            if (payload.Span.IndexOf(quoted) >= 0 && ProjectedRecord.Read(0, payload.Span).Record is { } record && record.Id == id)
                return record;
        }

        return null;
    }
}
