using MeaiRouter.Budgets;
using MeaiRouter.Caching;
using MeaiRouter.Catalog;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
using MeaiRouter.Resilience;
using MeaiRouter.Health;
using MeaiRouter.Routing;
using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Configuration;

/// <summary>The section <c>MeaiRouter</c>, read once and found right.</summary>
internal sealed class RouterConfiguration
{
    public const string SectionName = "MeaiRouter";

    public required IReadOnlyDictionary<string, ProviderConfiguration> Providers { get; init; }

    public required IReadOnlyList<ProviderReference> ProviderReferences { get; init; }

    /// <summary>The models and aliases of the configuration itself.</summary>
    public required CatalogContribution Models { get; init; }

    /// <summary>Where models and prices come from besides.</summary>
    public required CatalogSources CatalogSources { get; init; }

    /// <summary>Everything at the time of reading, whoever serves it.</summary>
    public required ModelCatalog Catalog { get; init; }

    public required Action<RoutingOptions> Routing { get; init; }

    public required HealthOptions Health { get; init; }

    public required Action<ResponseCacheOptions> ResponseCache { get; init; }

    public required Action<NormalizingOptions> Normalization { get; init; }

    public required Action<FallbackOptions> Fallback { get; init; }

    /// <summary>What the calls of the configured providers and endpoints run through.</summary>
    public required Action<ResilienceOptions> Resilience { get; init; }

    /// <summary>The endpoints that have settings of their own there.</summary>
    public required string ResilienceText { get; init; }

    public required IReadOnlyList<Budget> Budgets { get; init; }

    /// <summary>Reads the configuration.</summary>
    /// <param name="configuration">The root, or the section itself.</param>
    /// <param name="environmentVariable">Gives the value of an environment variable.</param>
    /// <exception cref="MeaiRouterConfigurationException">Something is wrong; the exception says everything that is.</exception>
    public static RouterConfiguration Read(IConfiguration configuration, Func<string, string?> environmentVariable)
    {
        var errors = new ConfigurationErrors();
        var read = Read(configuration, environmentVariable, errors);
        errors.ThrowIfAny();
        return read;
    }

    /// <summary>Reads the configuration and notes what is wrong with it; where anything is, what is read is of no use.</summary>
    /// <param name="configuration">The root, or the section itself.</param>
    /// <param name="environmentVariable">Gives the value of an environment variable.</param>
    /// <param name="errors">Where errors are noted.</param>
    public static RouterConfiguration Read(IConfiguration configuration, Func<string, string?> environmentVariable, ConfigurationErrors errors)
    {
        var section = SectionOf(configuration);
        (section as IComposedSection)?.Report(errors);
        return Read(new SectionReader(section, errors), environmentVariable, errors);
    }

    /// <inheritdoc cref="Read(IConfiguration, Func{string, string?}, ConfigurationErrors)"/>
    internal static RouterConfiguration Read(SectionReader root, Func<string, string?> environmentVariable, ConfigurationErrors errors)
    {
        root.Ignore("Gateway");
        root.Tolerate("$schema");

        var dialects = DialectReader.Read(root);
        var providers = ReadProviders(root, new ProviderReader(environmentVariable, dialects));
        var sources = CatalogSourcesReader.Read(root.Section("Catalog"));
        var reader = new CatalogReader(providers, sources, dialects);
        var models = reader.ReadModels(root);
        string[] modelIds = [.. models.Select(static model => model.Id), .. sources.Offered.Select(static model => model.Id)];
        var aliases = AliasReader.Read(root, modelIds);
        string[] names = [.. modelIds, .. aliases.Keys];
        var routingSection = root.Section("Routing");
        var strategies = new StrategyReader(routingSection);
        var routing = RoutingReader.Read(routingSection, strategies, names);
        var health = RoutingReader.ReadHealth(routingSection?.Section("Health"));
        var presets = PresetReader.Read(root, strategies, names);
        var budgets = BudgetReader.Read(root, modelIds, [.. reader.References.Select(static reference => reference.Provider).Distinct(StringComparer.OrdinalIgnoreCase)]);
        var responseCache = CacheReader.Read(root.Section("ResponseCache"));
        var normalization = NormalizationReader.Read(root.Section("Normalization"));
        var fallback = FallbackReader.Read(root.Section("Fallback"));

        root.ReportUnknownKeys();
        var contribution = new CatalogContribution("configuration", CatalogOrigin.Configuration, models, aliases);
        return new RouterConfiguration
        {
            Providers = providers,
            ProviderReferences = reader.References,
            Models = contribution,
            CatalogSources = sources,
            Catalog = errors.IsEmpty ? CatalogMerge.Merge([contribution, .. sources.Imports, .. sources.BuiltIn]) : new ModelCatalog([]),
            Routing = options =>
            {
                routing(options);
                options.Presets = presets;
            },
            Health = health,
            Budgets = budgets,
            ResponseCache = responseCache,
            Normalization = normalization,
            Fallback = options =>
            {
                fallback(options);
                options.Load.Providers = providers.Values
                    .Where(static provider => provider.Limit is not null)
                    .ToDictionary(static provider => provider.Name, static provider => provider.Limit!);
            },
            ResilienceText = string.Join('\n', reader.Resilience.Keys),
            Resilience = options =>
            {
                var except = reader.Resilience.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
                foreach (var provider in providers.Values)
                    if (provider.Resilience is { } settings)
                        options.AddConfigured(provider.Name, settings, except);
                foreach (var (endpoint, settings) in reader.Resilience)
                    options.ForEndpoint(endpoint, settings.AddTo);
            },
        };
    }

    /// <summary>The section <c>MeaiRouter</c>: a child of the configuration, or the configuration itself.</summary>
    public static IConfigurationSection SectionOf(IConfiguration configuration)
    {
        var inner = configuration.GetSection(SectionName);
        return configuration is IConfigurationSection itself && !inner.Exists() ? itself : inner;
    }

    // Keys of a configuration do not tell capitals from small letters, so neither do the names of providers.
    private static Dictionary<string, ProviderConfiguration> ReadProviders(SectionReader root, ProviderReader reader) =>
        root.Sections("Providers")
            .Select(reader.Read)
            .OfType<ProviderConfiguration>()
            .ToDictionary(static provider => provider.Name, StringComparer.OrdinalIgnoreCase);
}
