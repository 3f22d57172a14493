using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Routes;

/// <summary>OpenRouter's <c>openrouter_metadata</c>: which endpoints there were, which were tried, and who answered.</summary>
internal static class RouterMetadata
{
    /// <summary>Whether the caller asked for it, by OpenRouter's header or its former name.</summary>
    public static bool IsWanted(HttpRequest request) =>
        IsEnabled(request, "X-OpenRouter-Metadata") || IsEnabled(request, "X-OpenRouter-Experimental-Metadata");

    /// <summary>The metadata of an answer.</summary>
    public static JsonElement Of(RouteTrace trace)
    {
        var available = new JsonArray();
        foreach (var traced in trace.Candidates)
        {
            var (model, endpoint) = (traced.Candidate.Model, traced.Candidate.Endpoint);
            available.Add((JsonNode)Endpoint(endpoint.Provider, model.Id, traced.Attempt is { Outcome: AttemptOutcome.Answered }));
        }

        return Write(
            trace.RequestedModel, Strategy(trace), trace.Attempts, trace.Candidates.Count + trace.Excluded.Count, available, trace.Answer?.Provider,
            trace.Candidates.Any(static traced => traced is { Candidate.Key: not null, Attempt.Outcome: AttemptOutcome.Answered }));
    }

    /// <summary>The metadata of a failure, where the caller asked for it: what was tried, and that nobody was selected.</summary>
    public static JsonElement? Of(RouterException failure, HttpContext http)
    {
        if (!IsWanted(http.Request))
            return null;

        var requested = http.Features.Get<RequestedModels>()?.Names is [var first, ..] ? first : null;
        var available = new JsonArray();
        // An endpoint that was tried twice, such as with two keys, is still one.
        foreach (var attempt in failure.Attempts.DistinctBy(static attempt => (attempt.Model?.Id, attempt.Provider, attempt.Endpoint?.Tag)))
            available.Add((JsonNode)Endpoint(attempt.Provider, attempt.Model?.Id, selected: false));
        return Write(requested, "direct", failure.Attempts, available.Count, available, selected: null, isByok: false);
    }

    private static JsonElement Write(
        string? requested, string strategy, IReadOnlyList<RouteAttempt> attempts, int total, JsonArray available, string? selected,
        bool isByok)
    {
        var tried = new JsonArray();
        foreach (var attempt in attempts)
        {
            tried.Add((JsonNode)new JsonObject
            {
                ["provider"] = attempt.Provider,
                ["model"] = attempt.Model?.Id,
                ["status"] = attempt.Outcome == AttemptOutcome.Answered ? 200 : attempt.Failure?.Status,
            });
        }

        var metadata = new JsonObject
        {
            ["requested"] = requested,
            ["strategy"] = strategy,
            ["region"] = null,
            ["summary"] = $"available={available.Count}" + (selected is null ? "" : $", selected={selected}"),
            ["attempt"] = attempts.Count,
            ["is_byok"] = isByok,
            ["endpoints"] = new JsonObject { ["total"] = total, ["available"] = available },
            ["attempts"] = tried,
            ["params"] = new JsonObject(),
            ["pipeline"] = new JsonArray(),
        };
        return JsonSerializer.SerializeToElement(metadata, WireJson.Strict.JsonObject);
    }

    private static JsonObject Endpoint(string provider, string? model, bool selected) => new()
    {
        ["provider"] = provider,
        ["model"] = model,
        ["selected"] = selected,
    };

    // OpenRouter's words: a model of the list, another name, or the model itself.
    private static string Strategy(RouteTrace trace)
    {
        var served = trace.Answer?.Model?.Id;
        var first = trace.Candidates.Count > 0 ? trace.Candidates[0].Candidate.Model.Id : null;
        if (served is not null && first is not null && served != first)
            return "fallback";
        return first is not null && trace.RequestedModel?.StartsWith(first, StringComparison.OrdinalIgnoreCase) == false ? "alias" : "direct";
    }

    private static bool IsEnabled(HttpRequest request, string header) =>
        string.Equals(request.Headers[header].ToString(), "enabled", StringComparison.OrdinalIgnoreCase);
}
