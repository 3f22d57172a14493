using System.Text;
using System.Text.Json;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Responses;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Responses;

/// <summary>The codec of the Responses API, from text to text.</summary>
internal static class ResponseWire
{
    public const string Id = "gen-1";

    public static ResponseRequest Parse(string json) => ResponseRequestReader.Parse(Encoding.UTF8.GetBytes(json));

    public static (List<ChatMessage> Messages, ChatOptions Options) Read(string json)
    {
        var request = Parse(json);
        return ResponseRequestReader.Read(request, ResponseRequestReader.ReadTerms(request));
    }

    /// <summary>What a provider of chat completions receives for a request.</summary>
    public static string Sent(string json)
    {
        var (messages, options) = Read(json);
        return JsonSerializer.Serialize(RequestWriter.Write(messages, options, stream: false), WireJson.Strict.ChatCompletionRequest);
    }

    /// <summary>The messages that a provider of chat completions receives for these items.</summary>
    public static string SentMessages(string items)
    {
        using var sent = JsonDocument.Parse(Sent($$"""{"model":"m","input":{{items}}}"""));
        return sent.RootElement.GetProperty("messages").GetRawText();
    }

    /// <summary>The fields that a provider receives besides model and messages.</summary>
    public static string SentFields(string fields)
    {
        var sent = System.Text.Json.Nodes.JsonNode.Parse(Sent($$"""{"model":"m","input":"Hello",{{fields}}}"""))!.AsObject();
        sent.Remove("model");
        sent.Remove("messages");
        return sent.ToJsonString();
    }

    /// <summary>The answer as a whole.</summary>
    public static ResponseObject Whole(ChatResponse response, string request = """{"model":"m","input":"Hello"}""")
    {
        var writer = new ResponseWriter(Parse(request), Id, 1700000000, isStreamed: false);
        writer.Write(response);
        return writer.Finish(writer.Usage);
    }

    /// <summary>All events of a streamed answer.</summary>
    public static List<ResponseEvent> Streamed(IEnumerable<ChatResponseUpdate> updates, string request = """{"model":"m","input":"Hello"}""")
    {
        var writer = new ResponseWriter(Parse(request), Id, 1700000000, isStreamed: true);
        var events = new List<ResponseEvent>(writer.Begin());
        foreach (var update in updates)
            events.AddRange(writer.Write(update));
        events.AddRange(writer.Complete(writer.Usage));
        return events;
    }

    public static string Text(ResponseObject response) => JsonSerializer.Serialize(response, ResponsesJson.Strict.ResponseObject);

    public static string Text(ResponseEvent @event) => JsonSerializer.Serialize(@event, ResponsesJson.Strict.ResponseEvent);

    public static string Output(ResponseObject response) => JsonDocument.Parse(Text(response)).RootElement.GetProperty("output").GetRawText();

    public static ChatResponseUpdate Update(params AIContent[] contents) => new(ChatRole.Assistant, contents);

    public static ChatResponseUpdate Finish(ChatFinishReason reason, params AIContent[] contents) => new(ChatRole.Assistant, contents) { FinishReason = reason };

    public static ChatResponse Response(params AIContent[] contents) =>
        new(new ChatMessage(ChatRole.Assistant, contents)) { FinishReason = ChatFinishReason.Stop };
}
