using System.Globalization;
using System.Text.Json;
using MeaiRouter.Pricing;

namespace MeaiRouter.Gateway.Models;

/// <summary>OpenRouter's <c>pricing</c>: decimal strings in US dollars per token, or for each request, image and search.</summary>
internal static class PriceJson
{
    // OpenRouter's word for a price that cannot be told beforehand. Its clients insist on strings here, and nothing would mean free.
    private const string Unpriced = "-1";

    public static void Write(Utf8JsonWriter json, Price? price)
    {
        json.WriteStartObject("pricing");
        if (price is null)
        {
            json.WriteString("prompt", Unpriced);
            json.WriteString("completion", Unpriced);
            json.WriteEndObject();
            return;
        }

        WritePerToken(json, "prompt", price.Prompt);
        WritePerToken(json, "completion", price.Completion);
        json.WriteString("request", Text(price.Request));
        if (price.Image > 0)
            json.WriteString("image", Text(price.Image));
        if (price.WebSearch > 0)
            json.WriteString("web_search", Text(price.WebSearch));
        WritePerToken(json, "image_token", price.ImageInput);
        WritePerToken(json, "image_output", price.ImageOutput);
        WritePerToken(json, "input_cache_read", price.CacheRead);
        WritePerToken(json, "input_cache_write", price.CacheWrite);
        WritePerToken(json, "input_cache_write_1h", price.CacheWrite1h);
        WritePerToken(json, "internal_reasoning", price.Reasoning);
        WritePerToken(json, "audio", price.AudioInput);
        WritePerToken(json, "audio_output", price.AudioOutput);
        WriteOverrides(json, price.Overrides);
        json.WriteEndObject();
    }

    // Those that depend on nothing but the request and the hour: OpenRouter has no word for the others.
    private static void WriteOverrides(Utf8JsonWriter json, PriceOverrides overrides)
    {
        var told = overrides.Where(static item => item is { ServiceTier: null, Region: null, Batch: null, EffectiveFrom: null, IsUnknown: false }).ToList();
        if (told.Count == 0)
            return;

        json.WriteStartArray("overrides");
        foreach (var item in told)
        {
            json.WriteStartObject();
            if (item.MinPromptTokens is { } tokens)
                json.WriteNumber("min_prompt_tokens", tokens);
            if (item is { UtcStart: { } start, UtcEnd: { } end })
            {
                json.WriteString("utc_start", start.ToString("HHmm", CultureInfo.InvariantCulture));
                json.WriteString("utc_end", end.ToString("HHmm", CultureInfo.InvariantCulture));
            }

            WritePerToken(json, "prompt", item.Prompt);
            WritePerToken(json, "completion", item.Completion);
            WritePerToken(json, "input_cache_read", item.CacheRead);
            WritePerToken(json, "input_cache_write", item.CacheWrite);
            WritePerToken(json, "input_cache_write_1h", item.CacheWrite1h);
            WritePerToken(json, "internal_reasoning", item.Reasoning);
            WritePerToken(json, "audio", item.AudioInput);
            WritePerToken(json, "audio_output", item.AudioOutput);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePerToken(Utf8JsonWriter json, string name, decimal? perMillion)
    {
        if (perMillion is { } price)
            json.WriteString(name, Text(price / 1_000_000m));
    }

    private static string Text(decimal usd) => usd.ToString("0.#################", CultureInfo.InvariantCulture);
}
