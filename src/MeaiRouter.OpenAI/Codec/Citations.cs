using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Annotations of an answer: web citations as <see cref="CitationAnnotation"/>, others as they came.</summary>
internal static class Citations
{
    /// <summary>Reads the annotations and puts them on the last text, or on an empty one where there is none.</summary>
    public static void Read(JsonElement? annotations, List<AIContent> contents)
    {
        if (annotations is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
            return;

        if (contents.FindLast(static content => content is TextContent) is not { } text)
            contents.Add(text = new TextContent(""));
        foreach (var annotation in list.EnumerateArray())
            (text.Annotations ??= []).Add(Read(annotation));
    }

    /// <summary>
    /// Perplexity's sources, which stand beside the choices: <c>search_results</c>, or <c>citations</c> alone; <see langword="null"/> where there
    /// are none.
    /// </summary>
    public static JsonElement? Sources(IDictionary<string, JsonElement>? fields)
    {
        if (fields is null)
            return null;
        return fields.TryGetValue("search_results", out var results) && IsFilled(results) ? results
            : fields.TryGetValue("citations", out var citations) && IsFilled(citations) ? citations
            : null;
    }

    /// <summary>Puts sources where the annotations of the text would be, unless it has its own.</summary>
    public static void ReadSources(JsonElement? sources, List<AIContent> contents)
    {
        if (sources is not { } list || contents.Exists(static content => content.Annotations is { Count: > 0 }))
            return;

        AIContent? text = null;
        foreach (var source in list.EnumerateArray())
        {
            var address = source.ValueKind == JsonValueKind.String ? source.GetString() : Member(source, "url");
            if (!Uri.TryCreate(address, UriKind.Absolute, out var url))
                continue;

            if (text is null && (text = contents.FindLast(static content => content is TextContent)) is null)
                contents.Add(text = new TextContent(""));
            (text.Annotations ??= []).Add(new CitationAnnotation { Url = url, Title = Member(source, "title"), Snippet = Member(source, "snippet") });
        }
    }

    private static bool IsFilled(JsonElement list) => list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0;

    private static string? Member(JsonElement source, string name) => source.ValueKind == JsonValueKind.Object ? Text(source, name) : null;

    /// <summary>The annotations of the contents; <see langword="null"/> where there are none.</summary>
    public static JsonElement? Write(IList<AIContent> contents)
    {
        JsonArray? written = null;
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i].Annotations is not { } annotations)
                continue;
            foreach (var annotation in annotations)
            {
                if (annotation.RawRepresentation is JsonElement asItCame)
                    (written ??= []).Add(JsonNode.Parse(asItCame.GetRawText()));
                else if (annotation is CitationAnnotation { Url: not null } citation)
                    (written ??= []).Add((JsonNode)Write(citation));
            }
        }

        return written is null ? null : JsonSerializer.SerializeToElement(written, WireJson.Strict.JsonArray);
    }

    private static AIAnnotation Read(JsonElement annotation)
    {
        if (annotation.ValueKind != JsonValueKind.Object
            || !annotation.TryGetProperty("url_citation", out var citation) || citation.ValueKind != JsonValueKind.Object)
            return new AIAnnotation { RawRepresentation = annotation };

        return new CitationAnnotation
        {
            Url = Uri.TryCreate(Text(citation, "url"), UriKind.Absolute, out var url) ? url : null,
            Title = Text(citation, "title"),
            Snippet = Text(citation, "content"),
            AnnotatedRegions = Index(citation, "start_index") is { } start && Index(citation, "end_index") is { } end
                ? [new TextSpanAnnotatedRegion { StartIndex = start, EndIndex = end }]
                : null,
            RawRepresentation = annotation,
        };
    }

    private static JsonObject Write(CitationAnnotation citation)
    {
        var written = new JsonObject { ["url"] = citation.Url!.OriginalString };
        if (citation.Title is { } title)
            written["title"] = title;
        if (citation.Snippet is { } snippet)
            written["content"] = snippet;
        if (citation.AnnotatedRegions?.OfType<TextSpanAnnotatedRegion>().FirstOrDefault() is { } span)
        {
            written["start_index"] = span.StartIndex;
            written["end_index"] = span.EndIndex;
        }

        return new JsonObject { ["type"] = "url_citation", ["url_citation"] = written };
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Index(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var index)
            ? index
            : null;
}
