using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.Gateway.Errors;

/// <summary>OpenRouter's <c>error.availability</c>: whether a model cannot be had at the moment, by this caller, or at all.</summary>
internal static class Availability
{
    private const string DataPolicy = "data_policy";

    public static JsonElement? Of(RouterException failure, RequestedModels models)
    {
        if (CodeOf(failure) is not { } code)
            return null;

        var isRetriable = code is "capacity_exhausted" or "temporarily_unavailable";
        var availability = new JsonObject
        {
            ["code"] = code,
            ["retryable"] = isRetriable,
            ["requested_models"] = Strings(models.Names),
        };
        if (isRetriable && failure.RetryAfter is { } wait)
            availability["retry_after"] = (int)Math.Ceiling(wait.TotalSeconds);
        if (failure.Attempts.Count > 0)
            availability["affected_providers"] = Strings(failure.Attempts.Select(attempt => attempt.Provider).Distinct());
        if (failure.ExcludedBy.Count > 0)
            availability["excluded_by"] = Strings(failure.ExcludedBy);
        return JsonSerializer.SerializeToElement(availability, WireJson.Strict.JsonObject);
    }

    private static string? CodeOf(RouterException failure) => failure.Kind switch
    {
        FailureKind.UnknownModel => "model_not_found",
        FailureKind.NoEndpoint when failure.ExcludedBy.Count == 0 => "no_endpoints",
        FailureKind.NoEndpoint when failure.ExcludedBy.All(filter => filter.StartsWith(DataPolicy, StringComparison.Ordinal)) => "privacy_restricted",
        FailureKind.NoEndpoint => "constraint_filtered",
        FailureKind.RateLimited => "capacity_exhausted",
        _ when failure.Attempts.Count > 0 && failure.Kind.Consequences().HttpStatus is 502 or 503 or 504 => "temporarily_unavailable",
        _ => null,
    };

    private static JsonArray Strings(IEnumerable<string> values)
    {
        var array = new JsonArray();
        foreach (var value in values)
            array.Add((JsonNode)value);
        return array;
    }
}
