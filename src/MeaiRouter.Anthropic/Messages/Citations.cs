using System.Text.Json;
using MeaiRouter.Anthropic.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>Citations of a text: by address where Anthropic has one, and always as they came.</summary>
internal static class Citations
{
    public static IList<AIAnnotation>? Read(IEnumerable<JsonElement> citations)
    {
        List<AIAnnotation>? read = null;
        foreach (var citation in citations)
            (read ??= []).Add(Read(citation));
        return read;
    }

    /// <summary>The citations of a text as they came from Anthropic, or as those of a web search.</summary>
    public static IEnumerable<JsonElement> Write(AIContent content)
    {
        foreach (var annotation in content.Annotations ?? [])
        {
            if (annotation.RawRepresentation is MessagesCitation asItCame)
                yield return asItCame.Json;
            else if (annotation is CitationAnnotation { Url: { } url } citation)
                yield return Location(url, citation);
        }
    }

    private static CitationAnnotation Read(JsonElement citation) => new()
    {
        Url = Uri.TryCreate(citation.Text("url") ?? citation.Text("source"), UriKind.Absolute, out var url) ? url : null,
        Title = citation.Text("title") ?? citation.Text("document_title"),
        Snippet = citation.Text("cited_text"),
        RawRepresentation = new MessagesCitation(citation),
    };

    private static JsonElement Location(Uri url, CitationAnnotation citation) => JsonSerializer.SerializeToElement(
        new Dictionary<string, object?>
        {
            ["type"] = "web_search_result_location",
            ["url"] = url.OriginalString,
            ["title"] = citation.Title ?? "",
            ["cited_text"] = citation.Snippet ?? "",
            ["encrypted_index"] = "",
        },
        MessagesJson.Wire.DictionaryStringObject);

    // A type of its own, so that no other wire takes it for an annotation in its own form.
    private sealed record MessagesCitation(JsonElement Json);
}
