using MeaiRouter.Catalog;
using MeaiRouter.Resilience;

namespace MeaiRouter.Configuration;

/// <summary>Reads the models and their endpoints.</summary>
internal sealed class CatalogReader(
    IReadOnlyDictionary<string, ProviderConfiguration> providers, CatalogSources sources, DialectReader dialects)
{
    private static readonly string[] Modalities = ["text", "image", "file", "audio", "video"];
    private static readonly string[] Outputs = ["text", "image", "audio", "video", "embeddings"];

    private readonly HashSet<string> _offered = new(sources.Offered.Select(static model => model.Id), StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _pathOfModel = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ProviderReference> _references = [];
    private readonly Dictionary<string, ResilienceSettings> _resilience = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The endpoints read so far with settings of their own, completed by those of their providers.</summary>
    public IReadOnlyDictionary<string, ResilienceSettings> Resilience => _resilience;

    /// <summary>Where the endpoints read so far name their providers.</summary>
    public IReadOnlyList<ProviderReference> References => _references;

    public IReadOnlyList<Model> ReadModels(SectionReader root)
    {
        var sections = root.Sections("Models");
        if (!root.Has("Models") && _offered.Count == 0)
            root.Refuse("Models", "is missing. Without a model no request can be answered. Configure some, or set Catalog:BuiltIn to Models.");

        return [.. sections.Select(ReadModel)];
    }

    private Model ReadModel(SectionReader section)
    {
        section.HintAboutUnknownSections = " A model's id that holds a colon cannot be a key: give it as 'Id'.";

        var id = section.Text("Id") ?? section.Key;
        if (!_pathOfModel.TryAdd(id, section.Path))
            section.Refuse("Id", $"'{id}' is the id of {_pathOfModel[id]} already.");

        var defaults = new Model(id);
        return new Model(id)
        {
            Name = section.Text("Name") ?? defaults.Name,
            ContextLength = section.Number("ContextLength", minimum: 1),
            MaxOutputTokens = section.Number("MaxOutputTokens", minimum: 1),
            InputModalities = section.Words("InputModalities", Modalities) ?? defaults.InputModalities,
            OutputModalities = section.Words("OutputModalities", Outputs) ?? defaults.OutputModalities,
            Created = section.Date("Created"),
            AllowsDistillation = section.Flag("AllowsDistillation"),
            Endpoints = ReadEndpoints(section, id),
        };
    }

    private List<ModelEndpoint> ReadEndpoints(SectionReader model, string id)
    {
        var sections = model.Sections("Endpoints");
        if (!model.Has("Endpoints") && !_offered.Contains(id))
            model.Refuse("Endpoints", "is missing. A model without an endpoint cannot be served.");

        var endpoints = new List<ModelEndpoint>();
        var pathOfEndpoint = new Dictionary<(string Tag, string Model), string>();
        foreach (var section in sections)
        {
            if (ReadEndpoint(section, id) is not { } endpoint)
                continue;

            endpoints.Add(endpoint);
            if (!pathOfEndpoint.TryAdd((endpoint.Tag, endpoint.Model), section.Path))
                section.Refuse("Tag", $"'{endpoint.Tag}' with the model '{endpoint.Model}' is {pathOfEndpoint[(endpoint.Tag, endpoint.Model)]} already.");
        }

        return endpoints;
    }

    private ModelEndpoint? ReadEndpoint(SectionReader section, string modelId)
    {
        var provider = section.RequiredText("Provider");
        var model = section.RequiredText("Model");
        var configured = provider is null ? null : providers.GetValueOrDefault(provider);
        if (provider is not null)
            _references.Add(new ProviderReference(section.PathOf("Provider"), provider));

        // Read with a name in place of a missing one, so that everything else that is wrong is said as well.
        var defaults = new ModelEndpoint(configured?.Name ?? provider ?? "?", model ?? "?");
        var own = ProviderTraits.Read(section, dialects);
        var traits = own.Within(configured?.Traits);
        if (own.Rules is { } rules && provider is not null && model is not null)
            configured?.Spell(model, rules);
        var endpoint = defaults with
        {
            Tag = section.Text("Tag") ?? defaults.Tag,
            Price = PriceReader.Read(section.Section("PricePerMillion"))?.Scale(traits.PriceFactor ?? 1),
            ContextLength = section.Number("ContextLength", minimum: 1),
            MaxOutputTokens = section.Number("MaxOutputTokens", minimum: 1),
            Quantization = section.Text("Quantization"),
            SupportedParameters = section.Texts("SupportedParameters") ?? defaults.SupportedParameters,
            InputModalities = section.Words("InputModalities", Modalities) ?? defaults.InputModalities,
            Regions = traits.Regions ?? defaults.Regions,
            DataPolicy = traits.DataPolicy,
            Weight = section.Number("Weight", minimum: 0) ?? defaults.Weight,
            QuotaDomain = section.Text("QuotaDomain"),
            MaxConcurrency = section.Number("MaxConcurrency", minimum: 1),
            QueueLimit = section.Number("QueueLimit", minimum: 0),
            RequestsPerMinute = section.Number("RequestsPerMinute", minimum: 1),
            TokensPerMinute = section.Number("TokensPerMinute", minimum: 1),
            Dialect = traits.Rules?.Dialect ?? defaults.Dialect,
        };

        if (ResilienceReader.Read(section.Section("Resilience")) is { } resilience)
            _resilience[$"{modelId}@{endpoint.Tag}"] = resilience.Within(configured?.Resilience);

        return provider is null || model is null ? null : endpoint;
    }
}
