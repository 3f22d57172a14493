using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Attempts;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>Words for what is wrong with a request: the field, what it holds, what it must hold.</summary>
internal static class InvalidRequests
{
    private const int MaxMessageLength = 300;
    private const int LongestNumber = 32;

    private static readonly FrozenDictionary<string, string> Expected = new Dictionary<string, string>
    {
        ["model"] = "a string such as \"anthropic/claude-opus-4.6\"",
        ["max_tokens"] = "a whole number of at least 1",
        ["messages"] = "an array of messages such as {\"role\":\"user\",\"content\":\"Hello\"}",
        ["role"] = "\"user\", \"assistant\" or \"system\"",
        ["content"] = "a string or an array of blocks",
        ["system"] = "a string or an array of text blocks",
        ["type"] = "a type that can stand here",
        ["source"] = "an object such as {\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"...\"} or {\"type\":\"url\",\"url\":\"https://...\"}",
        ["media_type"] = "a media type such as \"image/png\"",
        ["data"] = "data in base64",
        ["url"] = "an absolute URL",
        ["input"] = "an object",
        ["tools"] = "an array of tools such as {\"name\":\"f\",\"input_schema\":{\"type\":\"object\"}}",
        ["input_schema"] = "a JSON schema of the type object",
        ["tool_choice"] = "an object whose type is \"auto\", \"any\", \"tool\" or \"none\"",
        ["disable_parallel_tool_use"] = "true or false",
        ["thinking"] = "an object whose type is \"enabled\", \"adaptive\" or \"disabled\", or the text of a thinking block",
        ["budget_tokens"] = "a whole number of at least 1024 and less than max_tokens",
        ["display"] = "\"summarized\" or \"omitted\"",
        ["output_config"] = "an object with \"effort\" or \"format\"",
        ["effort"] = "\"low\", \"medium\", \"high\", \"xhigh\" or \"max\"",
        ["format"] = "an object such as {\"type\":\"json_schema\",\"schema\":{}}",
        ["schema"] = "a JSON schema",
        ["metadata"] = "an object such as {\"user_id\":\"u-1\"}",
        ["stop_sequences"] = "an array of strings",
        ["temperature"] = "a number",
        ["top_p"] = "a number",
        ["top_k"] = "a whole number",
        ["stream"] = "true or false",
        ["strict"] = "true or false",
        ["is_error"] = "true or false",
        ["fallbacks"] = "an array of at most 3 objects such as {\"model\":\"acme/small\"}",
    }.ToFrozenDictionary();

    /// <summary>A field that is missing or cannot be understood.</summary>
    public static RouterException Field(string path, string problem, Exception? cause = null) =>
        new(FailureKind.InvalidRequest, $"`{path}` {problem}: it must be {Expectation(path)}.", cause) { Parameter = path };

    /// <summary>A body that is not JSON, or holds a value of the wrong type.</summary>
    public static RouterException From(JsonException cause, ReadOnlySpan<byte> utf8Json)
    {
        // Only now is it worth finding out what stands there instead.
        const string Root = "$.";
        var path = NestedJson.PathOf(cause);
        path = path is not null && path.StartsWith(Root, StringComparison.Ordinal) ? path[Root.Length..] : null;
        try
        {
            var root = JsonElement.Parse(utf8Json);
            if (root.ValueKind != JsonValueKind.Object)
                return new(FailureKind.InvalidRequest, $"The request's body is {Describe(root)}: it must be a JSON object.", cause);
            if (path is null)
                return new(FailureKind.InvalidRequest, "The request's body cannot be read: " + Bounded(cause.Message), cause);
            return Field(path, Find(root, path) is { } value ? "is " + Describe(value) : "has the wrong type", cause);
        }
        catch (JsonException)
        {
            return new(FailureKind.InvalidRequest, "The request's body is not valid JSON: " + Bounded(cause.Message), cause);
        }
    }

    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number when value.GetRawText() is { Length: <= LongestNumber } text => text,
        JsonValueKind.Number => "a number of the wrong kind or range",
        JsonValueKind.True or JsonValueKind.False => "a truth value",
        _ => "null",
    };

    private static string Expectation(string path)
    {
        var name = path[(path.LastIndexOf('.') + 1)..];
        var isItem = name.EndsWith(']');
        if (isItem)
            name = name[..name.IndexOf('[', StringComparison.Ordinal)];

        if (!Expected.TryGetValue(name, out var expectation))
            return "a string";
        return isItem ? "an item of " + expectation : expectation;
    }

    // Paths look like messages[0].content[1].type; names with other characters end the search, and the message does without the kind.
    private static JsonElement? Find(JsonElement element, string path)
    {
        foreach (var step in path.Split(['.', '['], StringSplitOptions.RemoveEmptyEntries))
        {
            if (step.EndsWith(']'))
            {
                if (element.ValueKind != JsonValueKind.Array
                    || !int.TryParse(step[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                    || index >= element.GetArrayLength())
                    return null;
                element = element[index];
            }
            else if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(step, out element))
            {
                return null;
            }
        }

        return element;
    }

    private static string Bounded(string message) => message.Length <= MaxMessageLength ? message : message[..MaxMessageLength];
}
