using System.Text;
using System.Text.Json;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Codec;

/// <summary>The codec, from text to text.</summary>
internal static class Wire
{
    public static ChatResponse Whole(string json) => AnswerReader.Read(Parse(json), "acme");

    /// <summary>Reads chunks as a client would, to the last update.</summary>
    public static List<ChatResponseUpdate> Updates(params IEnumerable<string> chunks)
    {
        var reader = new AnswerStreamReader("acme");
        var updates = new List<ChatResponseUpdate>();
        foreach (var chunk in chunks)
        {
            if (reader.Read(Parse(chunk)) is { } update)
                updates.Add(update);
        }

        updates.AddRange(reader.Complete());
        return updates;
    }

    /// <summary>The response that chunks with these deltas, and a finish reason at the end, add up to.</summary>
    public static ChatResponse Streamed(IEnumerable<string> deltas, string finish = "stop") => Updates(
    [
        .. deltas.Select(static delta => $$"""{"id":"gen-1","choices":[{"index":0,"delta":{{delta}},"finish_reason":null}]}"""),
        $$"""{"id":"gen-1","choices":[{"index":0,"delta":{},"finish_reason":"{{finish}}"}]}""",
    ]).ToChatResponse();

    /// <summary>The response with this message.</summary>
    public static ChatResponse Message(string message, string finish = "stop") =>
        Whole($$"""{"id":"gen-1","choices":[{"index":0,"message":{{message}},"finish_reason":"{{finish}}"}]}""");

    public static string Text(ChatCompletion? completion) => JsonSerializer.Serialize(completion, WireJson.Strict.ChatCompletion!);

    public static string Text(ChatCompletionRequest request) => JsonSerializer.Serialize(request, WireJson.Strict.ChatCompletionRequest);

    /// <summary>The request as written, for options and messages.</summary>
    public static string Written(IEnumerable<ChatMessage> messages, ChatOptions? options = null, RequestSpelling? spelling = null) =>
        Text(RequestWriter.Write(messages, options, stream: false, spelling: spelling));

    /// <summary>The messages of a written request.</summary>
    public static string WrittenMessages(params ChatMessage[] messages)
    {
        using var document = JsonDocument.Parse(Written(messages));
        return document.RootElement.GetProperty("messages").GetRawText();
    }

    /// <summary>The members of a request with these options, besides its one message.</summary>
    public static string WrittenOptions(ChatOptions options, RequestSpelling? spelling = null) =>
        Written([new(ChatRole.User, "Hello")], options, spelling)
            .Replace("""{"messages":[{"role":"user","content":"Hello"}],""", "{", StringComparison.Ordinal)
            .Replace(""","messages":[{"role":"user","content":"Hello"}]""", "", StringComparison.Ordinal);

    public static (List<ChatMessage> Messages, ChatOptions Options) Request(string json) =>
        RequestReader.Read(RequestReader.Parse(Encoding.UTF8.GetBytes(json)));

    public static ChatCompletion Parse(string json) => AnswerReader.Parse(Encoding.UTF8.GetBytes(json), "acme");

    public static void EqualJson(string expected, string? actual) =>
        Assert.True(
            JsonElement.DeepEquals(JsonElement.Parse(expected), JsonElement.Parse(actual ?? "null")), $"Expected: {expected}\nActual:   {actual}");
}
