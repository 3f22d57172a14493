using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization;

/// <summary>A function under another name, with another schema, or with other properties.</summary>
internal static class RewrittenFunction
{
    public static AIFunctionDeclaration Of(AIFunctionDeclaration function, string name, JsonElement schema, IReadOnlyDictionary<string, object?> properties) =>
        function is AIFunction callable
            ? new Callable(callable, name, schema, properties)
            : new Declaration(function, name, schema, properties);

    private sealed class Declaration(AIFunctionDeclaration function, string name, JsonElement schema, IReadOnlyDictionary<string, object?> properties)
        : AIFunctionDeclaration
    {
        public override string Name => name;

        public override string Description => function.Description;

        public override JsonElement JsonSchema => schema;

        public override JsonElement? ReturnJsonSchema => function.ReturnJsonSchema;

        public override IReadOnlyDictionary<string, object?> AdditionalProperties => properties;

        public override object? GetService(Type serviceType, object? serviceKey = null) =>
            base.GetService(serviceType, serviceKey) ?? function.GetService(serviceType, serviceKey);
    }

    // Whoever invokes functions further in can still do so.
    private sealed class Callable(AIFunction function, string name, JsonElement schema, IReadOnlyDictionary<string, object?> properties)
        : DelegatingAIFunction(function)
    {
        public override string Name => name;

        public override JsonElement JsonSchema => schema;

        public override IReadOnlyDictionary<string, object?> AdditionalProperties => properties;
    }
}
