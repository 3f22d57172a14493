using System.Text;
using System.Text.Json;
using MeaiRouter.Anthropic.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>From the events of one streamed answer to updates. Not thread safe.</summary>
/// <remarks>Text and thinking are handed out as they come; calls, signatures and citations when their block is whole.</remarks>
internal sealed class AnswerStreamReader
{
    private readonly Dictionary<long, OpenBlock> _open = [];
    private string? _id;
    private string? _model;
    private JsonElement? _usage;
    private bool _isUsageReported;

    /// <summary>Whether the event that ends an answer has come.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Reads an event.</summary>
    /// <returns>The update; <see langword="null"/> where the event says nothing now.</returns>
    public ChatResponseUpdate? Read(JsonElement @event)
    {
        switch (@event.Text("type"))
        {
            case "message_start" when @event.Object("message") is { } message:
                _id = message.Text("id");
                _model = message.Text("model");
                _usage = message.Object("usage");
                return Update();
            case "content_block_start" when @event.Object("content_block") is { } block:
                return UpdateIfAny((_open[Index(@event)] = new OpenBlock(block)).Begin());
            case "content_block_delta" when _open.TryGetValue(Index(@event), out var grown) && @event.Object("delta") is { } delta:
                return UpdateIfAny(grown.Append(delta));
            case "content_block_stop" when _open.Remove(Index(@event), out var whole):
                return UpdateIfAny(whole.End());
            case "message_delta":
                return ReadEnd(@event);
            case "message_stop":
                HasEnded = true;
                return null;
            default:
                return null;
        }
    }

    /// <summary>What an answer that broke off is known to have used; <see langword="null"/> where it was told or nothing is known.</summary>
    public ChatResponseUpdate? UsageSoFar()
    {
        if (_isUsageReported || _usage is not { } usage || UsageMapping.Read(usage) is not { } details)
            return null;

        _isUsageReported = true;
        return Update(new UsageContent(details));
    }

    private ChatResponseUpdate ReadEnd(JsonElement @event)
    {
        _usage = UsageMapping.Merge(_usage, @event.Object("usage"));
        var delta = @event.Object("delta");
        var native = delta?.Text("stop_reason");
        var update = Update();
        update.FinishReason = StopReasons.Read(native);
        update.AdditionalProperties = AnswerReader.Facts(native, delta?.Text("stop_sequence"), _usage);
        if (!_isUsageReported && _usage is { } usage && UsageMapping.Read(usage) is { } details)
        {
            _isUsageReported = true;
            update.Contents.Add(new UsageContent(details));
        }

        return update;
    }

    private ChatResponseUpdate? UpdateIfAny(AIContent? content) => content is null ? null : Update(content);

    private ChatResponseUpdate Update(params IList<AIContent> contents) => new(ChatRole.Assistant, contents)
    {
        ResponseId = _id,
        MessageId = _id,
        ModelId = _model,
    };

    private static long Index(JsonElement @event) => @event.Count("index") ?? 0;

    /// <summary>A block whose end has not come.</summary>
    private sealed class OpenBlock(JsonElement start)
    {
        private readonly JsonElement _start = start.Clone();
        private readonly StringBuilder _text = new();
        private string? _signature;
        private List<JsonElement>? _citations;

        private string? Type => _start.Text("type");

        public AIContent? Begin()
        {
            _signature = _start.Text("signature");
            return Grow(Type == ThinkingBlocks.Thinking ? _start.Text("thinking") : Type == "text" ? _start.Text("text") : null);
        }

        public AIContent? Append(JsonElement delta)
        {
            switch (delta.Text("type"))
            {
                case "text_delta":
                    return Grow(delta.Text("text"));
                case "thinking_delta":
                    return Grow(delta.Text("thinking"));
                case "signature_delta":
                    _signature += delta.Text("signature");
                    return null;
                case "input_json_delta":
                    _text.Append(delta.Text("partial_json"));
                    return null;
                case "citations_delta" when delta.Object("citation") is { } citation:
                    (_citations ??= []).Add(citation.Clone());
                    return null;
                default:
                    return null;
            }
        }

        public AIContent? End() => Type switch
        {
            "text" => _citations is null ? null : new TextContent("") { Annotations = Citations.Read(_citations) },
            ThinkingBlocks.Thinking => string.IsNullOrEmpty(_signature) ? null : Signed(),
            "tool_use" when _text.Length > 0 => ToolInput.Read(_start.Text("id") ?? "", _start.Text("name") ?? "", _text.ToString()),
            _ => BlockReader.Read(WithInput()),
        };

        // The text is out already; the signature follows it, bound to the whole of it.
        private TextReasoningContent Signed() => new("") { ProtectedData = ThinkingBlocks.Read(_text.ToString(), _signature).ProtectedData };

        private AIContent? Grow(string? text)
        {
            if (string.IsNullOrEmpty(text))
                return null;
            if (Type != ThinkingBlocks.Thinking)
                return new TextContent(text);

            _text.Append(text);
            return new TextReasoningContent(text);
        }

        // A call of one of the provider's own tools: its input came in pieces as well.
        private JsonElement WithInput()
        {
            if (_text.Length == 0)
                return _start;

            var block = new Dictionary<string, object?>();
            foreach (var field in _start.EnumerateObject())
                block[field.Name] = field.Value;
            try
            {
                block["input"] = JsonElement.Parse(_text.ToString());
            }
            catch (JsonException)
            {
                return _start;
            }

            return JsonSerializer.SerializeToElement(block, MessagesJson.Wire.DictionaryStringObject);
        }
    }
}
