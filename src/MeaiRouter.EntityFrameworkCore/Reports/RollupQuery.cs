using System.Data.Common;
using MeaiRouter.Costs;
using MeaiRouter.Costs.Reports;
using MeaiRouter.EntityFrameworkCore.Databases;
using MeaiRouter.EntityFrameworkCore.Schema;
using MeaiRouter.Pricing;

namespace MeaiRouter.EntityFrameworkCore.Reports;

/// <summary>One report being made: sums from the database and sums of what it has yet to take over, by the same rules.</summary>
internal sealed class RollupQuery
{
    private const long HourMilliseconds = RollupKey.Hour * 1_000;
    private const long DayMilliseconds = RollupKey.Day * 1_000;

    // The columns of the key behind the two of time, with the dimension and the filter of each.
    private static readonly (string Column, UsageDimensions Dimension, Func<UsageQuery, string?> Filter, Func<RollupKey, string> Value)[] Names =
    [
        ("tag", UsageDimensions.Tag, query => query.Tag, key => key.Tag),
        ("model", UsageDimensions.Model, query => query.Model, key => key.Model),
        ("provider", UsageDimensions.Provider, query => query.Provider, key => key.Provider),
        ("endpoint", UsageDimensions.Endpoint, query => query.Endpoint, key => key.Endpoint),
        ("key_name", UsageDimensions.Key, query => query.Key, key => key.Key),
        ("user_name", UsageDimensions.User, query => query.User, key => key.User),
    ];

    private readonly UsageQuery _query;
    private readonly long _from;
    private readonly long _to;
    private readonly long _seconds;
    private readonly Dictionary<RollupKey, long[]> _groups = [];

    public RollupQuery(UsageQuery query)
    {
        _query = query;
        _from = WholeHour(query.From, nameof(query.From)) ?? long.MinValue;
        _to = WholeHour(query.To, nameof(query.To)) ?? long.MaxValue;

        // Days where they do: there are fewer of them, and they are kept for longer.
        var needsHours = query.GroupBy.HasFlag(UsageDimensions.Hour) || !IsWholeDay(query.From) || !IsWholeDay(query.To);
        _seconds = needsHours ? RollupKey.Hour : RollupKey.Day;
    }

    /// <summary>Adds the sums the database has.</summary>
    public async Task AddDatabaseAsync(DbTransaction transaction, CancellationToken cancellationToken)
    {
        var command = transaction.Connection!.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.Transaction = transaction;
            command.CommandText = Sql(command);
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    var key = new RollupKey(
                        _seconds, reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetString(6));
                    var sums = SumsOf(key);
                    for (var measure = 0; measure < sums.Length; measure++)
                        sums[measure] += reader.GetInt64(7 + measure);
                }
            }
        }
    }

    /// <summary>Adds a record that the database has not got yet.</summary>
    public void Add(GenerationRecord record)
    {
        for (var index = 0; index < Math.Max(1, record.Attempts.Count); index++)
        {
            var byTag = _query.GroupBy.HasFlag(UsageDimensions.Tag) || _query.Tag is not null;
            foreach (var tag in byTag ? record.Tags.Distinct(StringComparer.Ordinal).Where(tag => tag.Length > 0) : [""])
            {
                var key = RollupKey.Of(record, record.Attempts.ElementAtOrDefault(index), _seconds, tag);
                if (key.StartedAt >= _from && key.StartedAt < _to && Array.TrueForAll(Names, name => name.Filter(_query) is not { } filter || filter == name.Value(key)))
                    Measures.Add(SumsOf(Group(key)), record, index);
            }
        }
    }

    /// <summary>The rows of everything added.</summary>
    public IReadOnlyList<UsageRow> Rows() =>
        [.. _groups.Select(group => Row(group.Key, group.Value)).OrderBy(row => row.Start).ThenByDescending(row => row.Cost).ThenByDescending(row => row.Requests)
            .ThenBy(row => row.Model, StringComparer.Ordinal).ThenBy(row => row.Provider, StringComparer.Ordinal).ThenBy(row => row.Endpoint, StringComparer.Ordinal)
            .ThenBy(row => row.Key, StringComparer.Ordinal).ThenBy(row => row.User, StringComparer.Ordinal).ThenBy(row => row.Tag, StringComparer.Ordinal)];

    private string Sql(DbCommand command)
    {
        LedgerDatabase.Parameter(command, "@seconds", _seconds);
        LedgerDatabase.Parameter(command, "@from", _from);
        LedgerDatabase.Parameter(command, "@to", _to);
        var where = "seconds = @seconds AND started_at >= @from AND started_at < @to";
        foreach (var (column, dimension, filter, _) in Names)
        {
            if (filter(_query) is { } value)
            {
                LedgerDatabase.Parameter(command, "@" + column, value);
                where += $" AND {column} = @{column}";
            }
            else if (dimension == UsageDimensions.Tag)
            {
                where += _query.GroupBy.HasFlag(dimension) ? " AND tag <> ''" : " AND tag = ''";
            }
        }

        // Selected under other names, because GROUP BY prefers those of the table.
        var names = Names.Select(name => $"{(_query.GroupBy.HasFlag(name.Dimension) ? name.Column : "''")} AS group_{name.Column}");
        var sums = Measures.Columns.Select(column => $"CAST(SUM({column}) AS bigint)");
        return $"SELECT {Time()} AS group_time, {string.Join(", ", names)}, {string.Join(", ", sums)} FROM {Tables.Rollups} WHERE {where} "
            + $"GROUP BY group_time, {string.Join(", ", Names.Select(name => "group_" + name.Column))}";
    }

    private string Time() => _query.GroupBy switch
    {
        var by when by.HasFlag(UsageDimensions.Hour) => "started_at",
        var by when by.HasFlag(UsageDimensions.Day) => $"started_at - started_at % {DayMilliseconds}",
        _ => "CAST(0 AS bigint)",
    };

    private RollupKey Group(RollupKey key)
    {
        string Kept(UsageDimensions dimension, string value) => _query.GroupBy.HasFlag(dimension) ? value : "";
        return new RollupKey(
            _seconds,
            _query.GroupBy.HasFlag(UsageDimensions.Hour) ? key.StartedAt : _query.GroupBy.HasFlag(UsageDimensions.Day) ? key.StartedAt - (key.StartedAt % DayMilliseconds) : 0,
            Kept(UsageDimensions.Tag, key.Tag),
            Kept(UsageDimensions.Model, key.Model),
            Kept(UsageDimensions.Provider, key.Provider),
            Kept(UsageDimensions.Endpoint, key.Endpoint),
            Kept(UsageDimensions.Key, key.Key),
            Kept(UsageDimensions.User, key.User));
    }

    private long[] SumsOf(RollupKey key) => _groups.TryGetValue(key, out var sums) ? sums : _groups[key] = new long[Measures.Columns.Count];

    private UsageRow Row(RollupKey key, long[] sums)
    {
        var usage = new TokenUsage { IsEstimated = sums[Measures.EstimatedAttempts] > 0 };
        for (var bucket = 0; bucket < TokenBuckets.All.Count; bucket++)
            usage = TokenBuckets.All[bucket].Write(usage, sums[Measures.Tokens + bucket]);

        return new UsageRow
        {
            Start = (_query.GroupBy & (UsageDimensions.Hour | UsageDimensions.Day)) == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(key.StartedAt),
            Tag = Known(key.Tag),
            Model = Known(key.Model),
            Provider = Known(key.Provider),
            Endpoint = Known(key.Endpoint),
            Key = Known(key.Key),
            User = Known(key.User),
            Requests = sums[Measures.Requests],
            FailedRequests = sums[Measures.FailedRequests],
            CancelledRequests = sums[Measures.CancelledRequests],
            Attempts = sums[Measures.Attempts],
            FailedAttempts = sums[Measures.FailedAttempts],
            UnpricedAttempts = sums[Measures.UnpricedAttempts],
            EstimatedAttempts = sums[Measures.EstimatedAttempts],
            Usage = usage,
            Cost = new NanoUsd(sums[Measures.Cost]),
            UpstreamCost = new NanoUsd(sums[Measures.UpstreamCost]),
            MeanDuration = Mean(sums[Measures.AnswerMicroseconds], sums[Measures.Answers]),
            MeanTimeToFirstContent = Mean(sums[Measures.FirstContentMicroseconds], sums[Measures.FirstContents]),
        };
    }

    private static string? Known(string name) => name.Length == 0 ? null : name;

    private static TimeSpan? Mean(long microseconds, long count) =>
        count == 0 ? null : TimeSpan.FromTicks(microseconds * TimeSpan.TicksPerMicrosecond / count);

    private static bool IsWholeDay(DateTimeOffset? time) => time is not { } moment || moment.ToUnixTimeMilliseconds() % DayMilliseconds == 0;

    private static long? WholeHour(DateTimeOffset? time, string name)
    {
        if (time is not { } moment)
            return null;
        return moment.UtcTicks % TimeSpan.TicksPerHour == 0 && moment.ToUnixTimeMilliseconds() % HourMilliseconds == 0
            ? moment.ToUnixTimeMilliseconds()
            : throw new ArgumentException($"{name}: {moment:O} is not a whole hour in UTC, and the ledger sums by the hour. Round it to one.", name);
    }
}
