using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Requests;

/// <summary>A function under another name, with another schema, or without a word on strictness.</summary>
internal static class AdaptedFunction
{
    /// <summary>Under which key tools and options say that the provider must hold the model to the schema.</summary>
    public const string Strict = "strict";

    public static AIFunctionDeclaration Of(AIFunctionDeclaration function, string name, JsonElement schema, bool keepsStrict)
    {
        // Null rather than absent: what the options say of strictness holds only for tools that do not say.
        var properties = keepsStrict ? function.AdditionalProperties : new AdditionalPropertiesDictionary(function.AdditionalProperties) { [Strict] = null };
        return function is AIFunction callable
            ? new Callable(callable, name, schema, properties)
            : new Declaration(function, name, schema, properties);
    }

    /// <summary>Whether the function, or else the options, ask for strictness.</summary>
    public static bool IsStrict(AIFunctionDeclaration function, ChatOptions options)
    {
        if (function.AdditionalProperties.TryGetValue(Strict, out var own))
            return own is true;
        return options.AdditionalProperties?.TryGetValue(Strict, out var all) == true && all is true;
    }

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
