using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Words for what is wrong with a request: the field, what it holds, what it must hold.</summary>
internal static class InvalidRequests
{
    private const int MaxMessageLength = 300;
    private const int LongestNumber = 32;

    private static readonly FrozenDictionary<string, string> Expected = new Dictionary<string, string>
    {
        ["model"] = "a string such as \"openai/gpt-4o\"",
        ["models"] = "an array of model names",
        ["messages"] = "an array of messages such as {\"role\":\"user\",\"content\":\"Hello\"}",
        ["role"] = "\"system\", \"developer\", \"user\", \"assistant\" or \"tool\"",
        ["content"] = "a string or an array of content parts",
        ["stream"] = "true or false",
        ["stream_options"] = "an object such as {\"include_usage\":true}",
        ["include_usage"] = "true or false",
        ["max_tokens"] = "a whole number of at least 1",
        ["max_completion_tokens"] = "a whole number of at least 1",
        ["temperature"] = "a number",
        ["top_p"] = "a number",
        ["top_k"] = "a whole number",
        ["frequency_penalty"] = "a number",
        ["presence_penalty"] = "a number",
        ["seed"] = "a whole number",
        ["stop"] = "a string or an array of strings",
        ["tools"] = "an array of tools such as {\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}",
        ["tool_choice"] = "\"auto\", \"none\", \"required\" or an object that names a function",
        ["parallel_tool_calls"] = "true or false",
        ["tool_calls"] = "an array of tool calls",
        ["function"] = "an object with a name",
        ["strict"] = "true or false",
        ["response_format"] = "an object such as {\"type\":\"json_object\"}",
        ["json_schema"] = "an object with \"name\" and \"schema\"",
        ["image_url"] = "an object such as {\"url\":\"https://...\"}",
        ["input_audio"] = "an object with \"data\" in base64 and \"format\"",
        ["file"] = "an object with \"file_data\" or \"file_id\"",
        ["index"] = "a whole number",
    }.ToFrozenDictionary();

    /// <summary>A field that is missing or cannot be understood.</summary>
    /// <param name="path">Where it stands.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <param name="cause">What was thrown.</param>
    /// <param name="expected">What fields must be, where another wire than chat completions has its own.</param>
    public static RouterException Field(string path, string problem, Exception? cause = null, FrozenDictionary<string, string>? expected = null) =>
        new(FailureKind.InvalidRequest, $"`{path}` {problem}: it must be {Expectation(path, expected ?? Expected)}.", cause) { Parameter = path };

    /// <summary>A body that is not JSON, or holds a value of the wrong type.</summary>
    public static RouterException From(JsonException cause, ReadOnlySpan<byte> utf8Json, FrozenDictionary<string, string>? expected = null)
    {
        // Only now is it worth finding out what stands there instead.
        const string Root = "$.";
        var path = NestedJson.PathOf(cause);
        path = path is not null && path.StartsWith(Root, StringComparison.Ordinal) ? path[Root.Length..] : null;
        try
        {
            var reader = new Utf8JsonReader(utf8Json);
            using var document = JsonDocument.ParseValue(ref reader);
            if (path is not null && Find(document.RootElement, path) is { } value)
                return Field(path, "is " + Describe(value), cause, expected);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                var found = Describe(document.RootElement);
                return new(FailureKind.InvalidRequest, $"The request's body is {found}: it must be a JSON object.", cause);
            }

            return path is not null
                ? Field(path, "has the wrong type", cause, expected)
                : new(FailureKind.InvalidRequest, "The request's body cannot be read: " + Bounded(cause.Message), cause);
        }
        catch (JsonException)
        {
            return new(FailureKind.InvalidRequest, "The request's body is not valid JSON: " + Bounded(cause.Message), cause);
        }
    }

    private static string Expectation(string path, FrozenDictionary<string, string> expected)
    {
        var name = path[(path.LastIndexOf('.') + 1)..];
        var isItem = name.EndsWith(']');
        if (isItem)
            name = name[..name.IndexOf('[', StringComparison.Ordinal)];

        // A field that means something else further down has its own line under its whole path.
        if (!expected.TryGetValue("$." + path, out var expectation) && !expected.TryGetValue(name, out expectation))
            return "a string";
        return isItem ? "an item of " + expectation : expectation;
    }

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number when value.GetRawText() is { Length: <= LongestNumber } text => text,
        JsonValueKind.Number => "a number of the wrong kind or range",
        JsonValueKind.True or JsonValueKind.False => "a truth value",
        _ => "null",
    };

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

    /// <summary>So much of a caller's word as helps to find it.</summary>
    public static string Shortened(string word) => word.Length <= LongestNumber ? word : word[..LongestNumber] + "...";

    private static string Bounded(string message) => message.Length <= MaxMessageLength ? message : message[..MaxMessageLength];
}
