using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeaiRouter.Anthropic.Tests.Serving;

/// <summary>One scripted answer of the server: blocks, how they ended and what they used; or a refusal.</summary>
public sealed record MessagesAnswer
{
    private const string Usage = """{"input_tokens":10,"output_tokens":7}""";

    /// <summary>The blocks, as the wire has them.</summary>
    public string[] Blocks { get; init; } = [];

    public string StopReason { get; init; } = "end_turn";

    public string? StopSequence { get; init; }

    public string UsageJson { get; init; } = Usage;

    /// <summary>The status, where it is a refusal.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The body of a refusal, or of an answer of any other form.</summary>
    public string? Body { get; init; }

    public (string Name, string Value)[] Headers { get; init; } = [];

    /// <summary>How many events of a stream are sent before the cut; the rest never is.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Whether the connection stays open and silent after the cut; otherwise the stream just ends.</summary>
    public bool StaysSilent { get; init; }

    /// <summary>An event of a stream in place of all after the cut, such as an error.</summary>
    public string? LastEvent { get; init; }

    public static MessagesAnswer Text(string text) => new() { Blocks = [Block("text", text)] };

    public static MessagesAnswer Of(params string[] blocks) => new() { Blocks = blocks, StopReason = blocks.Any(block => block.Contains("\"tool_use\"", StringComparison.Ordinal)) ? "tool_use" : "end_turn" };

    public static MessagesAnswer Refusal(int status, string type, string message, params (string Name, string Value)[] headers) => new()
    {
        Status = status,
        Body = new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["type"] = type, ["message"] = message }, ["request_id"] = "req_body" }.ToJsonString(),
        Headers = headers,
    };

    public static string Block(string type, string text) => new JsonObject { ["type"] = type, [type] = text }.ToJsonString();

    public static string Thinking(string text, string signature) =>
        new JsonObject { ["type"] = "thinking", ["thinking"] = text, ["signature"] = signature }.ToJsonString();

    public static string Redacted(string data) => new JsonObject { ["type"] = "redacted_thinking", ["data"] = data }.ToJsonString();

    public static string ToolUse(string id, string name, string input) =>
        new JsonObject { ["type"] = "tool_use", ["id"] = id, ["name"] = name, ["input"] = JsonNode.Parse(input) }.ToJsonString();

    /// <summary>The whole answer.</summary>
    public string Whole(string model) => Body ?? new JsonObject
    {
        ["id"] = "msg_1",
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = model,
        ["content"] = new JsonArray([.. Blocks.Select(block => JsonNode.Parse(block))]),
        ["stop_reason"] = StopReason,
        ["stop_sequence"] = StopSequence,
        ["usage"] = JsonNode.Parse(UsageJson),
    }.ToJsonString();

    /// <summary>The events of the same answer, in small pieces.</summary>
    public IEnumerable<string> Events(string model)
    {
        var usage = JsonNode.Parse(UsageJson)!.AsObject();
        var atStart = usage.DeepClone().AsObject();
        atStart["output_tokens"] = 1;
        yield return $$$"""{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"{{{model}}}","content":[],"stop_reason":null,"stop_sequence":null,"usage":{{{atStart.ToJsonString()}}}}}""";
        yield return """{"type":"ping"}""";
        for (var i = 0; i < Blocks.Length; i++)
        {
            foreach (var @event in BlockEvents(i, JsonNode.Parse(Blocks[i])!.AsObject()))
                yield return @event;
        }

        yield return new JsonObject
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = StopReason, ["stop_sequence"] = StopSequence },
            ["usage"] = usage.DeepClone(),
        }.ToJsonString();
        yield return """{"type":"message_stop"}""";
    }

    private static IEnumerable<string> BlockEvents(int index, JsonObject block)
    {
        var start = block.DeepClone().AsObject();
        var deltas = new List<JsonObject>();
        switch ((string?)block["type"])
        {
            case "text":
                start["text"] = "";
                start.Remove("citations");
                deltas.AddRange(Pieces((string)block["text"]!).Select(piece => new JsonObject { ["type"] = "text_delta", ["text"] = piece }));
                foreach (var citation in block["citations"]?.AsArray() ?? [])
                    deltas.Add(new JsonObject { ["type"] = "citations_delta", ["citation"] = citation!.DeepClone() });
                break;
            case "thinking":
                start["thinking"] = "";
                start["signature"] = "";
                deltas.AddRange(Pieces((string)block["thinking"]!).Select(piece => new JsonObject { ["type"] = "thinking_delta", ["thinking"] = piece }));
                deltas.Add(new JsonObject { ["type"] = "signature_delta", ["signature"] = (string)block["signature"]! });
                break;
            case "tool_use" or "server_tool_use":
                start["input"] = new JsonObject();
                deltas.AddRange(Pieces(block["input"]!.ToJsonString()).Select(piece => new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = piece }));
                break;
        }

        yield return new JsonObject { ["type"] = "content_block_start", ["index"] = index, ["content_block"] = start }.ToJsonString();
        foreach (var delta in deltas)
            yield return new JsonObject { ["type"] = "content_block_delta", ["index"] = index, ["delta"] = delta }.ToJsonString();
        yield return new JsonObject { ["type"] = "content_block_stop", ["index"] = index }.ToJsonString();
    }

    private static IEnumerable<string> Pieces(string text) => text.Chunk(5).Select(static piece => new string(piece));

    /// <summary>An event as bytes of the stream.</summary>
    public static string Sse(string json) => $"event: {JsonDocument.Parse(json).RootElement.GetProperty("type").GetString()}\ndata: {json}\n\n";
}
