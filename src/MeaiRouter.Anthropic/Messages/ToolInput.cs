using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>The input of a tool call: an object on the wire, arguments in Microsoft.Extensions.AI.</summary>
internal static class ToolInput
{
    private static readonly JsonSerializerOptions ValueOptions = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    /// <summary>Reads a call whose input came whole.</summary>
    public static FunctionCallContent Read(string id, string name, JsonElement? input) => new(id, name, Arguments(input));

    /// <summary>Reads a call whose input came as text, which may have been cut off.</summary>
    public static FunctionCallContent Read(string id, string name, string input)
    {
        var call = FunctionCallContent.CreateFromParsedArguments(input, id, name, static text => Arguments(string.IsNullOrWhiteSpace(text) ? null : JsonElement.Parse(text)));

        // What cannot be read is kept as it came.
        if (call.Exception is not null)
            call.RawRepresentation = input;
        return call;
    }

    public static JsonElement Write(FunctionCallContent call) => call.Arguments is { Count: > 0 } arguments
        ? JsonSerializer.SerializeToElement(arguments, ValueOptions.GetTypeInfo(typeof(IDictionary<string, object?>)))
        : Empty;

    /// <summary>The input as the pieces of a stream join to it.</summary>
    public static string WriteText(FunctionCallContent call) => call.RawRepresentation as string ?? Write(call).GetRawText();

    /// <summary>The text of a result that is neither text nor content.</summary>
    public static string ResultText(object result)
    {
        try
        {
            return JsonSerializer.Serialize(result, ValueOptions.GetTypeInfo(typeof(object)));
        }
        catch (NotSupportedException)
        {
            return result.ToString() ?? "";
        }
    }

    private static Dictionary<string, object?>? Arguments(JsonElement? input)
    {
        if (input is not { ValueKind: JsonValueKind.Object } json)
            return input is null or { ValueKind: JsonValueKind.Null } ? [] : throw new JsonException("The input is no object.");

        var arguments = new Dictionary<string, object?>();
        foreach (var field in json.EnumerateObject())
            arguments[field.Name] = field.Value;
        return arguments;
    }
}
