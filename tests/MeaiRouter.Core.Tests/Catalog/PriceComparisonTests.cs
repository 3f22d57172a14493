using MeaiRouter.Catalog;
using MeaiRouter.Pricing;

namespace MeaiRouter.Core.Tests.Catalog;

public sealed class PriceComparisonTests
{
    private static readonly Model[] Models =
    [
        new("acme/talker") { Endpoints = [At("cheap-in", Price.PerMillion(1, 10)), At("unpriced", null)] },
        new("acme/reader") { Endpoints = [At("cheap-out", Price.PerMillion(4, 2)), At("short", Price.PerMillion(0.5m, 0.5m), upTo: 1_000)] },
    ];

    [Theory]
    [InlineData(1_000, 0, "short 500000, cheap-in 1000000, cheap-out 4000000, unpriced ?")]
    [InlineData(1_000, 1_000, "short 1000000, cheap-out 6000000, cheap-in 11000000, unpriced ?")]
    [InlineData(1_001, 0, "cheap-in 1001000, cheap-out 4004000, short ?, unpriced ?")]
    public void The_cheapest_for_these_tokens_comes_first_and_what_has_no_price_for_them_last(int prompt, int completion, string expected) =>
        Assert.Equal(expected, string.Join(", ", PriceComparison.Of(Models, prompt, completion).Select(p => $"{p.Endpoint.Provider} {p.Cost?.Value.ToString() ?? "?"}")));

    [Fact]
    public void Cached_tokens_are_charged_as_such()
    {
        var model = new Model("acme/a") { Endpoints = [At("acme", Price.PerMillion(10, 20) with { CacheRead = 1 })] };

        Assert.Equal(new NanoUsd(1_000_000), PriceComparison.Of([model], new TokenUsage { CacheRead = 1_000 }).Single().Cost);
    }

    [Fact]
    public void A_negative_count_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PriceComparison.Of(Models, -1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PriceComparison.Of(Models, 0, -1));
    }

    private static ModelEndpoint At(string provider, Price? price, int? upTo = null) => new(provider, "m")
    {
        Price = upTo is null ? price : price! with { Overrides = [new PriceOverride { MinPromptTokens = upTo, IsUnknown = true }] },
    };
}
