using System.Text;
using MeaiRouter.Catalog;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Pricing;

/// <summary>Requests that other gateways charged wrongly, with the numbers of the reports (reference/peers.md, pains 44 and 47).</summary>
public sealed class KnownMispricingTests
{
    // https://github.com/BerriAI/litellm/issues/14849: charged $0.7642, the cached tokens twice.
    [Fact]
    public void Cached_tokens_of_Gemini_are_charged_once() => Assert.Equal(
        NanoUsd.FromUsd(0.184918125m),
        CostOf(
            new Price { Prompt = 1.25m, CacheRead = 0.625m, Completion = 10 },
            new() { InputTokenCount = 262_960, CachedInputTokenCount = 257_955, OutputTokenCount = 1_744, ReasoningTokenCount = 0, TotalTokenCount = 264_704 }));

    // https://github.com/BerriAI/litellm/issues/30135: charged by the base price, half of what it cost.
    [Theory]
    [InlineData(585_659, 7.3207375)]
    [InlineData(200_000, 1.25)]
    [InlineData(200_001, 2.5000125)]
    public void A_prompt_above_a_step_is_charged_by_it_as_a_whole(int written, decimal expected)
    {
        var price = Import("""
            "input_cost_per_token": 0.000005, "output_cost_per_token": 0.000025, "cache_read_input_token_cost": 0.0000005,
            "cache_creation_input_token_cost": 0.00000625, "input_cost_per_token_above_200k_tokens": 0.00001,
            "output_cost_per_token_above_200k_tokens": 0.0000375, "cache_creation_input_token_cost_above_200k_tokens": 0.0000125,
            "cache_read_input_token_cost_above_200k_tokens": 0.000001
            """);

        Assert.Equal(
            NanoUsd.FromUsd(expected),
            CostOf(price, new() { InputTokenCount = written, OutputTokenCount = 0, AdditionalCounts = new() { [UsageCounts.CacheWrite] = written } }));
    }

    // https://github.com/BerriAI/litellm/issues/30344: a step at any other length than four known ones was dropped.
    [Theory]
    [InlineData("64k", 64_001, 0.128002)]
    [InlineData("100000", 100_001, 0.200002)]
    [InlineData("100000", 100_000, 0.1)]
    public void A_step_may_be_at_any_length(string step, int tokens, decimal expected) => Assert.Equal(
        NanoUsd.FromUsd(expected),
        CostOf(
            Import($"\"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 1e-6, \"input_cost_per_token_above_{step}_tokens\": 2e-6"),
            new() { InputTokenCount = tokens, OutputTokenCount = 0 }));

    // https://github.com/BerriAI/litellm/issues/13810: flex charged as standard. Numbers: https://github.com/defog-ai/defog/pull/303.
    [Theory]
    [InlineData("flex", 0.0006375)]
    [InlineData("default", 0.001275)]
    public void Flex_costs_half_where_flex_served(string tier, decimal expected) => Assert.Equal(
        NanoUsd.FromUsd(expected),
        CostOf(
            Import("""
                "input_cost_per_token": 2.5e-7, "output_cost_per_token": 2e-6, "cache_read_input_token_cost": 2.5e-8,
                "input_cost_per_token_flex": 1.25e-7, "output_cost_per_token_flex": 1e-6, "cache_read_input_token_cost_flex": 1.25e-8
                """),
            new() { InputTokenCount = 2_000, CachedInputTokenCount = 1_000, OutputTokenCount = 500 },
            tier));

    // https://github.com/BerriAI/litellm/pull/39245: flex with a long prompt charged $3.045 instead of $1.5225; the list lacked its price.
    [Theory]
    [InlineData(true, "flex", 1.5225)]
    [InlineData(true, null, 3.045)]
    [InlineData(false, null, 3.045)]
    [InlineData(false, "flex", null)]
    public void A_tier_with_a_long_prompt_has_its_own_price_or_none(bool isListed, string? tier, double? expected)
    {
        var price = Import("""
            "input_cost_per_token": 5e-6, "output_cost_per_token": 3e-5, "input_cost_per_token_flex": 2.5e-6, "output_cost_per_token_flex": 1.5e-5,
            "input_cost_per_token_above_272k_tokens": 1e-5, "output_cost_per_token_above_272k_tokens": 4.5e-5
            """ + (isListed ? ", \"input_cost_per_token_above_272k_tokens_flex\": 5e-6, \"output_cost_per_token_above_272k_tokens_flex\": 2.25e-5" : ""));

        Assert.Equal(
            expected is { } usd ? NanoUsd.FromUsd((decimal)usd) : null,
            CostOf(price, new() { InputTokenCount = 300_000, OutputTokenCount = 1_000 }, tier));
    }

    private static NanoUsd? CostOf(Price price, UsageDetails details, string? tier = null)
    {
        var usage = TokenUsage.From(details);
        Assert.Equal(UsageDiscrepancies.None, usage.Discrepancies);
        return price.For(new PriceConditions { PromptTokens = usage.TotalInput, ServiceTier = tier })?.CostOf(usage);
    }

    private static Price Import(string prices) =>
        LiteLlmCatalog.Parse(Encoding.UTF8.GetBytes($$"""{ "m": { "litellm_provider": "p", "mode": "chat", {{prices}} } }""")).Models.Single().Endpoints.Single().Price!;
}
