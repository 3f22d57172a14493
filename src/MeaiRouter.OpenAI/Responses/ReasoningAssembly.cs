using System.Text.Json;
using MeaiRouter.OpenAI.Codec;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>From reasoning as Microsoft.Extensions.AI has it to items of an output.</summary>
/// <remarks>
/// A stream brings <c>reasoning_details</c> in fragments beside the text (as <c>RawRepresentation</c>) and whole at its end (as <c>ProtectedData</c>); a
/// whole answer brings them once, beside the text. Signatures may come when the model has long gone on to speak, so an item made of details stays open
/// until it is sealed or the answer ends.
/// </remarks>
internal sealed class ReasoningAssembly(ResponseOutput output, ResponseEvents events)
{
    private readonly List<OpenReasoning> _open = [];
    private bool _hasFragments;
    private bool _hasPlainText;

    public void Add(TextReasoningContent reasoning)
    {
        if (reasoning.RawRepresentation is JsonElement { ValueKind: JsonValueKind.Array } fragments)
        {
            _hasFragments = true;
            AddDetails(reasoning.Text, fragments, withTexts: true);
        }
        else if (Details(reasoning.ProtectedData) is { } details)
        {
            // After their fragments they say nothing new; after plain text they bring the seal.
            if (!_hasFragments)
                AddDetails(reasoning.Text, details, withTexts: reasoning.Text.Length > 0 || !_hasPlainText);
        }
        else
        {
            SayPlainly(reasoning.Text);
            if (!string.IsNullOrEmpty(reasoning.ProtectedData))
                (Last(static open => !open.IsSealed && !open.IsDetails) ?? Begin(null, isDetails: false)).Encrypted = reasoning.ProtectedData;
        }
    }

    /// <summary>Something else begins.</summary>
    public void Leave()
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            var open = _open[i];
            open.Leave();
            if (open.IsDetails && !open.IsSealed)
                continue;
            output.Put(open.Index, open.Close(ResponseObject.Completed));
            _open.RemoveAt(i);
        }
    }

    /// <summary>The answer ends, and with it what is still open.</summary>
    /// <param name="status">The status of the last item; what came before it is whole.</param>
    public void End(string status)
    {
        foreach (var open in _open)
            output.Put(open.Index, open.Close(output.IsLast(open.Index) ? status : ResponseObject.Completed));
        _open.Clear();
    }

    private void AddDetails(string text, JsonElement details, bool withTexts)
    {
        if (string.IsNullOrEmpty(ReasoningFields.DetailsText(details)))
            SayPlainly(text);
        foreach (var detail in details.EnumerateArray())
        {
            if (detail.ValueKind == JsonValueKind.Object)
                AddDetail(detail, withTexts);
        }
    }

    private void AddDetail(JsonElement detail, bool withTexts)
    {
        var key = (Type: Text(detail, "type"), Index: detail.TryGetProperty("index", out var index) && index.ValueKind == JsonValueKind.Number ? index.GetRawText() : null);
        var said = key.Type switch { "reasoning.text" => Text(detail, "text"), "reasoning.summary" => Text(detail, "summary"), _ => null };
        var (signature, data) = (Text(detail, "signature"), key.Type == "reasoning.encrypted" ? Text(detail, "data") : null);
        if (!withTexts)
            said = null;
        if (string.IsNullOrEmpty(said) && string.IsNullOrEmpty(signature) && string.IsNullOrEmpty(data))
            return;

        var open = Find(key, Text(detail, "id"), Text(detail, "format"), !string.IsNullOrEmpty(said)) ?? Begin(Text(detail, "id"), isDetails: true);
        open.Format ??= Text(detail, "format");
        open.Say(said ?? "", key.Type == "reasoning.summary", key);
        if (!string.IsNullOrEmpty(signature))
            open.Signature = signature;
        if (!string.IsNullOrEmpty(data))
            open.Encrypted = open.Last == key ? open.Encrypted + data : data;
        open.Last = key;
    }

    // The item of the same detail, or the last one where nothing speaks against it: another id or format, or a seal that ends it.
    private OpenReasoning? Find((string? Type, string? Index) key, string? id, string? format, bool hasText)
    {
        if (key.Index is not null && _open.FindLast(open => open.Last == key && !(hasText && open.IsLeft)) is { } same)
            return same;

        return Last(open => !open.IsSealed
            && (id is null || open.DetailId == id)
            && (format is null || open.Format is null || open.Format == format)
            && !(hasText && open.IsLeft));
    }

    private void SayPlainly(string text)
    {
        if (text.Length == 0)
            return;

        _hasPlainText = true;
        var open = Last(static open => !open.IsSealed && !open.IsLeft) ?? Begin(null, isDetails: false);
        open.Say(text, isSummary: false, default);
    }

    private OpenReasoning? Last(Func<OpenReasoning, bool> fits) => _open is [.., var last] && fits(last) ? last : null;

    private OpenReasoning Begin(string? detailId, bool isDetails)
    {
        output.LeaveMessage();
        Leave();
        var index = output.Reserve();
        var open = new OpenReasoning(events, index, detailId ?? ReasoningItems.OwnId + output.Suffix(index), isDetails) { DetailId = detailId };
        _open.Add(open);
        return open;
    }

    private static JsonElement? Details(string? protectedData)
    {
        if (protectedData is not { Length: > 0 } || protectedData[0] != '[')
            return null;

        try
        {
            return JsonElement.Parse(protectedData);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
