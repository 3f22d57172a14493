using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.Gateway.Messages;

/// <summary>OpenRouter's fields of a Messages request, in the form in which those of a chat completion are read.</summary>
internal static class RequestTerms
{
    private const int MostFallbacks = 3;

    private static readonly string[] Fields = ["models", "provider", "preset", "route", "session_id", "plugins", "transforms"];

    public static ChatCompletionRequest Of(MessagesRequest request)
    {
        var terms = new JsonObject();
        foreach (var name in Fields)
        {
            if (Given(request, name) is { } value)
                terms[name] = JsonNode.Parse(value.GetRawText());
        }

        if (Given(request, "fallbacks") is { } fallbacks)
        {
            terms["models"] = terms.ContainsKey("models")
                ? throw GatewayException.Invalid("'fallbacks' and 'models' are both set. Send one of them.")
                : Models(fallbacks);
        }

        var read = terms.Count == 0
            ? new ChatCompletionRequest()
            : OpenAI.Codec.RequestReader.Parse(JsonSerializer.SerializeToUtf8Bytes(terms, WireJson.Strict.JsonObject));
        read.Model = request.Model;
        read.Extra = Attribution(request);
        return read;
    }

    private static JsonElement? Given(MessagesRequest request, string name) =>
        request.Extra?.TryGetValue(name, out var value) == true && value.ValueKind != JsonValueKind.Null ? value : null;

    // OpenRouter: at most three, and nothing but their model.
    private static JsonArray Models(JsonElement fallbacks)
    {
        if (fallbacks.ValueKind != JsonValueKind.Array)
            throw GatewayException.Invalid($"'fallbacks' is {JsonKind.Of(fallbacks)}; it must be an array of objects such as {{\"model\":\"acme/small\"}}.");
        if (fallbacks.GetArrayLength() > MostFallbacks)
            throw GatewayException.Invalid($"'fallbacks' has {fallbacks.GetArrayLength()} entries; it may have at most {MostFallbacks}.");

        var models = new JsonArray();
        foreach (var entry in fallbacks.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("model", out var model) || model.ValueKind != JsonValueKind.String
                || entry.EnumerateObject().Count() != 1)
                throw GatewayException.Invalid($"'fallbacks[{models.Count}]' must be an object with nothing but a model, such as {{\"model\":\"acme/small\"}}.");
            models.Add((JsonNode)model.GetString()!);
        }

        return models;
    }

    private static Dictionary<string, JsonElement>? Attribution(MessagesRequest request)
    {
        Dictionary<string, JsonElement>? fields = null;
        if (request.Metadata?.UserId is { } user)
            (fields ??= [])["user"] = JsonSerializer.SerializeToElement(user, WireJson.Strict.String);
        if (request.Metadata?.Extra is { Count: > 0 } others)
            (fields ??= [])["metadata"] = JsonSerializer.SerializeToElement(others, WireJson.Strict.IDictionaryStringJsonElement);
        return fields;
    }
}
