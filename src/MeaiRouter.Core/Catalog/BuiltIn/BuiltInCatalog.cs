using System.Globalization;
using System.Text.Json;
using MeaiRouter.Pricing;

namespace MeaiRouter.Catalog;

/// <summary>Well-known models with the list prices of those who serve them, shipped as data.</summary>
/// <remarks>
/// Every price carries where it was read and on which day (<see cref="ModelEndpoint.PriceSource"/>); prices change, and a bill is right
/// only by the provider's own list. Put your own prices over these with <see cref="CatalogMerge"/>. Where a provider charges by the
/// hour of the day, the dearer rate stands here. Where one charges more for long prompts and the source does not say how much, those
/// are unpriced.
/// </remarks>
public static class BuiltInCatalog
{
    private const string Resource = "MeaiRouter.Catalog.BuiltIn.models.json";

    /// <summary>Reads the models.</summary>
    public static ModelCatalog Load()
    {
        using var stream = typeof(BuiltInCatalog).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidDataException($"The assembly lacks its resource '{Resource}'.");
        using var document = JsonDocument.Parse(stream);
        return new ModelCatalog(document.RootElement.GetProperty("models").EnumerateArray().Select(ReadModel));
    }

    /// <summary>The models as the lowest part of a merge. Restrict the result with <see cref="ModelCatalog.ServedBy"/>.</summary>
    public static CatalogContribution ToContribution() => new("built-in catalogue", CatalogOrigin.BuiltIn, Load().Models);

    private static Model ReadModel(JsonElement model)
    {
        var read = new Model(Text(model, "id"));
        return read with
        {
            Name = Text(model, "name"),
            ContextLength = model.GetProperty("contextLength").GetInt32(),
            MaxOutputTokens = Count(model, "maxOutputTokens"),
            InputModalities = model.TryGetProperty("inputModalities", out var inputs)
                ? [.. inputs.EnumerateArray().Select(input => input.GetString()!)]
                : read.InputModalities,
            Endpoints = [.. model.GetProperty("endpoints").EnumerateArray().Select(ReadEndpoint)],
        };
    }

    private static ModelEndpoint ReadEndpoint(JsonElement endpoint)
    {
        var asOf = DateOnly.ParseExact(Text(endpoint, "asOf"), "yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new ModelEndpoint(Text(endpoint, "provider"), Text(endpoint, "model"))
        {
            Price = ReadPrice(endpoint.GetProperty("pricePerMillion"), Count(endpoint, "pricedUpTo")),
            PriceSource = new PriceSource(Text(endpoint, "source"), asOf),
            ContextLength = Count(endpoint, "contextLength"),
            MaxOutputTokens = Count(endpoint, "maxOutputTokens"),
        };
    }

    private static Price ReadPrice(JsonElement price, int? pricedUpTo) => new()
    {
        Prompt = price.GetProperty("prompt").GetDecimal(),
        Completion = price.GetProperty("completion").GetDecimal(),
        CacheRead = Amount(price, "cacheRead"),
        CacheWrite = Amount(price, "cacheWrite"),
        CacheWrite1h = Amount(price, "cacheWrite1h"),
        AudioInput = Amount(price, "audioInput"),
        Overrides = pricedUpTo is { } tokens ? [new PriceOverride { MinPromptTokens = tokens, IsUnknown = true }] : [],
    };

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;

    private static int? Count(JsonElement element, string member) => element.TryGetProperty(member, out var value) ? value.GetInt32() : null;

    private static decimal? Amount(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) ? value.GetDecimal() : null;
}
