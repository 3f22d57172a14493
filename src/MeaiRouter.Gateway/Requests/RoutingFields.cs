using System.Text.Json;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;

namespace MeaiRouter.Gateway.Requests;

/// <summary>Reads OpenRouter's routing fields. One that this gateway does not honour is refused, never passed over.</summary>
internal static class RoutingFields
{
    public static RoutingPreferences? Read(ChatCompletionRequest request)
    {
        Refuse("plugins", request.Plugins);
        Refuse("transforms", request.Transforms);

        var preferences = IsSet(request.Provider) ? ProviderObject.Read(request.Provider!.Value) : null;
        if (request.Models is { Count: > 0 } models)
            preferences = (preferences ?? RoutingPreferences.None) with { Models = ModelEntries.Read(models) };
        if (IsSet(request.Preset))
            preferences = (preferences ?? RoutingPreferences.None) with { Preset = Text("preset", request.Preset!.Value) };
        if (IsSet(request.Route))
            preferences = Partition(Text("route", request.Route!.Value), preferences ?? RoutingPreferences.None);
        return preferences;
    }

    /// <summary>The session of the request: the body's wins over the header's, as at OpenRouter.</summary>
    public static string? ReadSession(ChatCompletionRequest request, string? header) =>
        IsSet(request.SessionId) ? Text("session_id", request.SessionId!.Value) : string.IsNullOrWhiteSpace(header) ? null : header;

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

    private static void Refuse(string name, JsonElement? value)
    {
        if (IsSet(value) && !(value!.Value.ValueKind == JsonValueKind.Array && value.Value.GetArrayLength() == 0))
            throw GatewayException.Invalid($"'{name}' is not supported by this gateway and would have no effect. Remove it.");
    }
}
