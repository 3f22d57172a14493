using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.Costs;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Accounts;

/// <summary><c>GET /generation?id=</c>: the record of one request in OpenRouter's shape. A key finds its own only.</summary>
internal sealed class GenerationEndpoint(AccountReports reports, FeedbackEndpoint feedback)
{
    public async Task HandleAsync(HttpContext http, Caller caller)
    {
        var id = http.Request.Query["id"].ToString();
        if (id.Length == 0)
            throw GatewayException.Invalid("'id' is missing. Send the id of an answer, as in /v1/generation?id=gen-....");

        var record = await reports.AskAsync(ledger => ledger.FindAsync(id, http.RequestAborted));

        // What belongs to others is not there, rather than forbidden: a stranger learns not even that it exists.
        if (record is null || (caller.Key is { } key && !string.Equals(record.Key, key.Name, StringComparison.OrdinalIgnoreCase)))
            throw GatewayException.NotFound($"There is no generation with the id '{id}'.");
        var data = Write(record);
        data["feedback"] = await feedback.OfAsync(id, http.RequestAborted);
        await AccountBody.WriteDataAsync(http, data);
    }

    private static JsonObject Write(GenerationRecord record)
    {
        var last = record.Attempts.LastOrDefault(attempt => attempt.Outcome == AttemptOutcome.Answered) ?? (record.Attempts.Count > 0 ? record.Attempts[^1] : null);
        var usage = last?.Usage ?? default;

        // Where this gateway has nothing to say there is a null: OpenRouter's strict client insists on the field.
        return new JsonObject
        {
            ["id"] = record.Id,
            ["request_id"] = record.Id,
            ["upstream_id"] = null,
            ["model"] = last?.Model ?? record.ServedModel ?? record.RequestedModel ?? "",
            ["requested_model"] = record.RequestedModel,
            ["provider_name"] = last?.Provider,
            ["provider_responses"] = new JsonArray([.. record.Attempts.Select(Write)]),
            ["api_type"] = "completions",
            ["streamed"] = record.IsStreamed,
            ["cancelled"] = last?.Outcome == AttemptOutcome.Cancelled,
            ["created_at"] = record.CreatedAt.UtcDateTime,
            ["finish_reason"] = record.FinishReason,
            ["native_finish_reason"] = record.NativeFinishReason,
            ["latency"] = Milliseconds(last?.TimeToFirstContent),
            ["generation_time"] = Milliseconds(last?.Duration),
            ["tokens_prompt"] = usage.TotalInput,
            ["tokens_completion"] = usage.TotalOutput,
            ["native_tokens_prompt"] = usage.TotalInput,
            ["native_tokens_completion"] = usage.TotalOutput,
            ["native_tokens_reasoning"] = usage.Reasoning,
            ["native_tokens_cached"] = usage.CacheRead,
            ["native_tokens_completion_images"] = usage.ImageOutput,
            ["num_media_prompt"] = usage.Images,
            ["num_search_results"] = usage.WebSearches,
            ["usage_is_estimated"] = usage.IsEstimated,
            ["usage"] = Charged(record),
            ["total_cost"] = Charged(record),
            ["unpriced_attempts"] = record.Attempts.Count(attempt => attempt.Charge is null),
            ["upstream_inference_cost"] = record.UpstreamCost?.ToUsd(),
            ["is_byok"] = record.UpstreamCost is not null,
            ["is_cache_hit"] = record.IsCacheHit,
            ["cache_discount"] = null,
            ["moderation_latency"] = null,
            ["num_input_audio_prompt"] = null,
            ["num_media_completion"] = null,
            ["num_fetches"] = null,
            ["web_search_engine"] = null,
            ["app_id"] = null,
            ["origin"] = "",
            ["http_referer"] = null,
            ["user_agent"] = null,
            ["router"] = null,
            ["preset_id"] = null,
            ["workspace_id"] = null,
            ["data_region"] = "global",
            ["service_tier"] = last?.ServiceTier,
            ["session_id"] = record.SessionId,
            ["trace"] = record.TraceLabels is { } labels ? new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))) : null,
            ["external_user"] = record.User,
            ["key_name"] = record.Key,
            ["tags"] = new JsonArray([.. record.Tags.Select(tag => (JsonNode)tag)]),
        };
    }

    // OpenRouter's strict client insists on a number; the attempts it is without are counted beside it, as in /activity.
    private static decimal Charged(GenerationRecord record) => record.Attempts.Sum(attempt => attempt.Charge.GetValueOrDefault().ToUsd());

    private static JsonObject Write(AttemptRecord attempt)
    {
        var response = new JsonObject
        {
            ["provider_name"] = attempt.Provider,
            ["status"] = attempt.Status ?? (attempt.Outcome == AttemptOutcome.Answered ? StatusCodes.Status200OK : null),
            ["outcome"] = attempt.Outcome.ToString().ToLowerInvariant(),
            ["error_type"] = attempt.FailureKind?.Consequences().ErrorType,
            ["latency"] = Milliseconds(attempt.Duration),
            ["cost"] = attempt.Cost?.ToUsd(),
            ["is_byok"] = attempt.UpstreamCost is not null,
        };

        // Left out rather than null, which OpenRouter's strict client does not take here.
        if (attempt.Model is { } model)
            response["model_permaslug"] = model;
        if (attempt.Endpoint is { } endpoint)
            response["endpoint_id"] = endpoint;
        return response;
    }

    private static double? Milliseconds(TimeSpan? time) => time is { } span ? Math.Round(span.TotalMilliseconds, 3) : null;
}
