using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>Where a text comes from. Chat completions nest a citation's fields, this API does not.</summary>
internal static class ResponseAnnotations
{
    private const string UrlCitation = "url_citation";

    public static IList<AIAnnotation>? Read(IList<JsonElement>? annotations) => annotations is { Count: > 0 } ? [.. annotations.Select(Read)] : null;

    /// <summary>The annotation as this API has it; <see langword="null"/> where it has no form for it.</summary>
    public static JsonElement? Write(AIAnnotation annotation)
    {
        if (annotation is not CitationAnnotation { Url: { } url } citation)
            return annotation.RawRepresentation is JsonElement { ValueKind: JsonValueKind.Object } asItCame ? asItCame : null;

        // Declared as always present, places and title too.
        var span = citation.AnnotatedRegions?.OfType<TextSpanAnnotatedRegion>().FirstOrDefault();
        return JsonSerializer.SerializeToElement(
            new JsonObject
            {
                ["type"] = UrlCitation,
                ["url"] = url.OriginalString,
                ["title"] = citation.Title ?? "",
                ["start_index"] = span?.StartIndex ?? 0,
                ["end_index"] = span?.EndIndex ?? 0,
            },
            WireJson.Strict.JsonObject);
    }

    private static AIAnnotation Read(JsonElement annotation)
    {
        if (annotation.ValueKind != JsonValueKind.Object || Text(annotation, "type") != UrlCitation
            || !Uri.TryCreate(Text(annotation, "url"), UriKind.Absolute, out var url))
            return new AIAnnotation { RawRepresentation = annotation };

        return new CitationAnnotation
        {
            Url = url,
            Title = Text(annotation, "title"),
            AnnotatedRegions = Index(annotation, "start_index") is { } start && Index(annotation, "end_index") is { } end
                ? [new TextSpanAnnotatedRegion { StartIndex = start, EndIndex = end }]
                : null,
        };
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Index(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var index) ? index : null;
}
