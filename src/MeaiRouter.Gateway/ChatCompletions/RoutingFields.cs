using System.Collections.Frozen;
using System.Text.Json;
using MeaiRouter.Catalog;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;

namespace MeaiRouter.Gateway.ChatCompletions;

/// <summary>Reads OpenRouter's routing fields. One that this gateway does not honour is refused, never passed over.</summary>
internal static class RoutingFields
{
    // OpenRouter's provider object. To ignore one of these could send data where its owner does not want it.
    private static readonly FrozenSet<string> Unsupported = FrozenSet.Create(
        "require_parameters", "data_collection", "zdr", "enforce_distillable_text", "quantizations", "sort",
        "preferred_min_throughput", "preferred_max_latency", "max_price");

    private static readonly string[] Supported = ["order", "only", "ignore", "allow_fallbacks"];

    public static RoutingPreferences? Read(ChatCompletionRequest request)
    {
        Refuse("preset", request.Preset);
        Refuse("plugins", request.Plugins);
        Refuse("transforms", request.Transforms);

        var preferences = request.Provider is { } provider && provider.ValueKind != JsonValueKind.Null ? ReadProvider(provider) : null;
        return request.Models is { Count: > 0 } models ? (preferences ?? RoutingPreferences.None) with { Models = Names(models) } : preferences;
    }

    private static string[] Names(IList<string> models)
    {
        for (var i = 0; i < models.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(models[i]))
                throw GatewayException.Invalid($"'models[{i}]' is {(models[i] is null ? "null" : "empty")}; it must be the name of a model.");
        }

        return [.. models];
    }

    private static RoutingPreferences ReadProvider(JsonElement provider)
    {
        if (provider.ValueKind != JsonValueKind.Object)
            throw GatewayException.Invalid($"'provider' is {Kind(provider)}; it must be an object.");

        var preferences = RoutingPreferences.None;
        foreach (var field in provider.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Null)
                continue;

            preferences = field.Name switch
            {
                "order" => preferences with { Order = Strings(field) },
                "only" => preferences with { Only = Strings(field) },
                "ignore" => preferences with { Ignore = Strings(field) },
                "allow_fallbacks" => preferences with { AllowFallbacks = Boolean(field) },
                _ when Unsupported.Contains(field.Name) => throw GatewayException.Invalid(
                    $"'provider.{field.Name}' is not supported by this gateway and would have no effect. Remove it."),
                _ => throw GatewayException.Invalid(
                    $"'provider.{field.Name}' is not a field of 'provider'.{NearestNames.Hint(field.Name, Supported.Concat(Unsupported))}"),
            };
        }

        return preferences;
    }

    private static string[] Strings(JsonProperty field)
    {
        if (field.Value.ValueKind == JsonValueKind.Array && field.Value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String))
            return [.. field.Value.EnumerateArray().Select(item => item.GetString()!)];
        throw GatewayException.Invalid($"'provider.{field.Name}' is {Kind(field.Value)}; it must be an array of strings.");
    }

    private static bool Boolean(JsonProperty field) => field.Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw GatewayException.Invalid($"'provider.{field.Name}' is {Kind(field.Value)}; it must be true or false."),
    };

    private static void Refuse(string name, JsonElement? value)
    {
        var isUnset = value is not { } given
            || given.ValueKind == JsonValueKind.Null
            || (given.ValueKind == JsonValueKind.Array && given.GetArrayLength() == 0);
        if (!isUnset)
            throw GatewayException.Invalid($"'{name}' is not supported by this gateway and would have no effect. Remove it.");
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };
}
