using MeaiRouter.Pricing;

namespace MeaiRouter.Core.Tests.Pricing;

public sealed class PriceSelectionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly Price List = Price.PerMillion(2, 10) with
    {
        CacheRead = 0.2m,
        Version = "v7",
        Overrides =
        [
            new PriceOverride { MinPromptTokens = 128_000, Prompt = 3 },
            new PriceOverride { MinPromptTokens = 200_000, Prompt = 4, Completion = 15, CacheRead = 0.4m },
            new PriceOverride { UtcStart = new(16, 30), UtcEnd = new(0, 30), Prompt = 1 },
            new PriceOverride { ServiceTier = "flex", Prompt = 0.5m, Completion = 5 },
            new PriceOverride { ServiceTier = "flex", MinPromptTokens = 200_000, IsUnknown = true },
            new PriceOverride { Region = "eu", Completion = 11, Version = "v7-eu" },
            new PriceOverride { Batch = true, Prompt = 0.75m },
            new PriceOverride { EffectiveFrom = Noon.AddDays(10), Prompt = 9, Version = "v8" },
        ],
    };

    public static TheoryData<PriceConditions, string> Selections() => new()
    {
        { new() { At = Noon }, "2 10 0.2 v7 " },
        { new() { At = Noon, PromptTokens = 128_000 }, "2 10 0.2 v7 " },
        { new() { At = Noon, PromptTokens = 128_001 }, "3 10 0.2 v7 above 128000 prompt tokens" },
        { new() { At = Noon, PromptTokens = 200_001 }, "4 15 0.4 v7 above 128000 prompt tokens; above 200000 prompt tokens" },
        { new() { At = Noon.AddHours(4.5) }, "1 10 0.2 v7 16:30-00:30 UTC" },
        { new() { At = Noon.AddHours(12.5).AddTicks(-1) }, "1 10 0.2 v7 16:30-00:30 UTC" },
        { new() { At = Noon.AddHours(12.5) }, "2 10 0.2 v7 " },
        { new() { At = new(2026, 11, 20, 23, 0, 0, TimeSpan.FromHours(8)) }, "2 10 0.2 v7 " },
        { new() { At = Noon, ServiceTier = "Flex" }, "0.5 5 0.2 v7 flex" },
        { new() { At = Noon, ServiceTier = "default" }, "2 10 0.2 v7 " },
        { new() { At = Noon, ServiceTier = "on_demand" }, "2 10 0.2 v7 " },
        { new() { At = Noon, ServiceTier = "priority" }, "unpriced" },
        { new() { At = Noon, ServiceTier = "flex", PromptTokens = 200_001 }, "unpriced" },
        { new() { At = Noon, Regions = ["us", "EU"] }, "2 11 0.2 v7-eu region eu" },
        { new() { At = Noon, Regions = ["us"] }, "2 10 0.2 v7 " },
        { new() { At = Noon, IsBatch = true }, "0.75 10 0.2 v7 batch" },
        { new() { At = Noon.AddDays(10) }, "9 10 0.2 v8 from 2026-11-30T12:00Z" },
        { new() { At = Noon.AddDays(10), Regions = ["eu"] }, "9 11 0.2 v8 region eu; from 2026-11-30T12:00Z" },
    };

    [Theory]
    [MemberData(nameof(Selections))]
    public void The_facts_of_an_attempt_select_its_price_and_the_charge_can_say_which(PriceConditions conditions, string expected)
    {
        var price = List.For(conditions);

        Assert.Equal(expected, price is null ? "unpriced" : FormattableString.Invariant($"{price.Prompt} {price.Completion} {price.CacheRead} {price.Version} {price.Applied}"));
        Assert.Same(price, List.For(conditions));
    }

    [Theory]
    [InlineData("flex", false)]
    [InlineData("priority", false)]
    [InlineData(null, true)]
    public void A_list_without_the_price_of_a_tier_or_of_batches_does_not_guess_it(string? tier, bool batch) =>
        Assert.Null(Price.PerMillion(1, 2).For(new PriceConditions { At = Noon, ServiceTier = tier, IsBatch = batch }));

    [Fact]
    public void Before_a_price_holds_an_attempt_is_unpriced()
    {
        var price = Price.PerMillion(1, 2) with { EffectiveFrom = Noon };

        Assert.Null(price.For(new PriceConditions { At = Noon.AddTicks(-1) }));
        Assert.Same(price, price.For(new PriceConditions { At = Noon }));
    }

    [Fact]
    public void A_price_without_overrides_is_selected_without_allocating()
    {
        var price = Price.PerMillion(1, 2);
        var conditions = new PriceConditions { PromptTokens = 5, At = Noon, ServiceTier = "default" };
        Assert.Same(price, price.For(conditions));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            _ = price.For(conditions);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_version_that_nobody_gave_is_a_fingerprint_of_the_numbers()
    {
        var price = Price.PerMillion(1, 2);

        Assert.Matches("^[0-9a-f]{12}$", price.Version);
        Assert.Equal(price.Version, new Price { Prompt = 1.0m, Completion = 2.00m }.Version);
        Assert.NotEqual(price.Version, (price with { Completion = 3 }).Version);
        Assert.NotEqual(price.Version, (price with { Overrides = [new PriceOverride { MinPromptTokens = 1, Prompt = 2 }] }).Version);
        Assert.Equal("v1", (price with { Version = "v1" }).Version);
    }

    [Fact]
    public void Prices_are_equal_by_their_numbers_whatever_they_were_asked_before()
    {
        var (asked, other) = (List with { }, List with { });
        _ = asked.For(new PriceConditions { At = Noon, PromptTokens = 300_000 });
        _ = (List with { Version = "x" }).Version;

        Assert.Equal(asked, other);
        Assert.Equal(asked.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(asked, other with { Overrides = [.. other.Overrides.Skip(1)] });
    }

    [Fact]
    public void A_copy_selects_by_its_own_numbers()
    {
        var conditions = new PriceConditions { At = Noon, PromptTokens = 300_000 };
        _ = List.For(conditions);

        var copy = List with { Overrides = [new PriceOverride { MinPromptTokens = 1_000, Prompt = 7 }] };

        Assert.Equal(7, copy.For(conditions)!.Prompt);
    }

    [Fact]
    public void A_discount_or_a_margin_is_on_every_price()
    {
        var scaled = (List with { Request = 0.01m, WebSearch = 0.02m }).Scale(0.5m);

        Assert.Equal((1m, 5m, 0.1m, 0.005m, 0.01m), (scaled.Prompt, scaled.Completion, scaled.CacheRead, scaled.Request, scaled.WebSearch));
        Assert.Equal((2m, 7.5m, 0.2m), (scaled.Overrides[1].Prompt, scaled.Overrides[1].Completion, scaled.Overrides[1].CacheRead));
        Assert.Throws<ArgumentOutOfRangeException>(() => List.Scale(-1));
    }

    [Fact]
    public void Units_are_charged_each()
    {
        var price = new Price { Prompt = 1, Request = 0.001m, Image = 0.002m, WebSearch = 0.01m, ToolUnit = 0.003m, VideoInput = 5 };

        Assert.Equal(
            NanoUsd.FromUsd(0.001m + (2 * 0.002m) + (3 * 0.01m) + (4 * 0.003m)) + new NanoUsd(10_000 + (2_000 * 5_000)),
            price.CostOf(new TokenUsage { Input = 10, VideoInput = 2_000, Requests = 1, Images = 2, WebSearches = 3, ToolUnits = 4 }));
    }

    [Fact]
    public void The_parts_of_a_cost_are_those_of_its_sides()
    {
        var price = new Price { Prompt = 1, Completion = 2, Reasoning = 3, Request = 0.5m };
        var usage = new TokenUsage { Input = 10, Output = 10, Reasoning = 10, Requests = 1 };

        Assert.Equal((new NanoUsd(10_000), new NanoUsd(50_000)), (price.PromptCostOf(usage), price.CompletionCostOf(usage)));
        Assert.Equal(NanoUsd.FromUsd(0.5m) + new NanoUsd(60_000), price.CostOf(usage));
    }

    [Fact]
    public void More_overrides_than_a_price_may_have_are_refused() => Assert.Equal(
        "A price has 65 overrides; it may have 64. (Parameter 'overrides')",
        Assert.Throws<ArgumentException>(() => PriceOverrides.Create([.. Enumerable.Range(1, 65).Select(i => new PriceOverride { MinPromptTokens = i })])).Message);
}
