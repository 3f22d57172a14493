using System.Text.Json;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>The shape of the answer, in the provider's form.</summary>
internal static class FormatWriter
{
    private const string DefaultSchemaName = "json_schema";
    private const string JsonSchema = "json_schema";
    private const string JsonObject = "json_object";

    public static ResponseFormat? Write(ChatOptions options)
    {
        switch (options.ResponseFormat)
        {
            case null:
                return null;
            case ChatResponseFormatText:
                return new ResponseFormat { Type = "text" };
            case ChatResponseFormatJson { Schema: { } schema } json:
                var strict = StrictSchemas.IsAskedFor(options.AdditionalProperties, out _);
                return new ResponseFormat
                {
                    Type = JsonSchema,
                    JsonSchema = new JsonSchemaFormat
                    {
                        Name = json.SchemaName ?? DefaultSchemaName,
                        Description = json.SchemaDescription,
                        Schema = strict == true ? StrictSchemas.Of(json) : schema,
                        Strict = strict,
                    },
                };
            default:
                return new ResponseFormat { Type = JsonObject };
        }
    }

    /// <summary>Puts the schema, if there is one, where the provider looks for it.</summary>
    public static ResponseFormat? Spell(ResponseFormat? format, SchemaSpelling spelling)
    {
        if (spelling == SchemaSpelling.JsonSchema || format is not { Type: JsonSchema, JsonSchema.Schema: { } schema })
            return format;

        var (type, place) = spelling == SchemaSpelling.JsonObject ? (JsonObject, "schema") : (JsonSchema, JsonSchema);
        return new ResponseFormat { Type = type, Extra = new Dictionary<string, JsonElement>(format.Extra ?? new Dictionary<string, JsonElement>()) { [place] = schema } };
    }
}
