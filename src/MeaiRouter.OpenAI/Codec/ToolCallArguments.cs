using System.Text;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Tool calls and the text of their arguments. Arguments that are no JSON object are kept as they came, never lost.</summary>
internal static class ToolCallArguments
{
    private static readonly JsonSerializerOptions ValueOptions = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <summary>A whole call. One without an id gets one, because its result must be able to name it.</summary>
    public static FunctionCallContent Read(ToolCall call)
    {
        var content = FunctionCallContent.CreateFromParsedArguments(
            call.Function?.Arguments ?? "",
            string.IsNullOrEmpty(call.Id) ? "call_" + Guid.NewGuid().ToString("N") : call.Id,
            call.Function?.Name ?? "",
            static text => Parse(text));
        content.RawRepresentation = call;
        content.AdditionalProperties = Verbatim.Bundle(call.Extra);
        if (content.Exception is not null)
            (content.AdditionalProperties ??= [])[AnswerProperties.RawArguments] = call.Function?.Arguments;
        return content;
    }

    /// <summary>The call as the wire has it.</summary>
    public static ToolCall Write(FunctionCallContent content) => new()
    {
        Id = content.CallId,
        Type = "function",
        Function = new CalledFunction { Name = content.Name, Arguments = Text(content) },
        Extra = Verbatim.Unbundle(content.AdditionalProperties),
    };

    /// <summary>The text of a tool's result.</summary>
    public static string ResultText(object? result)
    {
        if (result is null)
            return "";
        if (result is string text)
            return text;

        try
        {
            return JsonSerializer.Serialize(result, ValueOptions.GetTypeInfo(typeof(object)));
        }
        catch (NotSupportedException)
        {
            return result.ToString() ?? "";
        }
    }

    /// <summary>Whether the text is a complete JSON value.</summary>
    public static bool IsComplete(string text)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Text(FunctionCallContent content)
    {
        var asItCame = (content.RawRepresentation as ToolCall)?.Function?.Arguments;
        if (content.Exception is not null && asItCame is not null)
            return asItCame;

        // To the letter where nobody has changed them: a provider's prompt cache knows every space.
        var written = Serialize(content.Arguments);
        return asItCame is not null && IsComplete(asItCame) && Serialize(Parse(asItCame)) == written ? asItCame : written;
    }

    private static string Serialize(IDictionary<string, object?>? arguments) => arguments is { Count: > 0 }
        ? JsonSerializer.Serialize(arguments, ValueOptions.GetTypeInfo(typeof(IDictionary<string, object?>)))
        : "{}";

    private static Dictionary<string, object?> Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return [];

        var json = BrokenText.Repair(Encoding.UTF8.GetBytes(text), out _);
        var arguments = JsonSerializer.Deserialize(json, WireJson.Strict.DictionaryStringObject);

        // "null" stands for no arguments at providers that serialize an absent object.
        return arguments ?? [];
    }
}
