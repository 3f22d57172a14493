using MeaiRouter.Pricing;

namespace MeaiRouter.Configuration;

/// <summary>Reads what an endpoint charges.</summary>
internal static class PriceReader
{
    /// <summary>Reads a price; <see langword="null"/>, which means unpriced, if none is set.</summary>
    public static Price? Read(SectionReader? section)
    {
        if (section is null)
            return null;

        section.RefuseUnsupported("Image", "WebSearch", "Overrides", "ServiceTiers", "EffectiveFrom", "Version");
        var price = new Price
        {
            Prompt = section.Dollars("Prompt") ?? 0,
            Completion = section.Dollars("Completion") ?? 0,
            CacheRead = section.Dollars("CacheRead"),
            CacheWrite = section.Dollars("CacheWrite"),
            CacheWrite1h = section.Dollars("CacheWrite1h"),
            Reasoning = section.Dollars("Reasoning"),
            AudioInput = section.Dollars("AudioInput"),
            AudioOutput = section.Dollars("AudioOutput"),
            ImageInput = section.Dollars("ImageInput"),
            ImageOutput = section.Dollars("ImageOutput"),
            Request = section.Dollars("Request") ?? 0,
        };

        if (!section.Has("Prompt") && !section.Has("Completion") && price == new Price { Request = price.Request })
            return section.Has("Request") ? price : null;

        foreach (var key in (ReadOnlySpan<string>)["Prompt", "Completion"])
            if (!section.Has(key))
                section.Refuse(key, "is missing. A price per token has both Prompt and Completion, even if one of them is 0.");

        return price;
    }
}
