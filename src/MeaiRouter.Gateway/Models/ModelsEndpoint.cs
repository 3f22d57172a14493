using System.Globalization;
using System.Text.Json;
using MeaiRouter.Catalog;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.OpenAI.Wire;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Models;

/// <summary><c>GET /models</c>: the catalogue in OpenRouter's shape, which OpenAI's clients understand too.</summary>
internal sealed class ModelsEndpoint(LiveCatalog catalog)
{
    private Written _written = new(catalog.Current, Write(catalog.Current.Catalog));

    public Task HandleAsync(HttpContext http, GatewayKey? key)
    {
        var body = CurrentBody();
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }

    // Two callers may write a new snapshot at once; they write the same.
    private byte[] CurrentBody()
    {
        var written = Volatile.Read(ref _written);
        if (!ReferenceEquals(written.Snapshot, catalog.Current))
            Volatile.Write(ref _written, written = new Written(catalog.Current, Write(catalog.Current.Catalog)));
        return written.Body;
    }

    private static byte[] Write(ModelCatalog catalog)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = WireJson.Strict.Options.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var model in catalog.Models)
                Write(json, model);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Model model)
    {
        // The first endpoint is the cheapest: what OpenRouter calls the top provider, and the price a caller may hope for.
        var cheapest = model.Endpoints.Count > 0 ? model.Endpoints[0] : null;

        json.WriteStartObject();
        json.WriteString("id", model.Id);
        json.WriteString("object", "model");
        json.WriteNumber("created", model.Created?.ToUnixTimeSeconds() ?? 0);
        json.WriteString("owned_by", model.Id.Split('/')[0]);
        json.WriteString("canonical_slug", model.Id);
        json.WriteString("name", model.Name);
        WriteLimit(json, "context_length", model.ContextLength);

        json.WriteStartObject("architecture");
        json.WriteString("modality", $"{string.Join('+', model.InputModalities)}->{string.Join('+', model.OutputModalities)}");
        WriteStrings(json, "input_modalities", model.InputModalities);
        WriteStrings(json, "output_modalities", model.OutputModalities);
        json.WriteEndObject();

        WritePricing(json, cheapest);

        json.WriteStartObject("top_provider");
        WriteLimit(json, "context_length", cheapest?.ContextLength ?? model.ContextLength);
        WriteLimit(json, "max_completion_tokens", cheapest?.MaxOutputTokens ?? model.MaxOutputTokens);
        json.WriteBoolean("is_moderated", false);
        json.WriteEndObject();

        WriteStrings(json, "supported_parameters", model.Endpoints.SelectMany(endpoint => endpoint.SupportedParameters).Distinct());
        json.WriteEndObject();
    }

    // OpenRouter: decimal strings in US dollars per token.
    private static void WritePricing(Utf8JsonWriter json, ModelEndpoint? endpoint)
    {
        if (endpoint?.Price is not { } price)
        {
            json.WriteNull("pricing");
            return;
        }

        json.WriteStartObject("pricing");
        WritePerToken(json, "prompt", price.Prompt);
        WritePerToken(json, "completion", price.Completion);
        json.WriteString("request", Text(price.Request));
        WritePerToken(json, "input_cache_read", price.CacheRead);
        WritePerToken(json, "input_cache_write", price.CacheWrite);
        WritePerToken(json, "input_cache_write_1h", price.CacheWrite1h);
        WritePerToken(json, "internal_reasoning", price.Reasoning);
        WritePerToken(json, "audio", price.AudioInput);
        WritePerToken(json, "audio_output", price.AudioOutput);
        json.WriteEndObject();
    }

    private static void WritePerToken(Utf8JsonWriter json, string name, decimal? perMillion)
    {
        if (perMillion is { } price)
            json.WriteString(name, Text(price / 1_000_000m));
    }

    private static string Text(decimal usd) => usd.ToString("0.#################", CultureInfo.InvariantCulture);

    private static void WriteLimit(Utf8JsonWriter json, string name, int? limit)
    {
        if (limit is { } tokens)
            json.WriteNumber(name, tokens);
        else
            json.WriteNull(name);
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private sealed record Written(CatalogSnapshot Snapshot, byte[] Body);
}
