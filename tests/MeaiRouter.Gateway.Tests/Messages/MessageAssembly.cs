using System.Text.Json.Nodes;

namespace MeaiRouter.Gateway.Tests.Messages;

/// <summary>Puts the message of a stream together as Anthropic's clients do, and insists on the order of the events.</summary>
internal sealed class MessageAssembly
{
    private readonly Dictionary<int, string> _inputs = [];
    private JsonObject? _message;
    private JsonObject? _open;
    private bool _isEnded;

    public JsonObject Message => _isEnded ? _message! : throw new InvalidOperationException("The stream ended without message_stop.");

    public void Add(JsonObject @event)
    {
        Assert.False(_isEnded);
        switch ((string)@event["type"]!)
        {
            case "message_start":
                Assert.Null(_message);
                _message = @event["message"]!.DeepClone().AsObject();
                break;
            case "content_block_start":
                Assert.Null(_open);
                Assert.Equal(Content.Count, (int)@event["index"]!);
                Content.Add((JsonNode)(_open = @event["content_block"]!.DeepClone().AsObject()));
                break;
            case "content_block_delta":
                Assert.Equal(Content.Count - 1, (int)@event["index"]!);
                Grow(_open!, @event["delta"]!.AsObject(), (int)@event["index"]!);
                break;
            case "content_block_stop":
                Assert.NotNull(_open);
                if (_inputs.TryGetValue((int)@event["index"]!, out var input))
                    _open["input"] = JsonNode.Parse(input);
                _open = null;
                break;
            case "message_delta":
                Assert.Null(_open);
                foreach (var (name, value) in @event["delta"]!.AsObject())
                    _message![name] = value?.DeepClone();
                foreach (var (name, value) in @event["usage"]!.AsObject())
                    _message!["usage"]![name] = value?.DeepClone();
                break;
            case "message_stop":
                if (@event["openrouter_metadata"] is { } metadata)
                    _message!["openrouter_metadata"] = metadata.DeepClone();
                _isEnded = true;
                break;
        }
    }

    private JsonArray Content => _message!["content"]!.AsArray();

    private void Grow(JsonObject block, JsonObject delta, int index)
    {
        switch ((string)delta["type"]!)
        {
            case "text_delta":
                block["text"] = (string)block["text"]! + (string)delta["text"]!;
                break;
            case "thinking_delta":
                block["thinking"] = (string)block["thinking"]! + (string)delta["thinking"]!;
                break;
            case "signature_delta":
                block["signature"] = (string)block["signature"]! + (string)delta["signature"]!;
                break;
            case "input_json_delta":
                _inputs[index] = _inputs.GetValueOrDefault(index) + (string)delta["partial_json"]!;
                break;
            case "citations_delta":
                if (block["citations"] is not JsonArray citations)
                    block["citations"] = citations = [];
                citations.Add(delta["citation"]!.DeepClone());
                break;
            default:
                Assert.Fail("Unknown delta " + delta["type"]);
                break;
        }
    }
}
