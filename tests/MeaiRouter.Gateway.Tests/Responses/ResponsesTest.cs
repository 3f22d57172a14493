using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Tests.Running;

namespace MeaiRouter.Gateway.Tests.Responses;

/// <summary>Asks <c>POST /v1/responses</c>.</summary>
public abstract class ResponsesTest : GatewayTest
{
    protected const string Path = "/v1/responses";

    /// <summary>The body of the simplest request.</summary>
    protected static Dictionary<string, object?> Ask(bool streaming, params ReadOnlySpan<(string Name, object? Value)> fields)
    {
        var body = new Dictionary<string, object?> { ["model"] = Model, ["input"] = "Hello" };
        if (streaming)
            body["stream"] = true;
        foreach (var (name, value) in fields)
            body[name] = value;
        return body;
    }

    protected Task<HttpAnswer> PostAsync(object body, string key = Key, string path = Path) => Gateway.PostAsync(body, key, path);

    /// <summary>The events of a stream; each is named as its data says, and they are numbered from 0.</summary>
    protected static List<JsonNode> EventsOf(HttpAnswer answer)
    {
        Assert.Equal("text/event-stream", answer.ContentType);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(answer.Body));
        var events = new List<JsonNode>();
        foreach (var item in SseParser.Create(stream).Enumerate())
        {
            var data = JsonNode.Parse(item.Data)!;
            Assert.Equal((item.EventType, events.Count), ((string)data["type"]!, (int)data["sequence_number"]!));
            events.Add(data);
        }

        return events;
    }

    /// <summary>The answer, whole or as the last event of its stream tells it.</summary>
    protected static JsonNode ResponseOf(HttpAnswer answer) => answer.ContentType == "text/event-stream" ? EventsOf(answer)[^1]["response"]! : answer.Json;

    /// <summary>All text in the output.</summary>
    protected static string TextOf(JsonNode response) => string.Concat(
        response["output"]!.AsArray().Where(static item => (string?)item!["type"] == "message").SelectMany(static item => item!["content"]!.AsArray())
            .Select(static part => (string?)part!["text"]));

    /// <summary>The text that a client hears which only listens to deltas.</summary>
    protected static string DeltasOf(HttpAnswer answer) => string.Concat(
        EventsOf(answer).Where(static e => (string?)e["type"] == "response.output_text.delta").Select(static e => (string?)e["delta"]));
}
