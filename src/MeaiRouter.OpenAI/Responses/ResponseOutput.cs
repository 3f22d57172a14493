using System.Globalization;
using System.Text.Json;
using MeaiRouter.OpenAI.Codec;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>The items that the contents of one answer make, and the events that tell of them. A whole answer makes the same ones as a streamed one.</summary>
internal sealed class ResponseOutput
{
    private readonly ResponseEvents _events;
    private readonly ReasoningAssembly _reasoning;
    private readonly List<ResponseItem?> _items = [];
    private readonly string _suffix;
    private OpenMessage? _message;
    private int _messageIndex;

    /// <summary>Begins an output.</summary>
    /// <param name="answerId">The answer's id, which the ids of its items are made of.</param>
    /// <param name="events">Who is told.</param>
    public ResponseOutput(string answerId, ResponseEvents events)
    {
        _events = events;
        _reasoning = new ReasoningAssembly(this, events);
        _suffix = answerId[(answerId.IndexOf('-', StringComparison.Ordinal) + 1)..];
    }

    public void Add(IList<AIContent> contents, IList<JsonElement>? logprobs)
    {
        for (var i = 0; i < contents.Count; i++)
        {
            switch (contents[i])
            {
                case TextReasoningContent reasoning:
                    _reasoning.Add(reasoning);
                    break;
                case TextContent { Text.Length: 0, Annotations: null or { Count: 0 } }:
                    break;
                case TextContent text:
                    Message().Say(text, logprobs);
                    logprobs = null;
                    break;
                case FunctionCallContent call:
                    AddCall(call);
                    break;
                case ErrorContent error when Refusals.IsRefusal(error):
                    Message().Refuse(error.Message);
                    break;
                case DataContent image when image.HasTopLevelMediaType("image"):
                    AddImage(image.Base64Data.ToString());
                    break;
                case UriContent image when image.HasTopLevelMediaType("image"):
                    AddImage(image.Uri.OriginalString);
                    break;
            }
        }
    }

    /// <summary>Ends the output.</summary>
    /// <param name="status">The status of its last item.</param>
    public List<ResponseItem> End(string status)
    {
        CloseMessage(IsLast(_messageIndex) ? status : ResponseObject.Completed);
        _reasoning.End(status);
        return [.. _items.OfType<ResponseItem>()];
    }

    /// <summary>A place for an item that begins.</summary>
    public int Reserve()
    {
        _items.Add(null);
        return _items.Count - 1;
    }

    public void Put(int index, ResponseItem item) => _items[index] = item;

    public bool IsLast(int index) => index == _items.Count - 1;

    /// <summary>What makes the id of an item its own.</summary>
    public string Suffix(int index) => string.Create(CultureInfo.InvariantCulture, $"{_suffix}_{index}");

    public void LeaveMessage() => CloseMessage(ResponseObject.Completed);

    private OpenMessage Message()
    {
        if (_message is not null)
            return _message;

        _reasoning.Leave();
        _messageIndex = Reserve();
        return _message = new OpenMessage(_events, _messageIndex, "msg_" + Suffix(_messageIndex));
    }

    private void CloseMessage(string status)
    {
        if (_message is not null)
            Put(_messageIndex, _message.Close(status));
        _message = null;
    }

    private int BeginOther()
    {
        _reasoning.Leave();
        LeaveMessage();
        return Reserve();
    }

    private void AddCall(FunctionCallContent content)
    {
        var index = BeginOther();
        var call = ToolCallArguments.Write(content);
        var id = "fc_" + Suffix(index);
        ResponseItem Item(string status, string arguments) => new()
        {
            Type = ResponseItem.FunctionCall,
            Id = id,
            Status = status,
            CallId = call.Id,
            Name = call.Function!.Name,
            Arguments = arguments,
            Extra = call.Extra,
        };

        var arguments = call.Function!.Arguments ?? "";
        var item = Item(ResponseObject.Completed, arguments);
        if (_events.AreWanted)
        {
            _events.ItemAdded(index, Item(ResponseObject.InProgress, ""));
            _events.Add(new() { Type = "response.function_call_arguments.delta", SequenceNumber = _events.Next, OutputIndex = index, ItemId = id, Delta = arguments });
            _events.Add(new()
            {
                Type = "response.function_call_arguments.done", SequenceNumber = _events.Next, OutputIndex = index, ItemId = id, Name = item.Name, Arguments = arguments,
            });
        }

        _events.ItemDone(index, item);
        Put(index, item);
    }

    private void AddImage(string result)
    {
        var index = BeginOther();
        var id = "ig_" + Suffix(index);
        var item = new ResponseItem { Type = ResponseItem.ImageGenerationCall, Id = id, Status = ResponseObject.Completed, Result = result };
        _events.ItemAdded(index, new() { Type = ResponseItem.ImageGenerationCall, Id = id, Status = ResponseObject.InProgress });
        if (_events.AreWanted)
            _events.Add(new() { Type = "response.image_generation_call.completed", SequenceNumber = _events.Next, OutputIndex = index, ItemId = id });
        _events.ItemDone(index, item);
        Put(index, item);
    }
}
