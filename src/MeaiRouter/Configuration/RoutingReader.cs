using MeaiRouter.Catalog;
using MeaiRouter.Routing;

namespace MeaiRouter.Configuration;

/// <summary>Reads how requests are routed.</summary>
internal static class RoutingReader
{
    /// <summary>Reads the options; what is not set keeps its default.</summary>
    public static Action<RoutingOptions> Read(SectionReader? section, IReadOnlyCollection<string> modelsAndAliases)
    {
        if (section is null)
            return static _ => { };

        var strategy = ReadStrategy(section);
        var policy = PolicyReader.Read(section.Section("Policy"), "app");
        var model = section.Text("DefaultModel");
        if (model is not null && !modelsAndAliases.Contains(ModelName.Parse(model).Id, StringComparer.OrdinalIgnoreCase))
            section.Refuse("DefaultModel", $"'{model}' is neither a model nor an alias.{Suggestion.For(model, modelsAndAliases)}");

        return options =>
        {
            options.Strategy = strategy ?? options.Strategy;
            options.DefaultModel = model;
            options.Policy = policy;
        };
    }

    /// <summary>Reads the name of a strategy.</summary>
    public static IRoutingStrategy? ReadStrategy(SectionReader section)
    {
        var name = section.Text("Strategy");
        var strategy = RoutingStrategies.All.FirstOrDefault(strategy => strategy.Name == name);
        if (name is not null && strategy is null)
            section.Refuse("Strategy", $"'{name}' is not a strategy. Known: {string.Join(", ", RoutingStrategies.All.Select(static s => s.Name))}.");

        return strategy;
    }
}
