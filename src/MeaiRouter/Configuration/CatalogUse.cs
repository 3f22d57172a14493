namespace MeaiRouter.Configuration;

/// <summary>What a list of models is there for.</summary>
internal enum CatalogUse
{
    /// <summary>Its models can be asked for, as far as their providers are configured.</summary>
    Models,

    /// <summary>It completes the models of others, above all with prices.</summary>
    Prices,
}
