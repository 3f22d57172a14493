using MeaiRouter.Catalog;
using MeaiRouter.Pricing;

namespace MeaiRouter.Core.Tests.Catalog;

public sealed class BuiltInCatalogTests
{
    private static readonly string[] Modalities = ["text", "image", "file", "audio", "video"];
    private static readonly ModelCatalog Catalog = BuiltInCatalog.Load();

    [Fact]
    public void There_are_models_of_every_large_vendor_and_none_twice()
    {
        Assert.InRange(Catalog.Models.Count, 25, 100);
        Assert.Equal(Catalog.Models.Count, Catalog.Models.Select(model => model.Id).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(
            ["anthropic", "cohere", "deepseek", "gemini", "groq", "mistral", "openai", "together", "xai"],
            Catalog.Models.SelectMany(model => model.Endpoints).Select(endpoint => endpoint.Provider).Distinct().Order());
    }

    [Fact]
    public void Every_model_states_its_limits_and_is_named() => Assert.All(Catalog.Models, model =>
    {
        Assert.Matches("^[a-z0-9-]+/[a-z0-9.-]+$", model.Id);
        Assert.NotEqual(model.Id, model.Name);
        Assert.InRange(model.ContextLength!.Value, 8_000, 10_000_000);
        Assert.InRange(model.MaxOutputTokens!.Value, 1_000, model.ContextLength.Value);
        Assert.Contains("text", model.InputModalities);
        Assert.All(model.InputModalities, modality => Assert.Contains(modality, Modalities));
        Assert.NotEmpty(model.Endpoints);
    });

    [Fact]
    public void Every_price_is_positive_plausible_and_says_where_and_when_it_was_read() =>
        Assert.All(Catalog.Models.SelectMany(model => model.Endpoints), endpoint =>
        {
            var price = endpoint.Price!;
            Assert.InRange(price.Prompt, 0.01m, 100m);
            Assert.InRange(price.Completion, price.Prompt, 500m);
            Assert.True(price.CacheRead is null || (price.CacheRead > 0 && price.CacheRead < price.Prompt));
            Assert.True(price.CacheWrite is null || price.CacheWrite > price.Prompt);
            Assert.True(price.CacheWrite1h is null || price.CacheWrite1h > price.CacheWrite);
            Assert.True(price.AudioInput is null || price.AudioInput >= price.Prompt);
            Assert.All(price.Overrides, change => Assert.True(change is { IsUnknown: true, MinPromptTokens: >= 100_000 }));
            Assert.Contains(".", endpoint.PriceSource!.Name, StringComparison.Ordinal);
            Assert.InRange(endpoint.PriceSource.AsOf!.Value, new DateOnly(2026, 7, 1), new DateOnly(2026, 11, 20));
        });

    [Fact]
    public void Where_a_source_says_no_more_than_that_long_prompts_cost_more_they_are_unpriced()
    {
        var price = Catalog.Find("google/gemini-2.5-pro")!.Endpoints.Single().Price!;

        Assert.Same(price, price.For(new PriceConditions { PromptTokens = 200_000 }));
        Assert.Null(price.For(new PriceConditions { PromptTokens = 200_001 }));
    }

    [Fact]
    public void A_user_overrides_a_price_and_keeps_the_rest()
    {
        var builtIn = Catalog.Find("openai/gpt-4.1")!;
        var mine = new Model("openai/gpt-4.1")
        {
            Endpoints = [new ModelEndpoint("openai", "gpt-4.1") { Price = Price.PerMillion(1.5m, 6m), PriceSource = new PriceSource("contract 7") }],
        };

        var merged = CatalogMerge.Merge(BuiltInCatalog.ToContribution(), new CatalogContribution("code", CatalogOrigin.Code, [mine]));

        var model = merged.Find("openai/gpt-4.1")!;
        Assert.Equal((builtIn.Name, builtIn.ContextLength), (model.Name, model.ContextLength));
        Assert.Equal((Price.PerMillion(1.5m, 6m), "contract 7"), (model.Endpoints.Single().Price, model.Endpoints.Single().PriceSource!.ToString()));
        Assert.Equal(Catalog.Models.Count, merged.Models.Count);
    }

    [Fact]
    public void A_model_served_by_two_providers_has_both_cheapest_first() => Assert.Equal(
        ["groq", "together"],
        Catalog.Find("meta-llama/llama-3.3-70b-instruct")!.Endpoints.Select(endpoint => endpoint.Provider));
}
