using System.Globalization;
using System.Text.Json;
using MeaiRouter.Pricing;

namespace MeaiRouter.Catalog;

/// <summary>Reads the lists that OpenRouter publishes about its models.</summary>
public static class OpenRouterCatalog
{
    private const string Provider = "openrouter";

    private static readonly string[] Modalities = ["text", "image", "file", "audio", "video", Model.Embeddings];

    private const string MinPromptTokens = "min_prompt_tokens";
    private const string UtcStart = "utc_start";
    private const string UtcEnd = "utc_end";

    private static readonly string[] Conditions = [MinPromptTokens, UtcStart, UtcEnd];

    private static readonly PriceMembers Members = new("prompt", "completion")
    {
        CacheRead = "input_cache_read",
        CacheWrite = "input_cache_write",
        CacheWrite1h = "input_cache_write_1h",
        Reasoning = "internal_reasoning",
        AudioInput = "audio",
        AudioOutput = "audio_output",
        ImageInput = "image_token",
        ImageOutput = "image_output",
        Request = "request",
        WebSearch = "web_search",
    };

    /// <summary>Reads the answer of <c>GET /api/v1/models</c> or of <c>GET /api/v1/models/{author}/{slug}/endpoints</c>.</summary>
    /// <param name="json">The answer, UTF-8.</param>
    /// <param name="options">When to distrust it as a whole; <see langword="null"/> for the defaults.</param>
    /// <returns>
    /// From <c>/models</c>: each model with one endpoint at the provider <c>openrouter</c>, its own id being the provider model. From
    /// <c>/endpoints</c>: one model with every endpoint it lists, whose provider is the first part of its tag. Variants such as
    /// <c>:free</c> are models of their own.
    /// </returns>
    /// <remarks>
    /// A model that produces no text is skipped. Overrides by the prompt's length and the time of the day are read; others are noted and
    /// not counted, and neither are discounts and prices per image.
    /// </remarks>
    /// <exception cref="CatalogImportException">It is not such an answer, empty, or mostly wrong.</exception>
    public static CatalogImport Parse(ReadOnlyMemory<byte> json, CatalogImportOptions? options = null)
    {
        options ??= new CatalogImportOptions();
        using var document = CatalogFile.Open(json, options);
        var log = new ImportLog();

        if (!document.RootElement.TryGetProperty("data", out var data) || data.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
            throw new CatalogImportException("The file has no 'data' with a list of models or one model with its endpoints.");

        if (data.ValueKind == JsonValueKind.Object)
        {
            log.Read(new EntryReader(data, "data", log), model => ReadModelWithEndpoints(model, log, options));
            return log.Judge(options);
        }

        var index = 0;
        foreach (var item in data.EnumerateArray())
        {
            var entry = new EntryReader(item, $"data[{index++}]", log);
            if (item.ValueKind == JsonValueKind.Object)
                log.Read(entry, model => ReadModel(model, options));
            else
                log.Read(entry, static model => Refused(model, "", "is not an object."));
        }

        return log.Judge(options);
    }

    private static Model? ReadModel(EntryReader entry, CatalogImportOptions options)
    {
        if (entry.Text("id") is not { } id)
            return Refused(entry, "id", "is missing.");

        var limits = entry.Object("top_provider");
        var endpoint = Priced(entry, options, new ModelEndpoint(Provider, id)
        {
            MaxOutputTokens = limits?.Limit("max_completion_tokens"),
            SupportedParameters = entry.Texts("supported_parameters"),
        });

        return Describe(entry, id) is { } model
            ? model with { ContextLength = entry.Limit("context_length") ?? limits?.Limit("context_length"), Endpoints = [endpoint] }
            : null;
    }

    private static Model? ReadModelWithEndpoints(EntryReader entry, ImportLog log, CatalogImportOptions options)
    {
        if (entry.Text("id") is not { } id)
            return Refused(entry, "id", "is missing.");
        if (!entry.TryGet("endpoints", out var list) || list.ValueKind != JsonValueKind.Array)
            return Refused(entry, "endpoints", "is missing.");

        var endpoints = new List<ModelEndpoint>();
        var tags = new HashSet<string>();
        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            // Its own root: an endpoint that is wrong leaves the model's other endpoints alone.
            var offer = new EntryReader(item, $"data.endpoints[{index++}]", log);
            if (item.ValueKind != JsonValueKind.Object || offer.Text("tag") is not { } tag)
                offer.Refuse("tag", "is missing.");
            else if (!tags.Add(tag))
                offer.Refuse("tag", $"'{tag}' is there already. The first entry stands.");
            else if (ReadEndpoint(offer, id, tag, options) is var endpoint && !offer.IsBroken)
                endpoints.Add(endpoint);
        }

        if (endpoints.Count == 0)
            return Refused(entry, "endpoints", "holds no usable endpoint.");
        if ((index - endpoints.Count) * 100L > index * (long)options.MaxBrokenPercent)
            return Refused(entry, "endpoints", $"has {index - endpoints.Count} wrong entries of {index}.");
        return Describe(entry, id) is { } model
            ? model with { ContextLength = endpoints.Max(endpoint => endpoint.ContextLength), Endpoints = endpoints }
            : null;
    }

    private static ModelEndpoint ReadEndpoint(EntryReader entry, string modelId, string tag, CatalogImportOptions options) =>
        Priced(entry, options, new ModelEndpoint(ProviderOf(tag), modelId)
        {
            Tag = tag,
            ContextLength = entry.Limit("context_length"),
            MaxOutputTokens = entry.Limit("max_completion_tokens"),
            Quantization = entry.Text("quantization") is { } precision and not "unknown" ? precision : null,
            SupportedParameters = entry.Texts("supported_parameters"),
        });

    private static string ProviderOf(string tag)
    {
        var provider = tag.Split('/')[0];
        return string.IsNullOrWhiteSpace(provider) ? tag : provider;
    }

    private static Model? Describe(EntryReader entry, string id)
    {
        var architecture = entry.Object("architecture");
        var outputs = Known(architecture?.Texts("output_modalities"));
        if (outputs.Count > 0 && !outputs.Contains("text") && !outputs.Contains(Model.Embeddings))
        {
            entry.Skip("", $"'{id}' produces neither text nor embeddings.");
            return null;
        }

        var model = new Model(id);
        var inputs = Known(architecture?.Texts("input_modalities"));
        return model with
        {
            Name = entry.Text("name") ?? model.Name,
            InputModalities = inputs.Count > 0 ? inputs : model.InputModalities,
            OutputModalities = outputs.Count > 0 ? outputs : model.OutputModalities,
        };
    }

    private static ModelEndpoint Priced(EntryReader entry, CatalogImportOptions options, ModelEndpoint endpoint)
    {
        if (entry.Object("pricing") is not { } pricing)
        {
            if (entry.TryGet("pricing", out _))
                entry.Refuse("pricing", "is not an object.");
            else
                entry.Note("pricing", "is missing. The endpoint is unpriced.");
            return endpoint;
        }

        // OpenRouter's own routers charge what the model they choose charges.
        if (pricing.Text(Members.Prompt) == "-1" && pricing.Text(Members.Completion) == "-1")
        {
            pricing.Note("", "varies from request to request. The endpoint is unpriced.");
            return endpoint;
        }

        // Image: providers count images among the tokens, so a price for each would charge them twice.
        NoteUncounted(pricing, "image");
        NoteUncounted(pricing, "discount");
        var overrides = pricing.Objects("overrides").Select(ReadOverride).OfType<PriceOverride>().ToArray();
        return ImportedPrice.Read(pricing, Members) is { } price
            ? endpoint with { Price = price with { Overrides = [.. overrides] }, PriceSource = new PriceSource("OpenRouter", options.AsOf) }
            : endpoint;
    }

    private static void NoteUncounted(EntryReader pricing, string member)
    {
        if (!pricing.TryGet(member, out var value))
            return;

        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
        if (!ExactDecimal.TryParse(text, 0, out var amount) || amount != 0)
            pricing.Note(member, "is not counted.");
    }

    /// <summary>An override whose conditions are all understood; <see langword="null"/>, with a note, for any other.</summary>
    private static PriceOverride? ReadOverride(EntryReader step)
    {
        var names = step.Members.Select(static member => member.Name);
        if (names.FirstOrDefault(name => !Conditions.Contains(name) && !Members.All.Contains(name)) is { } unknown)
        {
            step.Note(unknown, "is not a condition that is understood. The override is not counted.");
            return null;
        }

        var conditions = new PriceOverride
        {
            MinPromptTokens = step.Limit(MinPromptTokens),
            UtcStart = TimeOfDay(step, UtcStart),
            UtcEnd = TimeOfDay(step, UtcEnd),
        };
        if ((conditions.MinPromptTokens is null && conditions.UtcStart is null) || conditions.UtcStart is null != conditions.UtcEnd is null)
        {
            step.Note("", "has no condition that is understood. The override is not counted.");
            return null;
        }

        return ImportedPrice.ReadOverride(step, Members, conditions);
    }

    // HHMM, as text or as a number, which then lacks its zeros.
    private static TimeOnly? TimeOfDay(EntryReader step, string member)
    {
        if (!step.TryGet(member, out var value))
            return null;

        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText().PadLeft(4, '0') : step.Text(member);
        return TimeOnly.TryParseExact(text, "HHmm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
    }

    private static List<string> Known(IReadOnlyList<string>? modalities) => [.. (modalities ?? []).Where(Modalities.Contains)];

    private static Model? Refused(EntryReader entry, string member, string message)
    {
        entry.Refuse(member, message);
        return null;
    }
}
