using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>
/// Schemas that the model is held to, with every object closed to other properties whose schema says nothing of them: Anthropic refuses objects that are open
/// (its documentation of structured outputs).
/// </summary>
internal static class ClosedSchemas
{
    private static readonly AIJsonSchemaTransformCache Cache = new(new AIJsonSchemaTransformOptions { DisallowAdditionalProperties = true });

    public static JsonElement? Of(ChatResponseFormatJson format) => Cache.GetOrCreateTransformedSchema(format);

    public static JsonElement Of(AIFunctionDeclaration function) => Cache.GetOrCreateTransformedSchema(function);
}
