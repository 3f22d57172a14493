using MeaiRouter.Pricing;

namespace MeaiRouter.Core.Tests.Pricing;

public sealed class PriceTests
{
    private static readonly TokenUsage OneOfEach = new()
    {
        Input = 1, CacheRead = 10, CacheWrite = 100, CacheWrite1h = 1_000, AudioInput = 10_000, ImageInput = 100_000,
        Output = 1, Reasoning = 10, AudioOutput = 100, ImageOutput = 1_000,
    };

    [Fact]
    public void Every_bucket_is_charged_at_its_own_price()
    {
        var price = new Price
        {
            Prompt = 1, CacheRead = 2, CacheWrite = 3, CacheWrite1h = 4, AudioInput = 5, ImageInput = 6,
            Completion = 7, Reasoning = 8, AudioOutput = 9, ImageOutput = 11,
        };

        // Nano-dollars per token are dollars per million tokens times 1,000.
        const long expected = 1_000L * ((1 * 1) + (10 * 2) + (100 * 3) + (1_000 * 4) + (10_000 * 5) + (100_000 * 6)
            + (1 * 7) + (10 * 8) + (100 * 9) + (1_000 * 11));
        Assert.Equal(new NanoUsd(expected), price.CostOf(OneOfEach));
    }

    [Fact]
    public void A_bucket_without_a_price_costs_what_the_bucket_around_it_costs() =>
        Assert.Equal(new NanoUsd(1_000L * ((111_111 * 2) + (1_111 * 3))), Price.PerMillion(2, 3).CostOf(OneOfEach));

    [Fact]
    public void Writing_the_cache_for_an_hour_falls_back_to_the_price_of_writing_it_at_all() =>
        Assert.Equal(
            new NanoUsd(1_000_000 * 5),
            new Price { Prompt = 1, CacheWrite = 5 }.CostOf(new TokenUsage { CacheWrite1h = 1_000 }));

    [Fact]
    public void A_bucket_priced_at_zero_is_free_and_does_not_fall_back() =>
        Assert.Equal(NanoUsd.Zero, new Price { Prompt = 1, CacheRead = 0 }.CostOf(new TokenUsage { CacheRead = 1_000 }));

    [Fact]
    public void The_price_of_a_request_comes_on_top_of_its_tokens() =>
        Assert.Equal(
            NanoUsd.FromUsd(0.05m) + new NanoUsd(1_000),
            new Price { Prompt = 1, Request = 0.05m }.CostOf(new TokenUsage { Input = 1, Requests = 1 }));

    [Fact]
    public void Fractions_of_a_nano_dollar_are_rounded_once_over_all_buckets()
    {
        // 0.4 nano-dollars a token: rounded bucket by bucket three such tokens would be free.
        var price = new Price { Prompt = 0.0004m, CacheRead = 0.0004m, Completion = 0.0004m };

        Assert.Equal(new NanoUsd(1), price.CostOf(new TokenUsage { Input = 1, CacheRead = 1, Output = 1 }));
        Assert.Equal(new NanoUsd(0), price.CostOf(new TokenUsage { Input = 1, Requests = 1 }));
    }

    [Fact]
    public void Small_prices_times_many_tokens_are_exact()
    {
        // 0.1 + 0.2 is the classic that binary floating point gets wrong.
        var price = Price.PerMillion(0.1m, 0.2m);

        Assert.Equal(new NanoUsd(300_000_000_000), price.CostOf(new TokenUsage { Input = 1_000_000_000, Output = 1_000_000_000 }));
    }

    [Fact]
    public void Free_is_zero_for_any_usage() => Assert.Equal(NanoUsd.Zero, Price.Free.CostOf(OneOfEach));
}
