using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Requests;

/// <summary>The format an answer was asked to have, as the caller asked for it.</summary>
/// <param name="Schema">The caller's schema, to check answers against; <see langword="null"/> where any JSON object will do.</param>
/// <param name="Description">What the caller says of the schema; <see langword="null"/> if nothing.</param>
internal sealed record StructuredRequest(JsonElement? Schema, string? Description)
{
    private static readonly StructuredRequest AnyJson = new(null, null);

    /// <summary>What a request asks for, in the extra body or in the options; <see langword="null"/> for text, and for formats that only a provider knows.</summary>
    public static StructuredRequest? Of(ChatOptions options)
    {
        if (ExtraBody.Find(options, RequestParameters.ResponseFormat) is JsonObject format)
        {
            return Text(format["type"]) switch
            {
                "json_object" => AnyJson,
                "json_schema" => OfWire(format["json_schema"] as JsonObject),
                _ => null,
            };
        }

        return options.ResponseFormat switch
        {
            ChatResponseFormatJson { Schema: { } schema } json => new StructuredRequest(schema, json.SchemaDescription),
            ChatResponseFormatJson => AnyJson,
            _ => null,
        };
    }

    private static StructuredRequest OfWire(JsonObject? format) => format?["schema"] is JsonObject schema
        ? new StructuredRequest(JsonElement.Parse(schema.ToJsonString()), Text(format["description"]))
        : AnyJson;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
