using MeaiRouter.Catalog;
using MeaiRouter.Routing;

namespace MeaiRouter.Configuration;

/// <summary>Reads named starting points for requests.</summary>
internal static class PresetReader
{
    public static IReadOnlyDictionary<string, Preset> Read(
        SectionReader root, StrategyReader strategies, IReadOnlyCollection<string> modelsAndAliases)
    {
        var presets = new Dictionary<string, Preset>(StringComparer.OrdinalIgnoreCase);
        foreach (var section in root.Sections("Presets"))
            presets.Add(section.Key, ReadPreset(section, strategies, modelsAndAliases));
        return presets;
    }

    private static Preset ReadPreset(SectionReader section, StrategyReader strategies, IReadOnlyCollection<string> modelsAndAliases)
    {
        var models = section.Texts("Models") ?? [];
        foreach (var model in models.Where(model => !modelsAndAliases.Contains(ModelName.Parse(model).Id, StringComparer.OrdinalIgnoreCase)))
            section.Refuse("Models", $"'{model}' is neither a model nor an alias.{Suggestion.For(ModelName.Parse(model).Id, modelsAndAliases)}");

        return new Preset
        {
            Models = models,
            Preferences = PreferencesReader.Read(section.Section("Provider")) with { Strategy = strategies.Read(section)?.Name },
            System = section.Text("System"),
            Temperature = (float?)section.Real("Temperature", 0, 2),
            TopP = (float?)section.Real("TopP", 0, 1),
            TopK = section.Number("TopK", minimum: 0),
            FrequencyPenalty = (float?)section.Real("FrequencyPenalty", -2, 2),
            PresencePenalty = (float?)section.Real("PresencePenalty", -2, 2),
            MaxOutputTokens = section.Number("MaxOutputTokens", minimum: 1),
            Seed = section.Number("Seed", minimum: int.MinValue),
            StopSequences = section.Texts("StopSequences") ?? [],
            CacheEnabled = section.Flag("CacheEnabled"),
            CacheTimeToLive = section.Duration("CacheTtl"),
        };
    }
}
