using System.Text.Json;
using MeaiRouter.Catalog;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;

namespace MeaiRouter.Gateway.Requests;

/// <summary>Reads OpenRouter's <c>plugins</c>, and <c>transforms</c>, their older form. Those that we do not have are refused by name.</summary>
internal static class Plugins
{
    private const string Healing = "response-healing";
    private const string Compression = "context-compression";
    private const string MiddleOut = "middle-out";

    private static readonly string[] Ours = [Healing, Compression];

    /// <summary>Switches on or off what the request names.</summary>
    /// <param name="request">The request.</param>
    /// <param name="preferences">What it asks besides; <see langword="null"/> if nothing.</param>
    /// <returns>The preferences with that in them; the same if it names none.</returns>
    /// <exception cref="GatewayException">It names a plugin or a transform that we do not have, or in the wrong form.</exception>
    public static RoutingPreferences? AddTo(RoutingPreferences? preferences, ChatCompletionRequest request)
    {
        if (IsSet(request.Transforms))
            preferences = ReadTransforms(request.Transforms!.Value, preferences);
        if (!IsSet(request.Plugins))
            return preferences;

        var plugins = request.Plugins!.Value;
        if (plugins.ValueKind != JsonValueKind.Array)
            throw ProviderObject.Wrong("plugins", plugins, "an array of plugins such as {\"id\":\"response-healing\"}");
        for (var i = 0; i < plugins.GetArrayLength(); i++)
            preferences = ReadPlugin(plugins[i], $"plugins[{i}]", preferences);
        return preferences;
    }

    private static RoutingPreferences? ReadPlugin(JsonElement plugin, string path, RoutingPreferences? preferences)
    {
        if (plugin.ValueKind != JsonValueKind.Object)
            throw ProviderObject.Wrong(path, plugin, "an object such as {\"id\":\"response-healing\"}");
        if (!plugin.TryGetProperty("id", out var named) || named.ValueKind != JsonValueKind.String)
            throw GatewayException.Invalid($"'{path}.id' is missing or no string; it must be one of {string.Join(", ", Ours)}.");

        var id = named.GetString()!;
        var isEnabled = !plugin.TryGetProperty("enabled", out var enabled) || enabled.ValueKind == JsonValueKind.Null || ProviderObject.Boolean($"{path}.enabled", enabled);
        if (!Ours.Contains(id))
        {
            // What is switched off has no effect anywhere.
            if (!isEnabled)
                return preferences;
            throw GatewayException.Invalid($"'{path}.id' is '{id}', a plugin this gateway does not have. It has {string.Join(" and ", Ours)}.{NearestNames.Hint(id, Ours)}");
        }

        foreach (var field in plugin.EnumerateObject())
        {
            if (field.Name == "engine" && id == Compression)
                ReadEngine(field.Value, $"{path}.engine");
            else if (field.Name is not ("id" or "enabled") && field.Value.ValueKind != JsonValueKind.Null)
                throw GatewayException.Invalid($"'{path}.{field.Name}' is not a field of the plugin {id}. It has 'id' and 'enabled'{(id == Compression ? " and 'engine'" : "")}.");
        }

        preferences ??= RoutingPreferences.None;
        return id == Healing ? preferences with { HealAnswers = isEnabled } : preferences with { CompressContext = isEnabled };
    }

    private static void ReadEngine(JsonElement engine, string path)
    {
        if (engine.ValueKind != JsonValueKind.Null && !(engine.ValueKind == JsonValueKind.String && engine.ValueEquals(MiddleOut)))
            throw ProviderObject.Wrong(path, engine, $"'{MiddleOut}'");
    }

    // OpenRouter: an empty list switches off what is otherwise on by default.
    private static RoutingPreferences ReadTransforms(JsonElement transforms, RoutingPreferences? preferences)
    {
        var names = ProviderObject.Strings("transforms", transforms);
        if (Array.Find(names, static name => name != MiddleOut) is { } unknown)
            throw GatewayException.Invalid($"'transforms' holds '{unknown}', which this gateway does not have. It has {MiddleOut}.");
        return (preferences ?? RoutingPreferences.None) with { CompressContext = names.Length > 0 };
    }

    private static bool IsSet(JsonElement? value) => value is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) };
}
