using System.Globalization;
using MeaiRouter.Costs;

namespace MeaiRouter.EntityFrameworkCore.Schema;

/// <summary>The tables as the projection writes them. <see cref="SchemaVersions"/> creates them.</summary>
/// <remarks>Moments are Unix milliseconds, durations microseconds, money nano-dollars: the same integers in every database.</remarks>
internal static class Tables
{
    public const string Requests = "requests";
    public const string Attempts = "attempts";
    public const string Rollups = "rollups";
    public const string Positions = "positions";
    public const string Unreadable = "unreadable_records";
    public const string Versions = "schema_versions";
    public const string Keys = "gateway_keys";
    public const string ProviderKeys = "provider_keys";
    public const string Feedback = "generation_feedback";
    public const string Codes = "authorization_codes";

    public static IReadOnlyList<Column<ProjectedRecord>> RequestColumns { get; } =
    [
        Text("id", record => record.Id),
        Integer("created_at", record => record.CreatedAt.ToUnixTimeMilliseconds()),
        Text("requested_model", record => record.RequestedModel),
        Text("served_model", record => record.ServedModel),
        Text("key_name", record => record.Key),
        Text("user_name", record => record.User),
        Integer("is_streamed", record => record.IsStreamed ? 1 : 0),
        Text("outcome", record => Name(Measures.OutcomeOf(record))),
        Text("finish_reason", record => record.FinishReason),
        Integer("attempts", record => record.Attempts.Count),
        Integer("cost_nano_usd", record => record.Cost?.Value),
        new("record") { Json = row => row.Utf8Json },
    ];

    public static IReadOnlyList<Column<AttemptRow>> AttemptColumns { get; } =
    [
        new("request_id") { Text = row => row.RequestId },
        new("number") { Integer = row => row.Number },
        new("started_at") { Integer = row => row.Attempt.StartedAt.ToUnixTimeMilliseconds() },
        new("model") { Text = row => row.Attempt.Model },
        new("provider") { Text = row => row.Attempt.Provider },
        new("endpoint") { Text = row => row.Attempt.Endpoint },
        new("outcome") { Text = row => Name(row.Attempt.Outcome) },
        new("failure") { Text = row => row.Attempt.FailureKind is { } kind ? Name(kind) : null },
        new("status") { Integer = row => row.Attempt.Status },
        new("duration_us") { Integer = row => row.Attempt.Duration.Ticks / TimeSpan.TicksPerMicrosecond },
        new("first_content_us") { Integer = row => row.Attempt.TimeToFirstContent?.Ticks / TimeSpan.TicksPerMicrosecond },
        new("cost_nano_usd") { Integer = row => row.Attempt.Cost?.Value },
        new("is_estimated") { Integer = row => row.Attempt.Usage.IsEstimated ? 1 : 0 },
        .. TokenBuckets.All.Select(bucket => new Column<AttemptRow>(bucket.Column) { Integer = row => bucket.Read(row.Attempt.Usage) }),
    ];

    public static IReadOnlyList<string> RollupKeyColumns { get; } =
        ["seconds", "started_at", "tag", "model", "provider", "endpoint", "key_name", "user_name"];

    public static IReadOnlyList<Column<Rollup>> RollupColumns { get; } =
    [
        new("seconds") { Integer = row => row.Key.Seconds },
        new("started_at") { Integer = row => row.Key.StartedAt },
        new("tag") { Text = row => row.Key.Tag },
        new("model") { Text = row => row.Key.Model },
        new("provider") { Text = row => row.Key.Provider },
        new("endpoint") { Text = row => row.Key.Endpoint },
        new("key_name") { Text = row => row.Key.Key },
        new("user_name") { Text = row => row.Key.User },
        .. Measures.Columns.Select((name, index) => new Column<Rollup>(name) { Integer = row => row.Sums[index] }),
    ];

    /// <summary>Adds a rollup to the row of the same key.</summary>
    public static string RollupConflict { get; } =
        $"ON CONFLICT ({string.Join(", ", RollupKeyColumns)}) DO UPDATE SET "
        + string.Join(", ", Measures.Columns.Select(name => $"{name} = {Rollups}.{name} + excluded.{name}"));

    public static string Names<TRow>(this IEnumerable<Column<TRow>> columns) => string.Join(", ", columns.Select(column => column.Name));

    private static Column<ProjectedRecord> Text(string name, Func<GenerationRecord, string?> value) => new(name) { Text = row => value(row.Record!) };

    private static Column<ProjectedRecord> Integer(string name, Func<GenerationRecord, long?> value) => new(name) { Integer = row => value(row.Record!) };

    private static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum => Enum.GetName(value) ?? Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
}

/// <summary>An attempt with the request it belongs to.</summary>
internal sealed record AttemptRow(string RequestId, int Number, AttemptRecord Attempt);
