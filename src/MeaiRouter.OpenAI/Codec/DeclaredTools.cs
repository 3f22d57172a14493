using System.Text.Json;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>A function that a caller declared over the wire: the model may call it, nobody here can run it.</summary>
internal sealed class DeclaredFunction(string name, FunctionDefinition definition, AdditionalPropertiesDictionary properties)
    : AIFunctionDeclaration
{
    private static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{}}""");

    public override string Name => name;

    public override string Description => definition.Description ?? "";

    public override JsonElement JsonSchema => definition.Parameters ?? NoParameters;

    public override IReadOnlyDictionary<string, object?> AdditionalProperties => properties;
}

/// <summary>A tool of a type that only the provider knows, carried as it came.</summary>
internal sealed class VerbatimTool(ToolDefinition definition) : AITool
{
    public ToolDefinition Definition => definition;

    public override string Name => definition.Type ?? "";
}
