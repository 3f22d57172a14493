using System.Text.Json;
using MeaiRouter.Catalog;
using MeaiRouter.Dialects;
using MeaiRouter.Health;

namespace MeaiRouter.Gateway.Models;

/// <summary>An endpoint in OpenRouter's shape, with its health as we have it: percentiles are of the last five minutes, and of a day nothing is known.</summary>
internal static class EndpointJson
{
    private const string NoRetention = "none";

    /// <summary>Whether the endpoint is known to keep nothing of what it is sent.</summary>
    public static bool KeepsNothing(ModelEndpoint endpoint) => NoRetention.Equals(endpoint.DataPolicy?.Retention, StringComparison.OrdinalIgnoreCase);

    public static void Write(Utf8JsonWriter json, Model model, ModelEndpoint endpoint, HealthSnapshot? health)
    {
        var context = endpoint.ContextLength ?? model.ContextLength;
        json.WriteStartObject();
        json.WriteString("name", $"{endpoint.Provider} | {model.Id}");
        json.WriteString("model_id", model.Id);
        json.WriteString("model_name", model.Name);
        json.WriteString("provider_name", endpoint.Provider);
        json.WriteString("tag", endpoint.Tag);

        // OpenRouter's clients insist on a number.
        json.WriteNumber("context_length", context ?? 0);
        ModelJson.WriteLimit(json, "max_prompt_tokens", context);
        ModelJson.WriteLimit(json, "max_completion_tokens", endpoint.MaxOutputTokens ?? model.MaxOutputTokens);
        PriceJson.Write(json, endpoint.Price);
        json.WriteString("quantization", endpoint.Quantization ?? "unknown");
        ModelJson.WriteStrings(json, "supported_parameters", endpoint.KnownParameters);
        WriteToolChoice(json, endpoint);
        json.WriteBoolean("supports_implicit_caching", endpoint.Price?.CacheRead is not null);
        json.WriteBoolean("supports_voice_cloning", false);
        json.WriteNumber("status", StatusOf(health));
        WriteShare(json, "uptime_last_5m", health is { } now && now.Answered + now.Failed > 0 ? (double)now.Answered / (now.Answered + now.Failed) : null);
        WriteShare(json, "uptime_last_30m", health?.UptimeOfHalfHour);
        WriteShare(json, "uptime_last_1d", null);
        WritePercentiles(json, "latency_last_30m", health?.TimeToFirstContent);
        WritePercentiles(json, "throughput_last_30m", health?.Throughput);
        json.WriteEndObject();
    }

    // OpenRouter documents 0 for normal and several negative numbers without a meaning; ours are two steps of worse.
    private static int StatusOf(HealthSnapshot? health) => health switch
    {
        null => 0,
        { Breaker: not BreakerState.Closed } or { UptimeClass: UptimeClass.Down } => -2,
        { UptimeClass: UptimeClass.Degraded } => -1,
        _ => 0,
    };

    private static void WriteToolChoice(Utf8JsonWriter json, ModelEndpoint endpoint)
    {
        var parameters = endpoint.KnownParameters;
        var hasTools = parameters.Count == 0 || parameters.Contains("tools", StringComparer.OrdinalIgnoreCase);
        var forms = hasTools ? endpoint.Dialect.Tools.Choices : ToolChoiceForms.AutoOnly;
        json.WriteStartObject("supports_tool_choice");
        json.WriteBoolean("auto", hasTools);
        json.WriteBoolean("none", forms.HasFlag(ToolChoiceForms.None));
        json.WriteBoolean("required", forms.HasFlag(ToolChoiceForms.Required));
        json.WriteBoolean("function", forms.HasFlag(ToolChoiceForms.Named));
        json.WriteEndObject();
    }

    private static void WriteShare(Utf8JsonWriter json, string name, double? share)
    {
        if (share is { } known)
            json.WriteNumber(name, Math.Round(known * 100, 2));
        else
            json.WriteNull(name);
    }

    private static void WritePercentiles(Utf8JsonWriter json, string name, Percentiles? percentiles)
    {
        if (percentiles is not { } known)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("p50", Math.Round(known.P50, 3));
        json.WriteNumber("p75", Math.Round(known.P75, 3));
        json.WriteNumber("p90", Math.Round(known.P90, 3));
        json.WriteNumber("p99", Math.Round(known.P99, 3));
        json.WriteEndObject();
    }
}
