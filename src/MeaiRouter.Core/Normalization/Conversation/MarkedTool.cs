using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>A tool with other properties than its own.</summary>
internal static class MarkedTool
{
    /// <returns><see langword="null"/> for a tool that is no function.</returns>
    public static AITool? WithProperties(AITool tool, AdditionalPropertiesDictionary? properties) => tool switch
    {
        AIFunction function => new Function(function, properties ?? []),
        AIFunctionDeclaration declaration => new Declaration(declaration, properties ?? []),
        _ => null,
    };

    private sealed class Function(AIFunction inner, AdditionalPropertiesDictionary properties) : DelegatingAIFunction(inner)
    {
        public override IReadOnlyDictionary<string, object?> AdditionalProperties => properties;
    }

    private sealed class Declaration(AIFunctionDeclaration inner, AdditionalPropertiesDictionary properties) : AIFunctionDeclaration
    {
        public override string Name => inner.Name;

        public override string Description => inner.Description;

        public override System.Text.Json.JsonElement JsonSchema => inner.JsonSchema;

        public override System.Text.Json.JsonElement? ReturnJsonSchema => inner.ReturnJsonSchema;

        public override IReadOnlyDictionary<string, object?> AdditionalProperties => properties;

        public override object? GetService(Type serviceType, object? serviceKey = null) =>
            base.GetService(serviceType, serviceKey) ?? inner.GetService(serviceType, serviceKey);
    }
}
