using System.Collections.Frozen;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Codec;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>What is wrong with a request, in the words of chat completions, with what this API's own fields must be.</summary>
internal static class InvalidResponseRequests
{
    private static readonly FrozenDictionary<string, string> Expected = new Dictionary<string, string>
    {
        ["model"] = "a string such as \"openai/gpt-4o\"",
        ["models"] = "an array of model names",
        ["input"] = "a string or an array of at least one item such as {\"role\":\"user\",\"content\":\"Hello\"}",
        ["role"] = "\"user\", \"assistant\", \"system\" or \"developer\"",
        ["content"] = "a string or an array of content parts",
        ["output"] = "a string or an array of content parts",
        ["summary"] = "an array of parts such as {\"type\":\"summary_text\",\"text\":\"...\"}",
        ["stream"] = "true or false",
        ["store"] = "true or false",
        ["background"] = "true or false",
        ["max_output_tokens"] = "a whole number of at least 1",
        ["max_tokens"] = "a whole number of at least 1",
        ["top_logprobs"] = "a whole number from 0 to 20",
        ["temperature"] = "a number",
        ["top_p"] = "a number",
        ["top_k"] = "a whole number",
        ["frequency_penalty"] = "a number",
        ["presence_penalty"] = "a number",
        ["tools"] = "an array of tools such as {\"type\":\"function\",\"name\":\"f\",\"parameters\":{}}",
        ["tool_choice"] = "\"auto\", \"none\", \"required\" or an object that names a function",
        ["parallel_tool_calls"] = "true or false",
        ["strict"] = "true or false",
        ["enabled"] = "true or false",
        ["include"] = "an array of strings",
        ["$.text"] = "an object such as {\"format\":{\"type\":\"text\"}}",
        ["$.text.format"] = "an object such as {\"type\":\"json_object\"}",
        ["schema"] = "a JSON schema, which is an object",
        ["reasoning"] = "an object such as {\"effort\":\"low\"}",
        ["effort"] = "\"none\", \"minimal\", \"low\", \"medium\", \"high\", \"xhigh\" or \"max\"",
        ["truncation"] = "\"auto\" or \"disabled\"",
        ["image_url"] = "an https: or data: URI",
        ["video_url"] = "an https: or data: URI",
        ["file_url"] = "an https: or data: URI",
        ["file_data"] = "a data: URI such as data:application/pdf;base64,...",
        ["input_audio"] = "an object with \"data\" in base64 and \"format\"",
        ["arguments"] = "the text of a JSON object",
        ["annotations"] = "an array of objects",
        ["logprobs"] = "an array of objects",
    }.ToFrozenDictionary();

    /// <summary>A field that is missing or cannot be understood.</summary>
    public static RouterException Field(string path, string problem, Exception? cause = null) => InvalidRequests.Field(path, problem, cause, Expected);

    /// <summary>A body that is not JSON, or holds a value of the wrong type.</summary>
    public static RouterException From(JsonException cause, ReadOnlySpan<byte> utf8Json) => InvalidRequests.From(cause, utf8Json, Expected);

    /// <summary>A field that is understood, and cannot be honoured here.</summary>
    /// <param name="path">Where it stands.</param>
    /// <param name="what">What is wrong with it, and the remedy.</param>
    public static RouterException Refused(string path, string what) => new(FailureKind.InvalidRequest, $"`{path}` {what}") { Parameter = path };
}
