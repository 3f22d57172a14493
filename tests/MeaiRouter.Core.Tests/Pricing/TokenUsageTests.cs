using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Pricing;

public sealed class TokenUsageTests
{
    [Fact]
    public void Nested_usage_is_split_into_disjoint_buckets()
    {
        var usage = TokenUsage.From(new UsageDetails
        {
            InputTokenCount = 100, CachedInputTokenCount = 40, OutputTokenCount = 50, ReasoningTokenCount = 30, TotalTokenCount = 150,
            AdditionalCounts = new()
            {
                [UsageCounts.CacheWrite] = 10, [UsageCounts.CacheWrite1h] = 5, [UsageCounts.AudioInput] = 4, [UsageCounts.ImageInput] = 3,
                [UsageCounts.AudioOutput] = 2, [UsageCounts.ImageOutput] = 1,
            },
        });

        Assert.Equal(
            new TokenUsage
            {
                Input = 38, CacheRead = 40, CacheWrite = 10, CacheWrite1h = 5, AudioInput = 4, ImageInput = 3,
                Output = 17, Reasoning = 30, AudioOutput = 2, ImageOutput = 1,
            },
            usage);
        Assert.Equal((100, 50, 150), (usage.TotalInput, usage.TotalOutput, usage.Total));
    }

    [Fact]
    public void Cache_writes_as_Anthropics_SDK_reports_them_are_inside_its_input()
    {
        // Measured with Anthropic 13.10.0: 10 input + 20 cache write + 30 cache read + 7 out.
        var usage = TokenUsage.From(new UsageDetails
        {
            InputTokenCount = 60, CachedInputTokenCount = 30, OutputTokenCount = 7, TotalTokenCount = 67,
            AdditionalCounts = new() { ["CacheCreationInputTokens"] = 20 },
        });

        Assert.Equal(new TokenUsage { Input = 10, CacheWrite = 20, CacheRead = 30, Output = 7 }, usage);
        Assert.Equal(67, usage.Total);
    }

#pragma warning disable MEAI001 // The audio counts of UsageDetails are experimental, and providers set them.
    [Fact]
    public void Audio_counts_are_read_from_the_properties_of_usage_too()
    {
        var usage = TokenUsage.From(new UsageDetails
        {
            InputTokenCount = 15, InputAudioTokenCount = 10, InputTextTokenCount = 5,
            OutputTokenCount = 25, OutputAudioTokenCount = 18, OutputTextTokenCount = 7, TotalTokenCount = 40,
        });

        Assert.Equal(new TokenUsage { Input = 5, AudioInput = 10, Output = 7, AudioOutput = 18 }, usage);
    }
#pragma warning restore MEAI001

    [Fact]
    public void Reasoning_that_a_provider_left_out_of_the_output_is_added_to_it()
    {
        var usage = TokenUsage.From(new UsageDetails
        {
            InputTokenCount = 10, OutputTokenCount = 20, ReasoningTokenCount = 15, TotalTokenCount = 45,
        });

        Assert.Equal(new TokenUsage { Input = 10, Output = 20, Reasoning = 15 }, usage);
    }

    [Fact]
    public void Cached_tokens_counted_beside_the_input_are_not_lost() => Assert.Equal(
        new TokenUsage { Input = 0, CacheRead = 500, Output = 1 },
        TokenUsage.From(new UsageDetails { InputTokenCount = 3, CachedInputTokenCount = 500, OutputTokenCount = 1 }));

    [Fact]
    public void Usage_without_any_number_is_no_tokens() => Assert.Equal(default, TokenUsage.From(new UsageDetails()));

    [Fact]
    public void A_sum_adds_bucket_by_bucket_and_is_an_estimate_if_a_part_is()
    {
        var one = new TokenUsage
        {
            Input = 1, CacheRead = 2, CacheWrite = 3, CacheWrite1h = 4, AudioInput = 5, ImageInput = 6, Output = 7, Reasoning = 8,
            AudioOutput = 9, ImageOutput = 10,
        };

        Assert.Equal(
            new TokenUsage
            {
                Input = 2, CacheRead = 4, CacheWrite = 6, CacheWrite1h = 8, AudioInput = 10, ImageInput = 12, Output = 14, Reasoning = 16,
                AudioOutput = 18, ImageOutput = 20, IsEstimated = true,
            },
            TokenUsage.Add(one, one with { IsEstimated = true }));
        Assert.False((one + one).IsEstimated);
    }

    [Fact]
    public void The_buckets_of_well_formed_usage_sum_to_the_providers_total()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var (cached, write, audio) = (random.Next(1000), random.Next(1000), random.Next(1000));
            var (reasoning, spoken) = (random.Next(1000), random.Next(1000));
            var (input, output) = (cached + write + audio + random.Next(1000), reasoning + spoken + random.Next(1000));

            var usage = TokenUsage.From(new UsageDetails
            {
                InputTokenCount = input, CachedInputTokenCount = cached, OutputTokenCount = output, ReasoningTokenCount = reasoning,
                TotalTokenCount = input + output,
                AdditionalCounts = new()
                {
                    [UsageCounts.CacheWrite] = write, [UsageCounts.AudioInput] = audio, [UsageCounts.AudioOutput] = spoken,
                },
            });

            Assert.Equal((input, output, input + output), (usage.TotalInput, usage.TotalOutput, usage.Total));
            Assert.All(Buckets(usage), bucket => Assert.True(bucket >= 0));
        }
    }

    [Fact]
    public void Usage_however_weird_never_gives_a_negative_count_or_a_cost_that_overflows()
    {
        long?[] weird = [null, 0, 1, -1, 7, int.MaxValue, long.MaxValue, long.MaxValue - 1, long.MinValue];
        var random = new Random(2);
        long? Any() => weird[random.Next(weird.Length)];

        for (var i = 0; i < 10_000; i++)
        {
            var usage = TokenUsage.From(new UsageDetails
            {
                InputTokenCount = Any(), CachedInputTokenCount = Any(), OutputTokenCount = Any(), ReasoningTokenCount = Any(),
                TotalTokenCount = Any(),
                AdditionalCounts = new()
                {
                    [UsageCounts.CacheWrite] = Any() ?? 0, [UsageCounts.CacheWrite1h] = Any() ?? 0, [UsageCounts.AudioInput] = Any() ?? 0,
                    [UsageCounts.ImageInput] = Any() ?? 0, [UsageCounts.AudioOutput] = Any() ?? 0, [UsageCounts.ImageOutput] = Any() ?? 0,
                },
            });

            Assert.All(Buckets(usage), bucket => Assert.True(bucket >= 0));
            Assert.True(usage.TotalInput >= 0 && usage.TotalOutput >= 0 && usage.Total >= 0);
            Assert.True(Price.PerMillion(1_000, 1_000).CostOf(usage) >= NanoUsd.Zero);
        }
    }

    private static long[] Buckets(TokenUsage usage) =>
    [
        usage.Input, usage.CacheRead, usage.CacheWrite, usage.CacheWrite1h, usage.AudioInput, usage.ImageInput,
        usage.Output, usage.Reasoning, usage.AudioOutput, usage.ImageOutput,
    ];
}
