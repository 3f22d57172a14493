using System.Runtime.CompilerServices;
using MeaiRouter.Attempts;

namespace MeaiRouter.Costs.Reports;

/// <summary>Reports about the records that an <see cref="InMemoryLedger"/> still has; <see cref="UsageReport.Pending"/> is how many it has dropped.</summary>
/// <param name="ledger">The ledger.</param>
public sealed class InMemoryReports(InMemoryLedger ledger) : ILedgerReports
{
    private static readonly IEnumerable<string?> Untagged = [null];

    private readonly InMemoryLedger _ledger = ledger ?? throw new ArgumentNullException(nameof(ledger));

    /// <inheritdoc/>
    public Task<UsageReport> SummarizeAsync(UsageQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        RefusePartOfAnHour(query.From, nameof(query.From));
        RefusePartOfAnHour(query.To, nameof(query.To));

        var rows = new Dictionary<UsageRow, Sums>();
        foreach (var record in _ledger.Records.Where(record => IsAsked(record, query)))
        {
            var deciding = DecidingAttempt(record);
            for (var index = 0; index < Math.Max(1, record.Attempts.Count); index++)
            {
                var attempt = index < record.Attempts.Count ? record.Attempts[index] : null;
                if (!IsAsked(record, attempt, query))
                    continue;

                foreach (string? tag in query.GroupBy.HasFlag(UsageDimensions.Tag) ? record.Tags.Distinct(StringComparer.Ordinal) : Untagged)
                {
                    var key = KeyOf(record, attempt, tag, query.GroupBy);
                    if (!rows.TryGetValue(key, out var sums))
                        rows.Add(key, sums = new Sums());
                    sums.Add(attempt, index == deciding);
                }
            }
        }

        IReadOnlyList<UsageRow> sorted =
        [
            .. rows.Select(row => row.Value.ToRow(row.Key)).OrderBy(row => row.Start).ThenByDescending(row => row.Cost).ThenByDescending(row => row.Requests)
                .ThenBy(row => row.Model, StringComparer.Ordinal).ThenBy(row => row.Provider, StringComparer.Ordinal).ThenBy(row => row.Endpoint, StringComparer.Ordinal)
                .ThenBy(row => row.Key, StringComparer.Ordinal).ThenBy(row => row.User, StringComparer.Ordinal).ThenBy(row => row.Tag, StringComparer.Ordinal),
        ];
        return Task.FromResult(new UsageReport(sorted, _ledger.Dropped));
    }

    /// <inheritdoc/>
    public Task<GenerationRecord?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        Task.FromResult(_ledger.Records.FirstOrDefault(record => record.Id == id));

    /// <inheritdoc/>
    public async IAsyncEnumerable<GenerationRecord> RecordsAsync(UsageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var record in _ledger.Records)
        {
            if (IsAsked(record, query) && (record.Attempts.Count == 0 ? IsAsked(record, null, query) : record.Attempts.Any(attempt => IsAsked(record, attempt, query))))
                yield return record;
        }
    }

    private static bool IsAsked(GenerationRecord record, UsageQuery query) =>
        (query.From is not { } from || record.CreatedAt >= from)
        && (query.To is not { } to || record.CreatedAt < to)
        && (query.Key is null || query.Key == record.Key)
        && (query.User is null || query.User == record.User)
        && (query.Tag is null || record.Tags.Contains(query.Tag));

    private static bool IsAsked(GenerationRecord record, AttemptRecord? attempt, UsageQuery query) =>
        (query.Model is null || query.Model == (attempt is null ? record.RequestedModel : attempt.Model))
        && (query.Provider is null || query.Provider == attempt?.Provider)
        && (query.Endpoint is null || query.Endpoint == attempt?.Endpoint);

    private static UsageRow KeyOf(GenerationRecord record, AttemptRecord? attempt, string? tag, UsageDimensions by) => new()
    {
        Start = by.HasFlag(UsageDimensions.Hour) ? Whole(record.CreatedAt, TimeSpan.TicksPerHour) : by.HasFlag(UsageDimensions.Day) ? Whole(record.CreatedAt, TimeSpan.TicksPerDay) : null,
        Model = !by.HasFlag(UsageDimensions.Model) ? null : attempt is null ? record.RequestedModel : attempt.Model,
        Provider = by.HasFlag(UsageDimensions.Provider) ? attempt?.Provider : null,
        Endpoint = by.HasFlag(UsageDimensions.Endpoint) ? attempt?.Endpoint : null,
        Key = by.HasFlag(UsageDimensions.Key) ? record.Key : null,
        User = by.HasFlag(UsageDimensions.User) ? record.User : null,
        Tag = tag,
    };

    private static DateTimeOffset Whole(DateTimeOffset moment, long ticks) => new(moment.UtcTicks - (moment.UtcTicks % ticks), TimeSpan.Zero);

    // A request counts once, where it was answered, else where it was tried last.
    private static int DecidingAttempt(GenerationRecord record)
    {
        for (var index = record.Attempts.Count - 1; index >= 0; index--)
        {
            if (record.Attempts[index].Outcome == AttemptOutcome.Answered)
                return index;
        }

        return Math.Max(0, record.Attempts.Count - 1);
    }

    private static void RefusePartOfAnHour(DateTimeOffset? moment, string name)
    {
        if (moment is { } time && time.UtcTicks % TimeSpan.TicksPerHour != 0)
            throw new ArgumentException($"{name}: {time:O} is not a whole hour in UTC. Round it to one.", name);
    }

    private sealed class Sums
    {
        private UsageRow _row = new();
        private TimeSpan _durations;
        private TimeSpan _firstContents;
        private int _answers;
        private int _contents;

        public void Add(AttemptRecord? attempt, bool decides)
        {
            _row = _row with
            {
                Requests = _row.Requests + (decides ? 1 : 0),
                FailedRequests = _row.FailedRequests + (decides && attempt is { Outcome: AttemptOutcome.Failed or AttemptOutcome.Superseded } ? 1 : 0),
                CancelledRequests = _row.CancelledRequests + (decides && attempt is { Outcome: AttemptOutcome.Cancelled } ? 1 : 0),
            };
            if (attempt is null)
                return;

            _row = _row with
            {
                Attempts = _row.Attempts + 1,
                FailedAttempts = _row.FailedAttempts + (attempt.Outcome == AttemptOutcome.Failed ? 1 : 0),
                UnpricedAttempts = _row.UnpricedAttempts + (attempt.Cost is null ? 1 : 0),
                EstimatedAttempts = _row.EstimatedAttempts + (attempt.Usage.IsEstimated ? 1 : 0),
                Usage = _row.Usage + attempt.Usage,
                Cost = _row.Cost + attempt.Cost.GetValueOrDefault(),
                UpstreamCost = _row.UpstreamCost + attempt.UpstreamCost.GetValueOrDefault(),
            };
            if (attempt.Outcome == AttemptOutcome.Answered)
                (_answers, _durations) = (_answers + 1, _durations + attempt.Duration);
            if (attempt.TimeToFirstContent is { } firstContent)
                (_contents, _firstContents) = (_contents + 1, _firstContents + firstContent);
        }

        public UsageRow ToRow(UsageRow key) => _row with
        {
            Start = key.Start,
            Model = key.Model,
            Provider = key.Provider,
            Endpoint = key.Endpoint,
            Key = key.Key,
            User = key.User,
            Tag = key.Tag,
            MeanDuration = _answers == 0 ? null : _durations / _answers,
            MeanTimeToFirstContent = _contents == 0 ? null : _firstContents / _contents,
        };
    }
}
