using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Routes;

/// <summary>OpenRouter's <c>openrouter_metadata</c>: which endpoints there were, which were tried, and who answered; beyond it, why the others were left out.</summary>
internal static class RouterMetadata
{
    /// <summary>Whether the caller asked for it, by OpenRouter's header or its former name.</summary>
    public static bool IsWanted(HttpRequest request) =>
        IsEnabled(request, "X-OpenRouter-Metadata") || IsEnabled(request, "X-OpenRouter-Experimental-Metadata");

    /// <summary>The metadata of an answer, where the caller asked for it. OpenRouter: an answer from the cache has none.</summary>
    public static JsonElement? IfWanted(HttpContext http, RouteTrace? trace) =>
        trace is { IsCacheHit: false } && IsWanted(http.Request) ? Of(trace) : null;

    /// <summary>The metadata of a failure, where the caller asked for it: what was tried, what was left out and why, and that nobody was selected.</summary>
    public static JsonElement? Of(RouterException failure, HttpContext http)
    {
        // OpenRouter: none on what failed inside, nor on what a limit of the caller's own refused.
        if (!IsWanted(http.Request) || failure.Kind is FailureKind.Unrecorded || failure.BudgetRefusal is not null)
            return null;

        var plan = failure.GetRoutePlan();
        var requested = CallFacts.Of(http).Models.Names is [var first, ..] ? first : plan?.RequestedModel;
        var available = new JsonArray();
        if (plan is not null)
        {
            // An endpoint stands in a plan once for each key, and is still one.
            foreach (var candidate in plan.Candidates.DistinctBy(static candidate => candidate.Endpoint))
                available.Add((JsonNode)Endpoint(candidate.Endpoint.Provider, candidate.Model.Id, selected: false));
        }
        else
        {
            foreach (var attempt in failure.Attempts.DistinctBy(static attempt => (attempt.Model?.Id, attempt.Provider, attempt.Endpoint?.Tag)))
                available.Add((JsonNode)Endpoint(attempt.Provider, attempt.Model?.Id, selected: false));
        }

        return Write(requested, "direct", failure.Attempts, available, plan?.Excluded ?? [], selected: null, isByok: false, failure.Attempts is [.., var last] ? last : null);
    }

    private static JsonElement Of(RouteTrace trace)
    {
        var available = new JsonArray();
        foreach (var traced in trace.Candidates)
        {
            var (model, endpoint) = (traced.Candidate.Model, traced.Candidate.Endpoint);
            available.Add((JsonNode)Endpoint(endpoint.Provider, model.Id, traced.Attempt is { Outcome: AttemptOutcome.Answered }));
        }

        return Write(
            trace.RequestedModel, Strategy(trace), trace.Attempts, available, trace.Excluded, trace.Answer?.Provider,
            trace.Candidates.Any(static traced => traced is { Candidate.Key: not null, Attempt.Outcome: AttemptOutcome.Answered }), trace.Answer, trace.Notes);
    }

    private static JsonElement Write(
        string? requested, string strategy, IReadOnlyList<RouteAttempt> attempts, JsonArray available, IReadOnlyList<ExcludedEndpoint> excluded,
        string? selected, bool isByok, RouteAttempt? decisive, IReadOnlyList<string>? notes = null)
    {
        var tried = new JsonArray();
        foreach (var attempt in attempts)
        {
            tried.Add((JsonNode)new JsonObject
            {
                ["provider"] = attempt.Provider,
                ["model"] = attempt.Model?.Id ?? attempt.ServedModel ?? requested ?? "",
                ["status"] = StatusOf(attempt),
            });
        }

        var endpoints = new JsonObject { ["total"] = available.Count + excluded.Count, ["available"] = available };
        if (excluded.Count > 0)
            endpoints["excluded"] = new JsonArray([.. excluded.Select(Excluded)]);
        var metadata = new JsonObject
        {
            ["requested"] = requested ?? "",
            ["strategy"] = strategy,
            ["region"] = null,
            ["summary"] = $"available={available.Count}" + (selected is null ? "" : $", selected={selected}"),
            ["attempt"] = attempts.Count,
            ["is_byok"] = isByok,
            ["endpoints"] = endpoints,
            ["attempts"] = tried,
            ["params"] = new JsonObject(),
            ["pipeline"] = PipelineStages.Of(decisive),
        };

        // Beyond OpenRouter: what was adapted to the endpoint is told, sentence by sentence.
        if (notes is { Count: > 0 })
            metadata["notes"] = new JsonArray([.. notes.Select(static note => (JsonNode)note)]);
        return JsonSerializer.SerializeToElement(metadata, WireJson.Strict.JsonObject);
    }

    // OpenRouter's clients insist on a number: where the provider gave none, it is the one such a failure is answered with.
    private static int StatusOf(RouteAttempt attempt) => attempt.Outcome == AttemptOutcome.Answered
        ? StatusCodes.Status200OK
        : attempt.Failure?.Status ?? attempt.Failure?.Kind.Consequences().HttpStatus ?? StatusCodes.Status499ClientClosedRequest;

    private static JsonObject Endpoint(string provider, string? model, bool selected) => new()
    {
        ["provider"] = provider,
        ["model"] = model ?? "",
        ["selected"] = selected,
    };

    private static JsonNode Excluded(ExcludedEndpoint excluded) => new JsonObject
    {
        ["provider"] = excluded.Endpoint.Provider,
        ["model"] = excluded.Model.Id,
        ["endpoint"] = excluded.Endpoint.Tag,
        ["filter"] = excluded.Filter,
        ["reason"] = excluded.Reason,
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
