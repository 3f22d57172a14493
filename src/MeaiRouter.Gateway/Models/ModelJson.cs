using System.Text.Json;
using MeaiRouter.Catalog;

namespace MeaiRouter.Gateway.Models;

/// <summary>A model in OpenRouter's shape, which OpenAI's clients understand too. Members that its clients insist on are there also where we know nothing.</summary>
internal static class ModelJson
{
    public static void Write(Utf8JsonWriter json, ListedModel listed)
    {
        var (model, cheapest) = (listed.Model, listed.Cheapest);
        json.WriteStartObject();
        json.WriteString("id", model.Id);
        json.WriteString("object", "model");
        json.WriteNumber("created", model.Created?.ToUnixTimeSeconds() ?? 0);
        json.WriteString("owned_by", AuthorOf(model));
        json.WriteString("canonical_slug", model.Id);
        json.WriteString("name", model.Name);
        WriteLimit(json, "context_length", model.ContextLength);
        WriteArchitecture(json, model);
        PriceJson.Write(json, cheapest?.Price);

        json.WriteStartObject("top_provider");
        WriteLimit(json, "context_length", cheapest?.ContextLength ?? model.ContextLength);
        WriteLimit(json, "max_completion_tokens", cheapest?.MaxOutputTokens ?? model.MaxOutputTokens);
        json.WriteBoolean("is_moderated", false);
        json.WriteEndObject();

        json.WriteNull("per_request_limits");
        json.WriteNull("default_parameters");
        json.WriteNull("supported_voices");
        WriteStrings(json, "supported_parameters", listed.SupportedParameters);
        json.WriteStartObject("links");
        json.WriteString("details", $"/api/v1/models/{model.Id}/endpoints");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static string AuthorOf(Model model) => model.Id.Split('/')[0];

    public static void WriteArchitecture(Utf8JsonWriter json, Model model, bool isWhole = false)
    {
        json.WriteStartObject("architecture");
        json.WriteString("modality", $"{string.Join('+', model.InputModalities)}->{string.Join('+', model.OutputModalities)}");
        WriteStrings(json, "input_modalities", model.InputModalities);
        WriteStrings(json, "output_modalities", model.OutputModalities);
        if (isWhole)
        {
            json.WriteNull("tokenizer");
            json.WriteNull("instruct_type");
        }

        json.WriteEndObject();
    }

    public static void WriteLimit(Utf8JsonWriter json, string name, int? limit)
    {
        if (limit is { } tokens)
            json.WriteNumber(name, tokens);
        else
            json.WriteNull(name);
    }

    public static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
