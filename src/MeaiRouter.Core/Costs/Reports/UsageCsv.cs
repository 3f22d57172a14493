using System.Globalization;
using System.Text;
using MeaiRouter.Pricing;

namespace MeaiRouter.Costs.Reports;

/// <summary>Writes reports as comma-separated values (RFC 4180) with a header; amounts in US dollars, times in milliseconds.</summary>
public static class UsageCsv
{
    private static readonly (string Name, Func<UsageRow, string?> Value)[] Columns =
    [
        ("start", row => row.Start?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
        ("model", row => Text(row.Model)),
        ("provider", row => Text(row.Provider)),
        ("endpoint", row => Text(row.Endpoint)),
        ("key", row => Text(row.Key)),
        ("user", row => Text(row.User)),
        ("tag", row => Text(row.Tag)),
        ("requests", row => Number(row.Requests)),
        ("failed_requests", row => Number(row.FailedRequests)),
        ("cancelled_requests", row => Number(row.CancelledRequests)),
        ("attempts", row => Number(row.Attempts)),
        ("failed_attempts", row => Number(row.FailedAttempts)),
        ("unpriced_attempts", row => Number(row.UnpricedAttempts)),
        ("estimated_attempts", row => Number(row.EstimatedAttempts)),
        ("cost_usd", row => Dollars(row.Cost)),
        ("input_tokens", row => Number(row.Usage.TotalInput)),
        ("cache_read_tokens", row => Number(row.Usage.CacheRead)),
        ("cache_write_tokens", row => Number(row.Usage.CacheWrite + row.Usage.CacheWrite1h)),
        ("output_tokens", row => Number(row.Usage.TotalOutput)),
        ("reasoning_tokens", row => Number(row.Usage.Reasoning)),
        ("mean_duration_ms", row => Milliseconds(row.MeanDuration)),
        ("mean_first_content_ms", row => Milliseconds(row.MeanTimeToFirstContent)),
        ("upstream_cost_usd", row => Dollars(row.UpstreamCost)),
    ];

    /// <summary>Writes the rows of a report.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="rows">The rows.</param>
    public static async Task WriteAsync(TextWriter writer, IEnumerable<UsageRow> rows)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(rows);

        await writer.WriteAsync(string.Join(',', Columns.Select(column => column.Name)) + "\r\n").ConfigureAwait(false);
        foreach (var row in rows)
            await writer.WriteAsync(string.Join(',', Columns.Select(column => column.Value(row))) + "\r\n").ConfigureAwait(false);
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Dollars(NanoUsd amount) => amount.ToUsd().ToString("0.000000000", CultureInfo.InvariantCulture);

    private static string? Milliseconds(TimeSpan? time) => time?.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);

    // Names come from callers. One that a spreadsheet would run as a formula is kept from it by an apostrophe (OWASP, CSV injection).
    private static string? Text(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return value;
        if (value[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
            value = "'" + value;
        return value.AsSpan().ContainsAny(",\"\r\n") ? new StringBuilder("\"").Append(value).Replace("\"", "\"\"", 1, value.Length).Append('"').ToString() : value;
    }
}
