namespace MeaiRouter.Configuration;

/// <summary>Reads how requests are routed.</summary>
internal static class RoutingReader
{
    private const string PriceWeighted = "price-weighted";

    /// <summary>Checks the strategy and gives back the model for requests that name none.</summary>
    public static string? ReadDefaultModel(SectionReader? section, IReadOnlyCollection<string> modelsAndAliases)
    {
        if (section is null)
            return null;

        if (section.Text("Strategy") is { } strategy and not PriceWeighted)
            section.Refuse("Strategy", $"'{strategy}' is not supported by this version. Known: {PriceWeighted}.");

        var model = section.Text("DefaultModel");
        if (model is not null && !modelsAndAliases.Contains(model, StringComparer.OrdinalIgnoreCase))
            section.Refuse("DefaultModel", $"'{model}' is neither a model nor an alias.{Suggestion.For(model, modelsAndAliases)}");

        return model;
    }
}
