using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MeaiRouter.Gateway.HealthChecks;

/// <summary>Answers <c>/health/live</c> and <c>/health/ready</c>. Degraded is not down: only what is unhealthy is answered with 503.</summary>
/// <remarks>
/// Without the management key there are names, states and counts alone; with it also descriptions and data, which name models, endpoints and folders. Checks run at
/// most once a second, however many ask: nobody needs a key to ask, and one check asks the database.
/// </remarks>
internal sealed class HealthEndpoint(HealthCheckService checks, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _checking = new(1);
    private HealthReport? _latest;
    private long _checkedAt;

    /// <summary>The process runs: that it answers is the proof.</summary>
    public static Task WriteLiveAsync(HttpContext http) => WriteAsync(http, HealthStatus.Healthy, [], isWhole: false);

    public async Task WriteReadyAsync(HttpContext http, bool isWhole)
    {
        var report = await CheckAsync(http.RequestAborted);
        await WriteAsync(http, report.Status, report.Entries, isWhole);
    }

    public void Dispose() => _checking.Dispose();

    private async Task<HealthReport> CheckAsync(CancellationToken cancellationToken)
    {
        await _checking.WaitAsync(cancellationToken);
        try
        {
            if (_latest is { } latest && time.GetElapsedTime(_checkedAt) < Fresh)
                return latest;

            // Whoever asked may leave; the next ones want the answer.
            _latest = await checks.CheckHealthAsync(static check => check.Tags.Contains(GatewayHealthChecks.Tag), CancellationToken.None);
            _checkedAt = time.GetTimestamp();
            return _latest;
        }
        finally
        {
            _checking.Release();
        }
    }

    private static async Task WriteAsync(HttpContext http, HealthStatus status, IEnumerable<KeyValuePair<string, HealthReportEntry>> entries, bool isWhole)
    {
        http.Response.StatusCode = status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(http.Response.Body);
        json.WriteStartObject();
        json.WriteString("status", Name(status));
        json.WriteStartArray("checks");
        foreach (var (name, entry) in entries)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("status", Name(entry.Status));
            if (isWhole)
                json.WriteString("description", entry.Description);
            json.WriteStartObject("data");
            foreach (var (key, value) in entry.Data)
                WriteValue(json, key, value, isWhole);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(http.RequestAborted);
    }

    // Numbers are counts. Everything else may name something.
    private static void WriteValue(Utf8JsonWriter json, string key, object value, bool isWhole)
    {
        switch (value)
        {
            case int number:
                json.WriteNumber(key, number);
                break;
            case long number:
                json.WriteNumber(key, number);
                break;
            case double number:
                json.WriteNumber(key, number);
                break;
            case string text when isWhole:
                json.WriteString(key, text);
                break;
        }
    }

    private static string Name(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "Healthy",
        HealthStatus.Degraded => "Degraded",
        _ => "Unhealthy",
    };
}
