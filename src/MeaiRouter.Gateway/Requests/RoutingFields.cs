using System.Text.Json;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;

namespace MeaiRouter.Gateway.Requests;

/// <summary>Reads OpenRouter's routing fields. One that this gateway does not honour is refused, never passed over.</summary>
internal static class RoutingFields
{
    // OpenRouter's limit on session_id.
    private const int LongestSession = 256;

    public static RoutingPreferences? Read(ChatCompletionRequest request)
    {
        var preferences = IsSet(request.Provider) ? ProviderObject.Read(request.Provider!.Value) : null;
        if (request.Models is { Count: > 0 } models)
            preferences = (preferences ?? RoutingPreferences.None) with { Models = ModelEntries.Read(models) };
        if (IsSet(request.Preset))
            preferences = (preferences ?? RoutingPreferences.None) with { Preset = Text("preset", request.Preset!.Value) };
        if (IsSet(request.Route))
            preferences = Partition(Text("route", request.Route!.Value), preferences ?? RoutingPreferences.None);
        return preferences;
    }

    /// <summary>The session of the request: the body's, else the header's, else the key of the prompt cache, as at OpenRouter.</summary>
    /// <exception cref="GatewayException">It is no text, or too long.</exception>
    public static string? ReadSession(ChatCompletionRequest request, string? header)
    {
        if (IsSet(request.SessionId))
            return Bounded("session_id", Text("session_id", request.SessionId!.Value));
        if (!string.IsNullOrWhiteSpace(header))
            return Bounded("x-session-id", header);

        // Meant for the provider first: one that is no session is no mistake.
        return request.Extra?.TryGetValue("prompt_cache_key", out var cache) == true && cache.ValueKind == JsonValueKind.String
            && cache.GetString() is { Length: <= LongestSession } key && !string.IsNullOrWhiteSpace(key)
            ? key
            : null;
    }

    private static string Bounded(string name, string session) => session.Length <= LongestSession && !string.IsNullOrWhiteSpace(session)
        ? session
        : throw GatewayException.Invalid($"'{name}' is blank or too long; it may have at most {LongestSession} characters.");

    // OpenRouter: the deprecated name of provider.sort.partition, without a meaning where nothing is sorted.
    private static RoutingPreferences Partition(string route, RoutingPreferences preferences)
    {
        var partition = route switch
        {
            "fallback" => SortPartition.Model,
            "sort" => SortPartition.None,
            _ => throw GatewayException.Invalid($"'route' is '{route}'; it must be 'fallback' or 'sort'."),
        };
        return preferences.Sort is { } sort ? preferences with { Sort = sort with { Partition = partition } } : preferences;
    }

    private static bool IsSet(JsonElement? value) => value is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) };

    private static string Text(string name, JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
        ? text
        : throw GatewayException.Invalid($"'{name}' is {JsonKind.Of(value)}; it must be a string that is not empty.");
}
