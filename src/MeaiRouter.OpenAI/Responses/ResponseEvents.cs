namespace MeaiRouter.OpenAI.Responses;

/// <summary>The events of one answer, numbered; none are kept where nobody streams.</summary>
internal sealed class ResponseEvents(bool areWanted)
{
    private List<ResponseEvent> _events = [];
    private int _next;

    /// <summary>Whether anybody will read them.</summary>
    public bool AreWanted => areWanted;

    /// <summary>The number of the next event.</summary>
    public int Next => _next++;

    public void Add(ResponseEvent @event) => _events.Add(@event);

    /// <summary>The events since the last time.</summary>
    public IReadOnlyList<ResponseEvent> Take()
    {
        if (_events.Count == 0)
            return [];

        var taken = _events;
        _events = [];
        return taken;
    }

    public void ItemAdded(int index, ResponseItem item)
    {
        if (areWanted)
            Add(new() { Type = "response.output_item.added", SequenceNumber = Next, OutputIndex = index, Item = item });
    }

    public void ItemDone(int index, ResponseItem item)
    {
        if (areWanted)
            Add(new() { Type = "response.output_item.done", SequenceNumber = Next, OutputIndex = index, Item = item });
    }

    public void PartAdded(int index, string itemId, int contentIndex, ResponsePart part)
    {
        if (areWanted)
            Add(new() { Type = "response.content_part.added", SequenceNumber = Next, OutputIndex = index, ItemId = itemId, ContentIndex = contentIndex, Part = part });
    }

    public void PartDone(int index, string itemId, int contentIndex, ResponsePart part)
    {
        if (areWanted)
            Add(new() { Type = "response.content_part.done", SequenceNumber = Next, OutputIndex = index, ItemId = itemId, ContentIndex = contentIndex, Part = part });
    }
}
