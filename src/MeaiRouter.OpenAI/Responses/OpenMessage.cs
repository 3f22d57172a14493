using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>A message of an output that is still being said.</summary>
internal sealed class OpenMessage
{
    private const string OutputText = "output_text";
    private const string RefusalType = "refusal";

    private readonly ResponseEvents _events;
    private readonly int _index;
    private readonly string _id;
    private readonly List<ResponsePart> _parts = [];
    private readonly StringBuilder _text = new();
    private string? _type;
    private List<JsonElement> _annotations = [];
    private List<JsonElement>? _logprobs;

    public OpenMessage(ResponseEvents events, int index, string id)
    {
        (_events, _index, _id) = (events, index, id);
        events.ItemAdded(index, Item(ResponseObject.InProgress, []));
    }

    public void Say(TextContent content, IList<JsonElement>? logprobs)
    {
        Open(OutputText);
        if (content.Text.Length > 0)
        {
            _text.Append(content.Text);
            if (logprobs is not null)
                (_logprobs ??= []).AddRange(logprobs);
            if (_events.AreWanted)
            {
                _events.Add(new()
                {
                    Type = "response.output_text.delta",
                    SequenceNumber = _events.Next,
                    OutputIndex = _index,
                    ItemId = _id,
                    ContentIndex = _parts.Count,
                    Delta = content.Text,
                    Logprobs = logprobs ?? [],
                });
            }
        }

        foreach (var annotation in content.Annotations ?? [])
        {
            if (ResponseAnnotations.Write(annotation) is { } written)
                Annotate(written);
        }
    }

    public void Refuse(string refusal)
    {
        Open(RefusalType);
        _text.Append(refusal);
        if (_events.AreWanted)
        {
            _events.Add(new()
            {
                Type = "response.refusal.delta", SequenceNumber = _events.Next, OutputIndex = _index, ItemId = _id, ContentIndex = _parts.Count, Delta = refusal,
            });
        }
    }

    /// <summary>The whole message.</summary>
    public ResponseItem Close(string status)
    {
        ClosePart();
        var item = Item(status, _parts);
        _events.ItemDone(_index, item);
        return item;
    }

    private ResponseItem Item(string status, List<ResponsePart> parts) => new()
    {
        Type = ResponseItem.Message,
        Id = _id,
        Status = status,
        Role = ChatRole.Assistant.Value,
        Content = new() { Parts = parts },
    };

    private void Annotate(JsonElement annotation)
    {
        if (_events.AreWanted)
        {
            _events.Add(new()
            {
                Type = "response.output_text.annotation.added",
                SequenceNumber = _events.Next,
                OutputIndex = _index,
                ItemId = _id,
                ContentIndex = _parts.Count,
                AnnotationIndex = _annotations.Count,
                Annotation = annotation,
            });
        }

        _annotations.Add(annotation);
    }

    private void Open(string type)
    {
        if (_type == type)
            return;

        ClosePart();
        _type = type;
        _events.PartAdded(_index, _id, _parts.Count, type == OutputText ? new() { Type = type, Text = "", Annotations = [], Logprobs = [] } : new() { Type = type, Refusal = "" });
    }

    private void ClosePart()
    {
        if (_type is null)
            return;

        var text = _text.ToString();
        var isText = _type == OutputText;
        var part = isText ? new ResponsePart { Type = _type, Text = text, Annotations = _annotations, Logprobs = _logprobs ?? [] } : new() { Type = _type, Refusal = text };
        if (_events.AreWanted)
        {
            _events.Add(new()
            {
                Type = isText ? "response.output_text.done" : "response.refusal.done",
                SequenceNumber = _events.Next,
                OutputIndex = _index,
                ItemId = _id,
                ContentIndex = _parts.Count,
                Text = part.Text,
                Refusal = part.Refusal,
                Logprobs = part.Logprobs,
            });
        }

        _events.PartDone(_index, _id, _parts.Count, part);
        _parts.Add(part);
        _text.Clear();
        (_type, _annotations, _logprobs) = (null, [], null);
    }
}
