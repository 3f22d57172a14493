using MeaiRouter.Affinity;
using MeaiRouter.Catalog;
using MeaiRouter.Health;
using MeaiRouter.Routing;

namespace MeaiRouter.Configuration;

/// <summary>Reads how requests are routed.</summary>
internal static class RoutingReader
{
    /// <summary>Reads the options; what is not set keeps its default.</summary>
    public static Action<RoutingOptions> Read(SectionReader? section, StrategyReader strategies, IReadOnlyCollection<string> modelsAndAliases)
    {
        if (section is null)
            return static _ => { };

        var chosen = strategies.Read(section);
        var policy = PolicyReader.Read(section.Section("Policy"), "app");
        var affinity = ReadAffinity(section.Section("Affinity"));
        var model = section.Text("DefaultModel");
        if (model is not null && !modelsAndAliases.Contains(ModelName.Parse(model).Id, StringComparer.OrdinalIgnoreCase))
            section.Refuse("DefaultModel", $"'{model}' is neither a model nor an alias.{Suggestion.For(model, modelsAndAliases)}");

        return options =>
        {
            options.Strategies = strategies.All;
            options.Strategy = chosen ?? strategies.All.FirstOrDefault(strategy => strategy.Name == options.Strategy.Name) ?? options.Strategy;
            options.DefaultModel = model;
            options.Policy = policy;
            options.Affinity = affinity ?? options.Affinity;
        };
    }

    /// <summary>Reads how attempts are judged; what is not set keeps its default.</summary>
    public static HealthOptions ReadHealth(SectionReader? section)
    {
        var defaults = new HealthOptions();
        return section is null ? defaults : defaults with
        {
            ConsecutiveFailures = section.Number("ConsecutiveFailures", minimum: 1) ?? defaults.ConsecutiveFailures,
            Certainty = section.Real("Certainty", 0, 10) ?? defaults.Certainty,
            OpenFor = section.Duration("OpenFor") ?? defaults.OpenFor,
            OpenForAtMost = section.Duration("OpenForAtMost") ?? defaults.OpenForAtMost,
            SlowStart = section.Duration("SlowStart") ?? defaults.SlowStart,
            SlowStartShare = section.Real("SlowStartShare", 0.01, 1) ?? defaults.SlowStartShare,
            RequestsForUptime = section.Number("RequestsForUptime", minimum: 1) ?? defaults.RequestsForUptime,
            DegradedBelow = section.Real("DegradedBelow", 0, 1) ?? defaults.DegradedBelow,
            DownBelow = section.Real("DownBelow", 0, 1) ?? defaults.DownBelow,
            FailuresForOutage = section.Number("FailuresForOutage", minimum: 1) ?? defaults.FailuresForOutage,
            RateLimitRest = section.Duration("RateLimitRest") ?? defaults.RateLimitRest,
            RateLimitRestAtMost = section.Duration("RateLimitRestAtMost") ?? defaults.RateLimitRestAtMost,
        };
    }

    private static AffinityOptions? ReadAffinity(SectionReader? section)
    {
        if (section is null)
            return null;

        var options = new AffinityOptions();
        options.Enabled = section.Flag("Enabled") ?? options.Enabled;
        options.Capacity = section.Number("Capacity", minimum: 1) ?? options.Capacity;
        options.TimeToLive = section.Duration("TimeToLive") ?? options.TimeToLive;
        return options;
    }
}
