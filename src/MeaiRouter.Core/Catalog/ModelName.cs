namespace MeaiRouter.Catalog;

/// <summary>A model as a request names it, taken apart: <c>author/slug:free:nitro@preset/name</c>.</summary>
/// <param name="Id">The id or alias with its catalogue variants, such as <c>author/slug:free</c>; empty where only a preset is named.</param>
/// <param name="Variant">The routing variant; of several the last one wins. <see langword="null"/> if there is none.</param>
/// <param name="Preset">The name of the preset; <see langword="null"/> if there is none.</param>
public readonly record struct ModelName(string Id, RoutingVariant? Variant, string? Preset)
{
    private const string PresetMark = "@preset/";

    /// <summary>Takes a name apart. Routing variants may stand anywhere among the suffixes, in any case; all others belong to the id.</summary>
    /// <param name="name">The name.</param>
    public static ModelName Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        var mark = name.IndexOf(PresetMark, StringComparison.OrdinalIgnoreCase);
        RoutingVariant? variant = null;
        return mark < 0
            ? new ModelName(WithoutVariants(name, ref variant), variant, null)
            : new ModelName(WithoutVariants(name[..mark], ref variant), null, WithoutVariants(name[(mark + PresetMark.Length)..], ref variant))
            {
                Variant = variant,
            };
    }

    private static string WithoutVariants(string text, ref RoutingVariant? variant)
    {
        var colon = text.IndexOf(':');
        if (colon < 0)
            return text;

        var kept = text[..colon];
        foreach (var suffix in text[(colon + 1)..].Split(':'))
        {
            if (VariantOf(suffix) is { } found)
                variant = found;
            else
                kept += ":" + suffix;
        }

        return kept;
    }

    private static RoutingVariant? VariantOf(string suffix) => suffix.ToUpperInvariant() switch
    {
        "NITRO" => RoutingVariant.Nitro,
        "FLOOR" => RoutingVariant.Floor,
        "EXACTO" => RoutingVariant.Exacto,
        _ => null,
    };
}
