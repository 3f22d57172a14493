using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;

namespace MeaiRouter.Gateway.Errors;

/// <summary>OpenRouter's <c>error.availability</c>: whether a model cannot be had at the moment, by this caller, or at all.</summary>
internal static class Availability
{
    private const string DataPolicy = "data_policy";
    private const string DataRegion = "data_region";
    private const string RegionRestricted = "region_restricted";

    // The codes are OpenRouter's, and its page says what each of them means and what to do.
    private const string Docs = "https://openrouter.ai/docs/errors#";

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
        if (isRetriable && SoonestHint(failure) is { } wait)
            availability["retry_after"] = (int)Math.Ceiling(wait.TotalSeconds);
        if (AffectedProviders(failure) is { Count: > 0 } affected)
            availability["affected_providers"] = affected;
        if (failure.ExcludedBy.Count > 0)
            availability["excluded_by"] = Strings(failure.ExcludedBy);
        if (code == "constraint_filtered")
            availability["constraint"] = new JsonObject { ["field"] = failure.ExcludedBy[0], ["detail"] = DetailOf(failure) };
        availability["docs_url"] = Docs + code;
        return JsonSerializer.SerializeToElement(availability, WireJson.Strict.JsonObject);
    }

    /// <summary>Whether the regions that the caller's data may go to are all that stands in the way, which is forbidden rather than not found.</summary>
    public static bool IsRegionRestricted(RouterException failure) => CodeOf(failure) == RegionRestricted;

    private static string? CodeOf(RouterException failure) => failure.Kind switch
    {
        FailureKind.UnknownModel => "model_not_found",
        FailureKind.NoEndpoint when failure.ExcludedBy.Count == 0 => "no_endpoints",
        FailureKind.NoEndpoint when failure.ExcludedBy.All(static filter => filter == DataRegion) => RegionRestricted,
        FailureKind.NoEndpoint when failure.ExcludedBy.All(static filter => filter.StartsWith(DataPolicy, StringComparison.Ordinal)) => "privacy_restricted",
        FailureKind.NoEndpoint => "constraint_filtered",
        FailureKind.ModelNotFound when failure.Attempts.Count > 0 => "model_unavailable_upstream",
        FailureKind.RateLimited => "capacity_exhausted",
        _ when failure.Attempts.Count > 0 && failure.Kind.Consequences().HttpStatus is 502 or 503 or 504 => "temporarily_unavailable",
        _ => null,
    };

    // OpenRouter: the soonest of the hints, here also where not every provider gave one.
    private static TimeSpan? SoonestHint(RouterException failure) => failure.RetryAfter ?? failure.Attempts.Min(static attempt => attempt.Failure?.RetryAfter);

    private static JsonArray AffectedProviders(RouterException failure) => Strings(failure.Attempts.Count > 0
        ? failure.Attempts.Select(static attempt => attempt.Provider).Distinct()
        : (failure.GetRoutePlan()?.Excluded ?? []).Select(static excluded => excluded.Endpoint.Provider).Distinct());

    private static string DetailOf(RouterException failure) => failure.GetRoutePlan()?.Excluded is [var first, ..] ? first.Reason : failure.Message;

    private static JsonArray Strings(IEnumerable<string> values)
    {
        var array = new JsonArray();
        foreach (var value in values)
            array.Add((JsonNode)value);
        return array;
    }
}
