using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Schemas;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Attempts;

/// <summary>Whether a model called tools as they were offered: a name that exists, arguments that are JSON and satisfy the schema.</summary>
/// <remarks>OpenRouter's rule for Auto Exacto. What cannot be judged counts as valid: it is the endpoint's reputation that is at stake.</remarks>
internal static class ToolCallValidity
{
    // One more than JSON is read with, for the object around the arguments, and room to spare.
    private const int DeepestArguments = 128;

    /// <summary>Whether a call is one that an application could carry out.</summary>
    /// <param name="call">The call, whole.</param>
    /// <param name="tools">The tools offered; <see langword="null"/> if unknown.</param>
    public static bool IsValid(FunctionCallContent call, IList<AITool>? tools)
    {
        if (call.Exception is not null || call.Name.Length == 0)
            return false;
        if (tools is null)
            return true;

        var isOpen = false;
        foreach (var tool in tools)
        {
            if (tool is not AIFunctionDeclaration function)
                isOpen = true;
            else if (function.Name == call.Name)
                return ArgumentsOf(call) is not { } arguments || SchemaCheck.FirstProblem(arguments, function.JsonSchema) is null;
        }

        // A hosted tool may be called by names that only the provider knows.
        return isOpen;
    }

    private static JsonElement? ArgumentsOf(FunctionCallContent call)
    {
        var written = new JsonObject();
        foreach (var (name, value) in call.Arguments ?? new Dictionary<string, object?>())
        {
            if (!TryWrite(value, out var node))
                return null;
            written[name] = node;
        }

        return JsonElement.Parse(written.ToJsonString(), new JsonDocumentOptions { MaxDepth = DeepestArguments });
    }

    // Arguments are JSON as it was read; anything else was put there by an application and is not the model's doing.
    private static bool TryWrite(object? value, out JsonNode? node)
    {
        (var isKnown, node) = value switch
        {
            null => (true, null),
            JsonElement { ValueKind: JsonValueKind.Object } json => (true, JsonObject.Create(json)),
            JsonElement { ValueKind: JsonValueKind.Array } json => (true, JsonArray.Create(json)),
            JsonElement { ValueKind: JsonValueKind.Null } => (true, null),
            JsonElement { ValueKind: not JsonValueKind.Undefined } json => (true, JsonValue.Create(json)),
            JsonNode own => (true, own.DeepClone()),
            string text => (true, JsonValue.Create(text)),
            bool flag => (true, JsonValue.Create(flag)),
            int number => (true, JsonValue.Create(number)),
            long number => (true, JsonValue.Create(number)),
            double number when double.IsFinite(number) => (true, JsonValue.Create(number)),
            decimal number => (true, JsonValue.Create(number)),
            _ => (false, (JsonNode?)null),
        };
        return isKnown;
    }
}
