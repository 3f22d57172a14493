using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Normalization;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization;

/// <summary>However a provider spreads its usage over a stream, the caller gets it once, at the end.</summary>
public sealed class StreamUsageTests
{
    [Fact]
    public Task A_running_total_is_not_added_up() =>
        AssertUsageAsync(new() { InputTokenCount = 10, OutputTokenCount = 3, TotalTokenCount = 13 }, Of(10, 1), "Hel", Of(10, 2), "lo", ChatFinishReason.Stop, Of(10, 3));

    // Gemini on OpenAI's wire says nothing of its thoughts but that the total is more; xAI says how many they are.
    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, 50)]
    [InlineData(true, 50)]
    public async Task What_a_provider_counts_beside_the_output_is_within_it(bool streaming, int? reasoning)
    {
        var usage = new UsageDetails { InputTokenCount = 100, OutputTokenCount = 150, TotalTokenCount = 300, ReasoningTokenCount = reasoning };
        var provider = FakeChatClient.Playing("Hello", ChatFinishReason.Stop, usage);

        var response = await new NormalizingChatClient(provider).AskAsync(streaming);

        Assert.Equal(
            (100, 200, 300, 50),
            (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount, response.Usage.TotalTokenCount, response.Usage.ReasoningTokenCount));
        Assert.Equal(150, usage.OutputTokenCount);
    }

    [Fact]
    public Task Parts_are_added_up() =>
        AssertUsageAsync(new() { InputTokenCount = 10, OutputTokenCount = 7 }, Only(10, null), "Hello", ChatFinishReason.Stop, Only(null, 7));

    // https://github.com/envoyproxy/ai-gateway/issues/2279 and pull/1631: message_start has the input, message_delta the whole output.
    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public Task What_a_later_running_total_leaves_out_is_kept(int? input) => AssertUsageAsync(
        new() { InputTokenCount = 10, OutputTokenCount = 16, TotalTokenCount = 26, CachedInputTokenCount = 4 },
        new UsageDetails { InputTokenCount = 10, OutputTokenCount = 1, TotalTokenCount = 11, CachedInputTokenCount = 4 },
        "Hello",
        ChatFinishReason.Stop,
        new UsageDetails { InputTokenCount = input, OutputTokenCount = 16, TotalTokenCount = 16 });

    // https://github.com/envoyproxy/ai-gateway/issues/2290: the input and the cache only at the end.
    [Fact]
    public Task What_an_earlier_running_total_left_out_is_taken_from_the_later() => AssertUsageAsync(
        new()
        {
            InputTokenCount = 9_033, OutputTokenCount = 5, TotalTokenCount = 9_038, AdditionalCounts = new() { [UsageCounts.CacheWrite] = 4_511 },
        },
        new UsageDetails { InputTokenCount = 0, OutputTokenCount = 0, TotalTokenCount = 0 },
        "Hello",
        ChatFinishReason.Stop,
        new UsageDetails
        {
            InputTokenCount = 9_033, OutputTokenCount = 5, TotalTokenCount = 9_038, AdditionalCounts = new() { [UsageCounts.CacheWrite] = 4_511 },
        });

    [Fact]
    public Task A_single_usage_in_the_middle_moves_to_the_end() =>
        AssertUsageAsync(new() { InputTokenCount = 10, OutputTokenCount = 2, TotalTokenCount = 12 }, "Hel", Of(10, 2), "lo", ChatFinishReason.Stop);

    [Fact]
    public Task Usage_beside_text_and_finish_reason_leaves_them_in_place() => AssertUsageAsync(
        new() { InputTokenCount = 10, OutputTokenCount = 2, TotalTokenCount = 12 },
        new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("Hello"), new UsageContent(Of(10, 2))]) { FinishReason = ChatFinishReason.Stop });

    [Fact]
    public Task The_details_of_a_running_total_are_kept_where_a_later_one_lacks_them() => AssertUsageAsync(
        new()
        {
            InputTokenCount = 10, OutputTokenCount = 2, CachedInputTokenCount = 4, ReasoningTokenCount = 1,
            AdditionalCounts = new() { [UsageCounts.CacheWrite] = 3 },
        },
        new UsageDetails
        {
            InputTokenCount = 10, OutputTokenCount = 1, CachedInputTokenCount = 4, AdditionalCounts = new() { [UsageCounts.CacheWrite] = 3 },
        },
        "Hello",
        ChatFinishReason.Stop,
        new UsageDetails { InputTokenCount = 10, OutputTokenCount = 2, ReasoningTokenCount = 1 });

    [Fact]
    public async Task Without_usage_nothing_is_added()
    {
        var (updates, _) = await new NormalizingChatClient(FakeChatClient.Playing("Hello", ChatFinishReason.Stop)).ReadAsync();

        Assert.DoesNotContain(updates, update => update.Contents.Any(content => content is UsageContent));
    }

    [Fact]
    public async Task The_providers_own_usage_is_not_changed()
    {
        var (first, second) = (Only(10, null), Only(null, 7));

        await new NormalizingChatClient(FakeChatClient.Playing("Hello", ChatFinishReason.Stop, first, second)).ReadAsync();

        Assert.Equal((10, null, null, 7), (first.InputTokenCount, first.OutputTokenCount, second.InputTokenCount, second.OutputTokenCount));
    }

    private static UsageDetails Of(int input, int output) => new() { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output };

    private static UsageDetails Only(int? input, int? output) => new() { InputTokenCount = input, OutputTokenCount = output };

    private static async Task AssertUsageAsync(UsageDetails expected, params Step[] steps)
    {
        var (updates, exception) = await TestPipeline.Of(new FakeChatClient(steps)).ReadAsync();

        Assert.Null(exception);
        var usages = updates.SelectMany(update => update.Contents.OfType<UsageContent>()).ToList();
        Assert.Equal(
            (expected.InputTokenCount, expected.OutputTokenCount, expected.TotalTokenCount, expected.CachedInputTokenCount, expected.ReasoningTokenCount),
            Numbers(Assert.Single(usages).Details));
        Assert.Equal(expected.AdditionalCounts ?? [], usages[0].Details.AdditionalCounts ?? []);

        // The trace comes after everything of the answer.
        Assert.Contains(updates[^2].Contents, content => content is UsageContent);
        var whole = updates.ToChatResponse();
        Assert.Equal(("Hello", ChatFinishReason.Stop), (whole.Text, whole.FinishReason));
        Assert.Equal(Numbers(expected), Numbers(whole.Usage!));
        Assert.Equal(TokenUsage.From(expected), whole.Trace().Attempts.Single().Usage);
    }

    private static (long?, long?, long?, long?, long?) Numbers(UsageDetails usage) =>
        (usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount, usage.CachedInputTokenCount, usage.ReasoningTokenCount);
}
