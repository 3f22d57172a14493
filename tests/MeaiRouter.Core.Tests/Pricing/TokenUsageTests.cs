using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Pricing;

public sealed class TokenUsageTests
{
    // The dearest that configuration allows.
    private static readonly Price Expensive = new() { Prompt = 1_000_000, Completion = 1_000_000, WebSearch = 1_000_000, ToolUnit = 1_000_000 };

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
                Output = 17, Reasoning = 30, AudioOutput = 2, ImageOutput = 1, Requests = 1,
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

        Assert.Equal(new TokenUsage { Input = 10, CacheWrite = 20, CacheRead = 30, Output = 7, Requests = 1 }, usage);
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

        Assert.Equal(new TokenUsage { Input = 5, AudioInput = 10, Output = 7, AudioOutput = 18, Requests = 1 }, usage);
    }
#pragma warning restore MEAI001

    [Fact]
    public void Reasoning_that_a_provider_left_out_of_the_output_is_added_to_it()
    {
        var usage = TokenUsage.From(new UsageDetails
        {
            InputTokenCount = 10, OutputTokenCount = 20, ReasoningTokenCount = 15, TotalTokenCount = 45,
        });

        Assert.Equal(new TokenUsage { Input = 10, Output = 20, Reasoning = 15, Requests = 1 }, usage);
    }

    [Theory]
    [InlineData(504L, 500)]
    [InlineData(504L + 7, 500)]
    public void Cached_tokens_that_the_total_counts_beside_the_input_are_added_to_it(long total, int cached)
    {
        var usage = TokenUsage.From(new UsageDetails
        {
            InputTokenCount = 3, CachedInputTokenCount = cached, OutputTokenCount = 1, TotalTokenCount = total, ReasoningTokenCount = total - 504,
        });

        Assert.Equal(new TokenUsage { Input = 3, CacheRead = 500, Output = 1, Reasoning = total - 504, Requests = 1 }, usage);
    }

    [Theory]
    [InlineData(null, UsageDiscrepancies.Input | UsageDiscrepancies.Output)]
    [InlineData(4L, UsageDiscrepancies.Input | UsageDiscrepancies.Output)]
    [InlineData(90L, UsageDiscrepancies.Input | UsageDiscrepancies.Output | UsageDiscrepancies.Total)]
    [InlineData(2L, UsageDiscrepancies.Input | UsageDiscrepancies.Output | UsageDiscrepancies.Total)]
    public void Parts_that_exceed_their_whole_are_cut_to_it_and_noted(long? total, UsageDiscrepancies expected)
    {
        var usage = TokenUsage.From(new UsageDetails
        {
            InputTokenCount = 3, CachedInputTokenCount = 500, OutputTokenCount = 1, ReasoningTokenCount = 40, TotalTokenCount = total,
        });

        Assert.Equal(new TokenUsage { CacheRead = 3, Reasoning = 1, Requests = 1, Discrepancies = expected }, usage);
    }

    [Fact]
    public void Thoughts_that_only_the_total_shows_are_reasoning() => Assert.Equal(
        new TokenUsage { Input = 10, Output = 20, Reasoning = 70, Requests = 1 },
        TokenUsage.From(new UsageDetails { InputTokenCount = 10, OutputTokenCount = 20, TotalTokenCount = 100 }));

    [Theory]
    [InlineData(10, null, 14, 10, 4, UsageDiscrepancies.None)]
    [InlineData(null, 4, 14, 10, 4, UsageDiscrepancies.None)]
    [InlineData(null, null, 14, 14, 0, UsageDiscrepancies.Total)]
    [InlineData(10, null, 7, 10, 0, UsageDiscrepancies.Total)]
    public void A_missing_side_follows_from_the_total(int? input, int? output, int total, long expectedInput, long expectedOutput, UsageDiscrepancies odd) =>
        Assert.Equal(
            new TokenUsage { Input = expectedInput, Output = expectedOutput, Requests = 1, Discrepancies = odd },
            TokenUsage.From(new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = total }));

    [Fact]
    public void An_explicit_zero_is_zero() => Assert.Equal(
        new TokenUsage { Requests = 1 }, TokenUsage.From(new UsageDetails { InputTokenCount = 0, OutputTokenCount = 0, TotalTokenCount = 0 }));

    [Fact]
    public void Usage_without_any_number_is_no_tokens() => Assert.Equal(new TokenUsage { Requests = 1 }, TokenUsage.From(new UsageDetails()));

    [Fact]
    public void Buckets_that_are_rarely_filled_are_equal_by_value_and_empty_again_when_set_to_nothing()
    {
        var usage = new TokenUsage { Input = 1, VideoInput = 2, WebSearches = 3 };

        Assert.Equal(new TokenUsage { WebSearches = 3, VideoInput = 2, Input = 1 }, usage);
        Assert.Equal(new TokenUsage { Input = 1 }, usage with { VideoInput = 0, WebSearches = 0 });
        Assert.NotEqual(new TokenUsage { Input = 1, VideoInput = 2 }, usage);
    }

    [Fact]
    public void A_sum_adds_bucket_by_bucket_and_is_an_estimate_if_a_part_is()
    {
        var one = new TokenUsage
        {
            Input = 1, CacheRead = 2, CacheWrite = 3, CacheWrite1h = 4, AudioInput = 5, ImageInput = 6, Output = 7, Reasoning = 8,
            AudioOutput = 9, ImageOutput = 10, VideoInput = 11, Requests = 1, Images = 12, WebSearches = 13, ToolUnits = 14,
            Discrepancies = UsageDiscrepancies.Input,
        };

        Assert.Equal(
            new TokenUsage
            {
                Input = 2, CacheRead = 4, CacheWrite = 6, CacheWrite1h = 8, AudioInput = 10, ImageInput = 12, Output = 14, Reasoning = 16,
                AudioOutput = 18, ImageOutput = 20, VideoInput = 22, Requests = 2, Images = 24, WebSearches = 26, ToolUnits = 28,
                IsEstimated = true, Discrepancies = UsageDiscrepancies.Input | UsageDiscrepancies.Total,
            },
            TokenUsage.Add(one, one with { IsEstimated = true, Discrepancies = UsageDiscrepancies.Total }));
        Assert.False((one + one).IsEstimated);
    }

    [Fact]
    public void The_buckets_of_well_formed_usage_sum_to_the_providers_total_and_nothing_is_noted()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            long Part() => random.Next(3) == 0 ? 0 : random.Next(1000);
            var (cached, write, hour, audio, image, video) = (Part(), Part(), Part(), Part(), Part(), Part());
            var (reasoning, spoken, drawn) = (Part(), Part(), Part());
            var (text, said) = (Part(), Part());
            var (input, output) = (cached + write + hour + audio + image + video + text, reasoning + spoken + drawn + said);

            var usage = TokenUsage.From(new UsageDetails
            {
                InputTokenCount = input, CachedInputTokenCount = cached, OutputTokenCount = output, ReasoningTokenCount = reasoning,
                TotalTokenCount = random.Next(2) == 0 ? null : input + output,
                AdditionalCounts = new()
                {
                    [UsageCounts.CacheWrite] = write, [UsageCounts.CacheWrite1h] = hour, [UsageCounts.AudioInput] = audio,
                    [UsageCounts.ImageInput] = image, [UsageCounts.VideoInput] = video, [UsageCounts.AudioOutput] = spoken,
                    [UsageCounts.ImageOutput] = drawn,
                },
            });

            Assert.Equal(
                new TokenUsage
                {
                    Input = text, CacheRead = cached, CacheWrite = write, CacheWrite1h = hour, AudioInput = audio, ImageInput = image, VideoInput = video,
                    Output = said, Reasoning = reasoning, AudioOutput = spoken, ImageOutput = drawn, Requests = 1,
                },
                usage);
            Assert.Equal((input, output, input + output), (usage.TotalInput, usage.TotalOutput, usage.Total));
        }
    }

    [Fact]
    public void Whatever_a_provider_claims_the_buckets_sum_to_its_totals_or_the_usage_says_which_did_not()
    {
        long?[] weird = [null, null, 0, 1, -1, 7, 12, 500, int.MaxValue, int.MaxValue + 1L, long.MaxValue, long.MinValue];
        var random = new Random(2);
        long? Any() => random.Next(3) == 0 ? weird[random.Next(weird.Length)] : random.Next(30);

        for (var i = 0; i < 50_000; i++)
        {
            var details = new UsageDetails
            {
                InputTokenCount = Any(), CachedInputTokenCount = Any(), OutputTokenCount = Any(), ReasoningTokenCount = Any(),
                TotalTokenCount = Any(),
                AdditionalCounts = new()
                {
                    [UsageCounts.CacheWrite] = Any() ?? 0, [UsageCounts.CacheWrite1h] = Any() ?? 0, [UsageCounts.AudioInput] = Any() ?? 0,
                    [UsageCounts.ImageInput] = Any() ?? 0, [UsageCounts.VideoInput] = Any() ?? 0, [UsageCounts.AudioOutput] = Any() ?? 0,
                    [UsageCounts.ImageOutput] = Any() ?? 0, [UsageCounts.WebSearches] = Any() ?? 0, [UsageCounts.ToolUnits] = Any() ?? 0,
                },
            };

            var usage = TokenUsage.From(details);

            Assert.All(Buckets(usage), bucket => Assert.True(bucket >= 0));
            if ((usage.Discrepancies & (UsageDiscrepancies.Total | UsageDiscrepancies.Implausible)) == 0)
            {
                Assert.Equal(details.TotalTokenCount ?? usage.Total, usage.Total);
                Assert.True(usage.TotalInput >= (details.InputTokenCount ?? 0) && usage.TotalOutput >= (details.OutputTokenCount ?? 0));
                if (details is { InputTokenCount: { } input, OutputTokenCount: { } output } && (details.TotalTokenCount ?? input + output) == input + output)
                    Assert.Equal((input, output), (usage.TotalInput, usage.TotalOutput));
            }

            Assert.True(Expensive.CostOf(usage) >= NanoUsd.Zero);
        }
    }

    private static long[] Buckets(TokenUsage usage) =>
    [
        usage.Input, usage.CacheRead, usage.CacheWrite, usage.CacheWrite1h, usage.AudioInput, usage.ImageInput, usage.VideoInput,
        usage.Output, usage.Reasoning, usage.AudioOutput, usage.ImageOutput, usage.WebSearches, usage.ToolUnits,
    ];
}
