using MeaiRouter.Budgets;
using MeaiRouter.Catalog;
using MeaiRouter.Fallback;
using MeaiRouter.Routing;
using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Configuration;

/// <summary>The section <c>MeaiRouter</c>, read once and found right.</summary>
internal sealed class RouterConfiguration
{
    private const string SectionName = "MeaiRouter";

    public required IReadOnlyDictionary<string, ProviderConfiguration> Providers { get; init; }

    public required IReadOnlyList<ProviderReference> ProviderReferences { get; init; }

    public required ModelCatalog Catalog { get; init; }

    public required Action<RoutingOptions> Routing { get; init; }

    public required Action<FallbackOptions> Fallback { get; init; }

    public required IReadOnlyList<Budget> Budgets { get; init; }

    /// <summary>Reads the configuration.</summary>
    /// <param name="configuration">The root, or the section itself.</param>
    /// <param name="environmentVariable">Gives the value of an environment variable.</param>
    /// <exception cref="MeaiRouterConfigurationException">Something is wrong; the exception says everything that is.</exception>
    public static RouterConfiguration Read(IConfiguration configuration, Func<string, string?> environmentVariable)
    {
        var errors = new ConfigurationErrors();
        var root = new SectionReader(SectionOf(configuration), errors);

        root.Ignore("Gateway");

        var providers = ReadProviders(root, new ProviderReader(environmentVariable));
        var reader = new CatalogReader(providers);
        var models = reader.ReadModels(root);
        string[] modelIds = [.. models.Select(static model => model.Id)];
        var aliases = AliasReader.Read(root, modelIds);
        var routing = RoutingReader.Read(root.Section("Routing"), [.. modelIds, .. aliases.Keys]);
        var presets = PresetReader.Read(root, [.. modelIds, .. aliases.Keys]);
        var budgets = BudgetReader.Read(root, modelIds, [.. reader.References.Select(static reference => reference.Provider).Distinct(StringComparer.OrdinalIgnoreCase)]);
        var fallback = FallbackReader.Read(root.Section("Fallback"));

        root.ReportUnknownKeys();
        errors.ThrowIfAny();

        return new RouterConfiguration
        {
            Providers = providers,
            ProviderReferences = reader.References,
            Catalog = new ModelCatalog(models, aliases),
            Routing = options =>
            {
                routing(options);
                options.Presets = presets;
            },
            Fallback = fallback,
            Budgets = budgets,
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
