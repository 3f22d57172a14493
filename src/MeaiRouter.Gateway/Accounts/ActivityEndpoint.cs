using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MeaiRouter.Catalog;
using MeaiRouter.Costs.Reports;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Accounts;

/// <summary><c>GET /activity</c>: sums by day, model and provider, or by what else is asked; and what the same traffic would have cost elsewhere.</summary>
internal sealed class ActivityEndpoint(AccountReports reports, GatewayKeys keys, LiveCatalog catalog, TimeProvider time)
{
    public async Task HandleAsync(HttpContext http, Caller caller)
    {
        var query = ActivityQuery.Read(http.Request.Query, caller, keys, time.GetUtcNow());
        var asCsv = WantsCsv(http.Request);
        var report = await reports.AskAsync(ledger => ledger.SummarizeAsync(query, http.RequestAborted));
        if (asCsv)
        {
            http.Response.ContentType = "text/csv; charset=utf-8";
            http.Response.Headers.CacheControl = "no-store";
            await using var writer = new StreamWriter(http.Response.Body, new UTF8Encoding(false));
            await UsageCsv.WriteAsync(writer, report.Rows);
            return;
        }

        var body = new JsonObject { ["data"] = new JsonArray([.. report.Rows.Select(row => Write(row, query.GroupBy))]) };
        if (report.Pending > 0)
            body["missing_records"] = report.Pending;
        await AccountBody.WriteAsync(http, body);
    }

    public async Task CompareAsync(HttpContext http, Caller caller)
    {
        var query = ActivityQuery.Read(http.Request.Query, caller, keys, time.GetUtcNow());
        var rows = await reports.AskAsync(ledger => TrafficComparison.OfAsync(ledger.RecordsAsync(query, http.RequestAborted), catalog.Current.Catalog, http.RequestAborted));
        await AccountBody.WriteDataAsync(http, new JsonArray([.. rows.Select(Write)]));
    }

    private static bool WantsCsv(HttpRequest request) => request.Query["format"].ToString() switch
    {
        "csv" => true,
        "json" => false,
        "" => request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase),
        var other => throw GatewayException.Invalid($"'format' is '{other}'; it must be 'csv' or 'json'."),
    };

    private static JsonObject Write(UsageRow row, UsageDimensions by)
    {
        var item = new JsonObject
        {
            ["date"] = row.Start?.ToString(by.HasFlag(UsageDimensions.Hour) ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["model"] = Name(UsageDimensions.Model, row.Model),
            ["model_permaslug"] = Name(UsageDimensions.Model, row.Model),
            ["endpoint_id"] = Name(UsageDimensions.Endpoint, row.Endpoint),
            ["provider_name"] = Name(UsageDimensions.Provider, row.Provider),
            ["usage"] = row.Cost.ToUsd(),
            ["byok_usage_inference"] = row.UpstreamCost.ToUsd(),
            ["requests"] = row.Requests,
            ["prompt_tokens"] = row.Usage.TotalInput,
            ["completion_tokens"] = row.Usage.TotalOutput,
            ["reasoning_tokens"] = row.Usage.Reasoning,
            ["cached_tokens"] = row.Usage.CacheRead,
            ["failed_requests"] = row.FailedRequests,
            ["cancelled_requests"] = row.CancelledRequests,
            ["attempts"] = row.Attempts,
            ["failed_attempts"] = row.FailedAttempts,
            ["unpriced_attempts"] = row.UnpricedAttempts,
            ["mean_latency_ms"] = Milliseconds(row.MeanTimeToFirstContent),
            ["mean_duration_ms"] = Milliseconds(row.MeanDuration),
        };
        foreach (var (name, dimension, value) in (ReadOnlySpan<(string, UsageDimensions, string?)>)
            [("key_name", UsageDimensions.Key, row.Key), ("user", UsageDimensions.User, row.User), ("tag", UsageDimensions.Tag, row.Tag)])
        {
            if (by.HasFlag(dimension))
                item[name] = value;
        }

        return item;

        // Of what was asked for, "" is none, such as the provider of an answer from the cache: OpenRouter's strict client takes no null.
        string? Name(UsageDimensions dimension, string? value) => by.HasFlag(dimension) ? value ?? "" : null;
    }

    private static JsonObject Write(ComparedEndpoint row) => new()
    {
        ["model"] = row.Model.Id,
        ["provider_name"] = row.Endpoint.Provider,
        ["endpoint_id"] = row.Endpoint.Tag,
        ["requests"] = row.Answers,
        ["requests_served_here"] = row.ServedHere,
        ["requests_unpriced"] = row.Unpriced,
        ["usage"] = row.Paid.ToUsd(),
        ["would_have_cost"] = row.Cost?.ToUsd(),
    };

    private static double? Milliseconds(TimeSpan? time) => time is { } span ? Math.Round(span.TotalMilliseconds, 3) : null;
}
