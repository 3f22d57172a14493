using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Errors;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Embeddings;

/// <summary>Between Microsoft.Extensions.AI and the body of <c>POST /embeddings</c>.</summary>
internal static class EmbeddingCodec
{
    /// <summary>Writes a request. What is in <see cref="RequestProperties.ExtraBody"/> wins over the options.</summary>
    public static byte[] Write(IEnumerable<string> texts, EmbeddingGenerationOptions? options, string? defaultModel)
    {
        var fields = Verbatim.Unbundle(options?.AdditionalProperties);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = WireJson.Strict.Options.Encoder }))
        {
            json.WriteStartObject();
            foreach (var (name, value) in fields ?? new Dictionary<string, JsonElement>())
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            if (fields?.ContainsKey("model") != true && (options?.ModelId ?? defaultModel) is { } model)
                json.WriteString("model", model);
            if (fields?.ContainsKey("dimensions") != true && options?.Dimensions is { } dimensions)
                json.WriteNumber("dimensions", dimensions);
            json.WriteStartArray("input");
            foreach (var text in texts)
                json.WriteStringValue(text);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>Reads an answer.</summary>
    /// <exception cref="RouterException">It is no list of embeddings.</exception>
    public static GeneratedEmbeddings<Embedding<float>> Read(ReadOnlySpan<byte> utf8Json, string? model, AnswerSource source)
    {
        EmbeddingList? list;
        try
        {
            list = JsonSerializer.Deserialize(utf8Json, WireJson.Tolerant.EmbeddingList);
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw Malformed(source, "embeddings that cannot be read as JSON", exception);
        }

        if (list?.Error is { } error)
            throw ProviderErrors.InBand(error, source, UsageMapping.Read(list.Usage));
        if (list?.Data is not { } data || data.Any(static item => item is null || item.Embedding.Values.IsEmpty))
            throw Malformed(source, "an answer without embeddings", null);

        // The order of the inputs, whatever order they come in.
        var made = data.Select(static (item, place) => (Item: item, Place: item.Index ?? place)).OrderBy(static entry => entry.Place);
        return new(made.Select(entry => new Embedding<float>(entry.Item.Embedding.Values) { ModelId = list.Model ?? model }))
        {
            Usage = UsageMapping.Read(list.Usage),
        };
    }

    private static RouterException Malformed(AnswerSource source, string what, Exception? cause) =>
        new(FailureKind.MalformedAnswer, $"{source.Subject} sent {what}.", cause) { Provider = source.Provider };
}
