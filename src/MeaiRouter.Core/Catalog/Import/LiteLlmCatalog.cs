using System.Collections.Frozen;
using System.Text.Json;

namespace MeaiRouter.Catalog;

/// <summary>Reads files in the shape of LiteLLM's <c>model_prices_and_context_window.json</c>.</summary>
public static class LiteLlmCatalog
{
    private static readonly PriceMembers Members = new("input_cost_per_token", "output_cost_per_token")
    {
        CacheRead = "cache_read_input_token_cost",
        CacheWrite = "cache_creation_input_token_cost",
        CacheWrite1h = "cache_creation_input_token_cost_above_1hr",
        Reasoning = "output_cost_per_reasoning_token",
        AudioInput = "input_cost_per_audio_token",
        AudioOutput = "output_cost_per_audio_token",
        ImageInput = "input_cost_per_image_token",
        ImageOutput = "output_cost_per_image_token",
        Request = "input_cost_per_request",
    };

    // Where the two projects call the same provider by different names.
    private static readonly FrozenDictionary<string, string> ProviderNames = new Dictionary<string, string>
    {
        ["together_ai"] = "together",
        ["fireworks_ai"] = "fireworks",
        ["cohere_chat"] = "cohere",
        ["bedrock_converse"] = "bedrock",
    }.ToFrozenDictionary();

    private const string Chat = "chat";
    private const string Embedding = "embedding";

    private static readonly (string Flag, string Modality)[] InputFlags =
        [("supports_vision", "image"), ("supports_pdf_input", "file"), ("supports_audio_input", "audio"), ("supports_video_input", "video")];

    private static readonly (string Flag, string[] Parameters)[] ParameterFlags =
    [
        ("supports_function_calling", ["tools"]), ("supports_tool_choice", ["tool_choice"]),
        ("supports_parallel_function_calling", ["parallel_tool_calls"]),
        ("supports_response_schema", ["response_format", "structured_outputs"]), ("supports_reasoning", ["reasoning"]),
        ("supports_assistant_prefill", [ModelEndpoint.PrefillParameter]),
    ];

    // The file has flags for abilities and nothing on sampling, probabilities and the like. An endpoint's list counts as all it takes, so that one
    // without these would have them left out of every request; whether a provider takes them is for its dialect to say.
    private static readonly string[] CommonParameters =
    [
        "max_tokens", "temperature", "top_p", "stop", "top_k", "min_p", "top_a", "frequency_penalty", "presence_penalty", "repetition_penalty", "seed",
        "logit_bias", "logprobs", "top_logprobs", "prediction", "verbosity",
    ];

    /// <summary>Reads a file.</summary>
    /// <param name="json">The file, UTF-8.</param>
    /// <param name="options">When to distrust it as a whole; <see langword="null"/> for the defaults.</param>
    /// <returns>
    /// Each model for chat or embeddings with one endpoint; other modes are skipped. The model's id is the provider's name and the provider's model,
    /// as in <c>openai/gpt-4.1</c>.
    /// </returns>
    /// <remarks>
    /// Prices of longer prompts, of the service tiers <c>flex</c> and <c>priority</c> and of batches become overrides. What a tier costs
    /// with a long prompt is unpriced where the file has prices for either alone.
    /// </remarks>
    /// <exception cref="CatalogImportException">It is not such a file, empty, or mostly wrong.</exception>
    public static CatalogImport Parse(ReadOnlyMemory<byte> json, CatalogImportOptions? options = null)
    {
        options ??= new CatalogImportOptions();
        using var document = CatalogFile.Open(json, options);
        var log = new ImportLog();
        var index = 0;

        foreach (var property in document.RootElement.EnumerateObject())
        {
            index++;
            if (!TryGetName(property, out var name))
            {
                var nameless = new EntryReader(property.Value, $"entry {index}", log);
                log.Read(nameless, static entry => Refused(entry, "", "has no name."));
                continue;
            }

            var entry = new EntryReader(property.Value, name, log);
            if (property.Value.ValueKind == JsonValueKind.Object)
                log.Read(entry, reader => ReadModel(reader, name, options));
            else
                log.Read(entry, static reader => Refused(reader, "", "is not an object."));
        }

        return log.Judge(options);
    }

    private static bool TryGetName(JsonProperty property, out string name)
    {
        try
        {
            name = property.Name;
            return !string.IsNullOrWhiteSpace(name);
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json: a string with half a surrogate pair has no value.
            name = "";
            return false;
        }
    }

    private static Model? ReadModel(EntryReader entry, string name, CatalogImportOptions options)
    {
        var mode = entry.Text("mode");
        if (mode is not (Chat or Embedding))
        {
            entry.Skip("mode", $"is '{mode ?? "missing"}', neither '{Chat}' nor '{Embedding}'.");
            return null;
        }

        if (entry.Text("litellm_provider") is not { } listed)
            return Refused(entry, "litellm_provider", "is missing.");

        var provider = ProviderOf(listed);
        var model = WithoutPrefix(WithoutPrefix(name, listed), provider);
        var tiers = LiteLlmTiers.Read(entry, Members);
        var price = ImportedPrice.Read(entry, Members);
        var described = new Model($"{provider}/{model}")
        {
            OutputModalities = mode == Embedding ? [Model.Embeddings] : Model.TextOnly,
            ContextLength = entry.Limit("max_input_tokens") ?? entry.Limit("max_tokens"),
            MaxOutputTokens = entry.Limit("max_output_tokens"),
            Endpoints =
            [
                new ModelEndpoint(provider, model)
                {
                    Price = price is null ? null : price with { Overrides = tiers },
                    PriceSource = price is null ? null : new PriceSource("LiteLLM model_prices_and_context_window.json", options.AsOf),
                    SupportedParameters = Parameters(entry),
                },
            ],
        };

        var inputs = InputFlags.Where(flag => entry.Flag(flag.Flag)).Select(flag => flag.Modality).ToArray();
        return inputs.Length == 0 ? described : described with { InputModalities = ["text", .. inputs] };
    }

    // Vertex AI is listed by whose models it serves: vertex_ai-anthropic_models, vertex_ai-language-models.
    private static string ProviderOf(string listed) =>
        listed.StartsWith("vertex_ai-", StringComparison.Ordinal) ? "vertex_ai" : ProviderNames.GetValueOrDefault(listed, listed);

    private static string WithoutPrefix(string name, string provider)
    {
        var isPrefixed = name.Length > provider.Length && name[provider.Length] == '/' && name.StartsWith(provider, StringComparison.Ordinal);
        var rest = isPrefixed ? name[(provider.Length + 1)..] : name;
        return string.IsNullOrWhiteSpace(rest) ? name : rest;
    }

    private static string[] Parameters(EntryReader entry)
    {
        var flagged = ParameterFlags.Where(flag => entry.Flag(flag.Flag)).SelectMany(flag => flag.Parameters).ToArray();
        return flagged.Length == 0 ? [] : [.. CommonParameters, .. flagged];
    }

    private static Model? Refused(EntryReader entry, string member, string message)
    {
        entry.Refuse(member, message);
        return null;
    }
}
