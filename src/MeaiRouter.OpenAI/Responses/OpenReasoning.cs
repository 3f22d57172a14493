using System.Text;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>A reasoning of an output that is still being thought, or whose signature is still to come.</summary>
internal sealed class OpenReasoning
{
    private readonly ResponseEvents _events;
    private readonly List<ResponsePart> _summary = [];
    private readonly List<ResponsePart> _content = [];
    private readonly StringBuilder _text = new();
    private readonly string _id;
    private bool _isOpen;
    private bool _isSummary;
    private (string? Type, string? Index) _part;

    /// <summary>Begins an item.</summary>
    /// <param name="events">The events.</param>
    /// <param name="index">The item's place in the output.</param>
    /// <param name="id">The item's id.</param>
    /// <param name="isDetails">Whether it is made of <c>reasoning_details</c>.</param>
    public OpenReasoning(ResponseEvents events, int index, string id, bool isDetails)
    {
        (_events, Index, _id, IsDetails) = (events, index, id, isDetails);
        events.ItemAdded(index, new() { Type = ResponseItem.ReasoningType, Id = id, Status = ResponseObject.InProgress, Summary = [] });
    }

    public int Index { get; }

    public bool IsDetails { get; }

    /// <summary>The provider's id of the details.</summary>
    public string? DetailId { get; init; }

    public string? Format { get; set; }

    public string? Signature { get; set; }

    public string? Encrypted { get; set; }

    /// <summary>Whether its maker has set the seal to it, after which no text belongs to it any more.</summary>
    public bool IsSealed => Signature is not null || Encrypted is not null;

    /// <summary>Whether something else was said since.</summary>
    public bool IsLeft { get; private set; }

    /// <summary>Type and index of the last detail.</summary>
    public (string? Type, string? Index) Last { get; set; }

    /// <summary>Adds text to the part of a detail, or of plain reasoning.</summary>
    public void Say(string text, bool isSummary, (string? Type, string? Index) part)
    {
        if (text.Length == 0)
            return;
        if (!_isOpen || _part != part)
            Open(isSummary, part);

        _text.Append(text);
        if (!_events.AreWanted)
            return;
        _events.Add(new()
        {
            Type = isSummary ? "response.reasoning_summary_text.delta" : "response.reasoning_text.delta",
            SequenceNumber = _events.Next,
            OutputIndex = Index,
            ItemId = _id,
            ContentIndex = ContentIndex,
            SummaryIndex = SummaryIndex,
            Delta = text,
        });
    }

    /// <summary>Something else begins.</summary>
    public void Leave()
    {
        ClosePart();
        IsLeft = true;
    }

    /// <summary>The whole item.</summary>
    public ResponseItem Close(string status)
    {
        ClosePart();
        var item = new ResponseItem
        {
            Type = ResponseItem.ReasoningType,
            Id = _id,
            Status = status,
            Summary = _summary,
            Content = _content.Count > 0 ? new() { Parts = _content } : null,
            EncryptedContent = Encrypted,
            Signature = Signature,
            Format = Format ?? (IsDetails ? ReasoningItems.UnknownFormat : null),
        };
        _events.ItemDone(Index, item);
        return item;
    }

    private int? ContentIndex => _isSummary ? null : _content.Count;

    private int? SummaryIndex => _isSummary ? _summary.Count : null;

    private void Open(bool isSummary, (string? Type, string? Index) part)
    {
        ClosePart();
        (_isOpen, _isSummary, _part) = (true, isSummary, part);
        if (!isSummary)
            _events.PartAdded(Index, _id, _content.Count, Part(""));
        else if (_events.AreWanted)
            _events.Add(SummaryPart("response.reasoning_summary_part.added", Part("")));
    }

    private void ClosePart()
    {
        if (!_isOpen)
            return;

        var part = Part(_text.ToString());
        if (_events.AreWanted)
        {
            _events.Add(new()
            {
                Type = _isSummary ? "response.reasoning_summary_text.done" : "response.reasoning_text.done",
                SequenceNumber = _events.Next,
                OutputIndex = Index,
                ItemId = _id,
                ContentIndex = ContentIndex,
                SummaryIndex = SummaryIndex,
                Text = part.Text,
            });
        }

        if (!_isSummary)
            _events.PartDone(Index, _id, _content.Count, part);
        else if (_events.AreWanted)
            _events.Add(SummaryPart("response.reasoning_summary_part.done", part));
        (_isSummary ? _summary : _content).Add(part);
        _text.Clear();
        _isOpen = false;
    }

    private ResponsePart Part(string text) => new() { Type = _isSummary ? "summary_text" : "reasoning_text", Text = text };

    private ResponseEvent SummaryPart(string type, ResponsePart part) => new()
    {
        Type = type, SequenceNumber = _events.Next, OutputIndex = Index, ItemId = _id, SummaryIndex = _summary.Count, Part = part,
    };
}
