using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.OpenAI.Responses;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.Gateway.Documentation;

/// <summary>The schemas of bodies and answers: where a type is read or written, they are that type's.</summary>
internal static class DocumentSchemas
{
    public const string Error = "Error";
    public const string MessagesError = "MessagesError";
    public const string ResponsesError = "ResponsesError";
    public const string Chat = "ChatCompletionRequest";
    public const string ChatAnswer = "ChatCompletion";
    public const string Responses = "ResponseRequest";
    public const string ResponsesAnswer = "Response";
    public const string Messages = "MessagesRequest";
    public const string MessagesAnswer = "Message";
    public const string TokenCount = "TokenCount";
    public const string Embeddings = "EmbeddingRequest";
    public const string EmbeddingsAnswer = "EmbeddingList";
    public const string Key = "Key";
    public const string Rotation = "KeyRotation";
    public const string ProviderKey = "ProviderKey";
    public const string Feedback = "Feedback";
    public const string CodeRequest = "AuthorizationCodeRequest";
    public const string CodeExchange = "AuthorizationCodeExchange";

    // The wire's own serializers read by lists of fields that say nothing about types.
    private static readonly WireJsonContext Wire = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });

    /// <summary>All of them, by name.</summary>
    public static JsonObject All() => new()
    {
        [Chat] = Requiring(Of(Wire.ChatCompletionRequest, Chat), "messages"),
        [ChatAnswer] = Of(Wire.ChatCompletion, ChatAnswer),
        [Responses] = Requiring(Of(ResponsesJson.Strict.ResponseRequest, Responses), "input"),
        [ResponsesAnswer] = Of(ResponsesJson.Strict.ResponseObject, ResponsesAnswer),
        [Messages] = Requiring(Of(MessagesJson.Wire.MessagesRequest, Messages), "messages", "max_tokens"),
        [MessagesAnswer] = Of(MessagesJson.Wire.AnswerMessage, MessagesAnswer),
        [TokenCount] = Of(MessagesJson.Wire.TokenCount, TokenCount),
        [Embeddings] = Written("""
            { "model": { "type": "string" }, "input": { "type": ["string", "array"], "items": { "type": "string" } }, "dimensions": { "type": "integer", "minimum": 1 },
              "encoding_format": { "enum": ["float", "base64"] }, "user": { "type": "string" } }
            """, "input"),
        [EmbeddingsAnswer] = Of(Wire.EmbeddingList, EmbeddingsAnswer),
        [Error] = Written("""
            { "error": { "type": "object", "properties": { "code": { "type": "integer" }, "message": { "type": "string" }, "metadata": { "type": "object" } } } }
            """, "error"),
        [ResponsesError] = Written("""
            { "error": { "type": "object", "properties": { "code": { "type": "string" }, "type": { "type": "string" }, "message": { "type": "string" } } },
              "error_type": { "type": "string" } }
            """, "error"),
        [MessagesError] = Of(MessagesJson.Wire.ErrorEnvelope, MessagesError),
        [Key] = Written("""
            { "name": { "type": "string" }, "limit": { "type": ["number", "null"], "description": "US dollars" }, "limit_reset": { "enum": ["daily", "weekly", "monthly", null] },
              "expires_at": { "type": ["string", "null"], "format": "date-time" }, "disabled": { "type": "boolean" },
              "requests_per_minute": { "type": ["integer", "null"] }, "tokens_per_minute": { "type": ["integer", "null"] },
              "policy": { "type": ["object", "null"] }, "metadata": { "type": ["object", "null"] } }
            """),
        [Rotation] = Written("""{ "overlap_seconds": { "type": "integer", "minimum": 0, "description": "how long the old secret still works" } }"""),
        [ProviderKey] = Written("""
            { "provider": { "type": "string" }, "key": { "type": "string" }, "name": { "type": "string" }, "disabled": { "type": "boolean" }, "is_fallback": { "type": "boolean" },
              "always_use": { "type": "boolean" }, "sort_order": { "type": "integer" }, "allowed_models": { "type": "array", "items": { "type": "string" } },
              "allowed_user_ids": { "type": "array", "items": { "type": "string" } }, "allowed_api_key_hashes": { "type": "array", "items": { "type": "string" } } }
            """),
        [Feedback] = Written("""{ "generation_id": { "type": "string" }, "category": { "type": "string" }, "comment": { "type": "string" } }""", "generation_id", "category"),
        [CodeRequest] = Written("""
            { "callback_url": { "type": "string" }, "code_challenge": { "type": "string" }, "code_challenge_method": { "enum": ["S256", "plain"] }, "key_label": { "type": "string" },
              "limit": { "type": "number" }, "limit_reset": { "enum": ["daily", "weekly", "monthly"] }, "expires_at": { "type": "string", "format": "date-time" } }
            """, "code_challenge"),
        [CodeExchange] = Written("""
            { "code": { "type": "string" }, "code_verifier": { "type": "string" }, "code_challenge_method": { "enum": ["S256", "plain"] } }
            """, "code", "code_verifier"),
    };

    private static JsonObject Of(JsonTypeInfo type, string name)
    {
        var schema = type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true }).AsObject();
        PointInto(schema, name);
        return schema;
    }

    private static JsonObject Written(string properties, params string[] required) =>
        Requiring(new JsonObject { ["type"] = "object", ["properties"] = JsonNode.Parse(properties) }, required);

    private static JsonObject Requiring(JsonObject schema, params string[] required)
    {
        if (required.Length > 0)
            schema["required"] = new JsonArray([.. required.Select(static name => (JsonNode)name)]);
        return schema;
    }

    // Each schema refers to parts of itself, and is itself a part of the document.
    private static void PointInto(JsonNode? node, string name)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
                PointInto(item, name);
        }
        else if (node is JsonObject members)
        {
            foreach (var (_, value) in members)
                PointInto(value, name);
            if (members["$ref"] is JsonValue reference && reference.TryGetValue<string>(out var pointer) && pointer.StartsWith('#'))
                members["$ref"] = $"#/components/schemas/{name}{pointer[1..]}";
        }
    }
}
