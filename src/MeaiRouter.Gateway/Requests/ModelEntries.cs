using System.Text.Json;
using MeaiRouter.Catalog;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;

namespace MeaiRouter.Gateway.Requests;

/// <summary>
/// Reads <c>models</c>: names, as at OpenRouter, or objects such as
/// <c>{ "model": "acme/large", "provider": { "order": ["acme"] }, "temperature": 0, "headers": { "X-Team": "blue" } }</c>.
/// </summary>
internal static class ModelEntries
{
    private static readonly string[] Fields =
    [
        "model", "provider", "temperature", "top_p", "top_k", "frequency_penalty", "presence_penalty", "max_tokens", "max_completion_tokens", "seed",
        "stop", "headers",
    ];

    public static ModelFallback[] Read(IList<ModelEntry> models)
    {
        var entries = new ModelFallback[models.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            var path = $"models[{i}]";
            if (models[i]?.Terms is { } terms)
                entries[i] = Read(terms, path);
            else if (string.IsNullOrWhiteSpace(models[i]?.Model))
                throw GatewayException.Invalid($"'{path}' is {(models[i] is null ? "null" : "empty")}; it must be the name of a model.");
            else
                entries[i] = models[i].Model!;
        }

        return entries;
    }

    private static ModelFallback Read(JsonElement terms, string path)
    {
        if (!terms.TryGetProperty("model", out var model) || model.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(model.GetString()))
            throw GatewayException.Invalid($"'{path}.model' is missing or empty; it must be the name of a model.");

        var entry = new ModelFallback(model.GetString()!);
        foreach (var field in terms.EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.Null)
                entry = Apply(entry, field.Name, $"{path}.{field.Name}", field.Value);
        }

        return entry;
    }

    private static ModelFallback Apply(ModelFallback entry, string name, string path, JsonElement value) => name switch
    {
        "model" => entry,
        "provider" => entry with { Preferences = ProviderObject.Read(value, path) },
        "temperature" => entry with { Temperature = Number(path, value) },
        "top_p" => entry with { TopP = Number(path, value) },
        "top_k" => entry with { TopK = Count(path, value) },
        "frequency_penalty" => entry with { FrequencyPenalty = Number(path, value) },
        "presence_penalty" => entry with { PresencePenalty = Number(path, value) },
        "max_tokens" or "max_completion_tokens" => entry with { MaxOutputTokens = Count(path, value) },
        "seed" => entry with { Seed = value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seed) ? seed : throw Wrong(path, value, "a whole number") },
        "stop" => entry with { StopSequences = Texts(path, value) },
        "headers" => WithHeaders(entry, path, value),
        _ => throw GatewayException.Invalid($"'{path}' is not a field of an entry of 'models'.{NearestNames.Hint(name, Fields)}"),
    };

    private static ModelFallback WithHeaders(ModelFallback entry, string path, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw Wrong(path, value, "an object of strings");

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in value.EnumerateObject())
        {
            var text = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString() : null;
            if (RequestHeaders.Problem(field.Name, text) is { } problem)
                throw GatewayException.Invalid($"'{path}': {problem}");
            headers[field.Name] = text!;
        }

        return entry with { Headers = headers };
    }

    private static float Number(string path, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) && float.IsFinite(number) ? number : throw Wrong(path, value, "a number");

    private static int Count(string path, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number > 0
            ? number
            : throw Wrong(path, value, "a whole number of at least 1");

    private static string[] Texts(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
            return [value.GetString()!];
        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(static item => item.GetString()!)]
            : throw Wrong(path, value, "a string or an array of strings");
    }

    private static GatewayException Wrong(string path, JsonElement value, string expected) =>
        GatewayException.Invalid($"'{path}' is {JsonKind.Of(value)}; it must be {expected}.");
}
