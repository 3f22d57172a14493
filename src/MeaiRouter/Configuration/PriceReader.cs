using MeaiRouter.Pricing;

namespace MeaiRouter.Configuration;

/// <summary>Reads what an endpoint charges.</summary>
internal static class PriceReader
{
    private static readonly string[] TokenPrices =
    [
        "Prompt", "Completion", "CacheRead", "CacheWrite", "CacheWrite1h", "Reasoning", "AudioInput", "AudioOutput", "ImageInput", "ImageOutput",
        "VideoInput",
    ];

    private static readonly string[] UnitPrices = ["Request", "Image", "WebSearch", "ToolUnit"];

    /// <summary>Reads a price; <see langword="null"/>, which means unpriced, if none is set.</summary>
    public static Price? Read(SectionReader? section)
    {
        if (section is null)
            return null;

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
            VideoInput = section.Dollars("VideoInput"),
            Request = section.Dollars("Request") ?? 0,
            Image = section.Dollars("Image") ?? 0,
            WebSearch = section.Dollars("WebSearch") ?? 0,
            ToolUnit = section.Dollars("ToolUnit") ?? 0,
            Overrides = PriceOverrideReader.Read(section),
            EffectiveFrom = section.Moment("EffectiveFrom"),
        };
        if (section.Text("Version") is { } version)
            price = price with { Version = version };

        var hasTokenPrice = Array.Exists(TokenPrices, section.Has) || price.Overrides.Count > 0;
        if (!hasTokenPrice)
            return Array.Exists(UnitPrices, section.Has) ? price : RefuseWithoutPrice(section);

        foreach (var key in (ReadOnlySpan<string>)["Prompt", "Completion"])
            if (!section.Has(key))
                section.Refuse(key, "is missing. A price per token has both Prompt and Completion, even if one of them is 0.");

        return price;
    }

    /// <summary>Whether a section sets any price.</summary>
    public static bool HasPrice(SectionReader section) => Array.Exists(TokenPrices, section.Has) || Array.Exists(UnitPrices, section.Has);

    private static Price? RefuseWithoutPrice(SectionReader section)
    {
        foreach (var key in (ReadOnlySpan<string>)["EffectiveFrom", "Version"])
            if (section.Has(key))
                section.Refuse(key, "stands beside no price.");

        return null;
    }
}
