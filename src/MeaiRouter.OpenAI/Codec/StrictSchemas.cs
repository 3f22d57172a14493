using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Schemas that a provider is to hold the model to, in the form OpenAI demands before it takes <c>"strict": true</c>.</summary>
internal static class StrictSchemas
{
    private static readonly AIJsonSchemaTransformCache Cache = new(new AIJsonSchemaTransformOptions
    {
        ConvertBooleanSchemas = true,
        DisallowAdditionalProperties = true,
        MoveDefaultKeywordToDescription = true,
        RequireAllProperties = true,
    });

    public static JsonElement Of(AIFunctionDeclaration function) => Cache.GetOrCreateTransformedSchema(function);

    public static JsonElement? Of(ChatResponseFormatJson format) => Cache.GetOrCreateTransformedSchema(format);

    /// <summary>What the properties say about strictness; nothing may be said, and nothing may be what is said.</summary>
    public static bool? IsAskedFor(IReadOnlyDictionary<string, object?>? properties, out bool isSaid)
    {
        object? strict = null;
        isSaid = properties is not null && properties.TryGetValue(RequestProperties.Strict, out strict);
        return strict as bool?;
    }
}
