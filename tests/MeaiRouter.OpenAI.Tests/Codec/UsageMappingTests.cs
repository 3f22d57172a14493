using System.Text.Json;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Codec;

public sealed class UsageMappingTests
{
    private const string Full = """
        {"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,
         "prompt_tokens_details":{"cached_tokens":30,"cache_write_tokens":20,"audio_tokens":5,"image_tokens":6},
         "completion_tokens_details":{"reasoning_tokens":12,"audio_tokens":3,"image_tokens":4,"accepted_prediction_tokens":2,"rejected_prediction_tokens":1}}
        """;

    [Theory, InlineData(false), InlineData(true)]
    public void Every_count_is_read(bool streaming)
    {
        var usage = Read(Full, streaming);

        Assert.Equal((100, 50, 150), (usage?.InputTokenCount, usage?.OutputTokenCount, usage?.TotalTokenCount));
        Assert.Equal((30, 12), (usage?.CachedInputTokenCount, usage?.ReasoningTokenCount));
        Assert.Equal(
            new Dictionary<string, long>
            {
                [UsageCounts.CacheWrite] = 20,
                [UsageCounts.AudioInput] = 5,
                [UsageCounts.ImageInput] = 6,
                [UsageCounts.AudioOutput] = 3,
                [UsageCounts.ImageOutput] = 4,
                ["OutputTokenDetails.AcceptedPredictionTokenCount"] = 2,
                ["OutputTokenDetails.RejectedPredictionTokenCount"] = 1,
            },
            usage!.AdditionalCounts!);
    }

    [Fact]
    public void What_was_read_is_written_again()
    {
        var written = JsonSerializer.Serialize(UsageMapping.Write(Read(Full, streaming: false)), OpenAI.Wire.WireJson.Strict.CompletionUsage);

        Wire.EqualJson(Full, written);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":4,"prompt_cache_hit_tokens":8,"prompt_cache_miss_tokens":2}""", 10, 4, 14, 8)]
    [InlineData("""{"prompt_tokens":"10","completion_tokens":4.0,"total_tokens":null,"prompt_tokens_details":null,"completion_tokens_details":7}""", 10, 4, 14, null)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":{},"total_tokens":true,"prompt_tokens_details":[]}""", 10, null, null, null)]
    [InlineData("""{"total_tokens":14}""", null, null, 14, null)]
    public void Deviations_are_understood(string json, int? input, int? output, int? total, int? cached)
    {
        var usage = Read(json, streaming: false);

        Assert.Equal(
            ((long?)input, (long?)output, (long?)total, (long?)cached),
            (usage?.InputTokenCount, usage?.OutputTokenCount, usage?.TotalTokenCount, usage?.CachedInputTokenCount));
    }

    [Theory, InlineData("null"), InlineData("{}"), InlineData("[]"), InlineData("\"none\""), InlineData("""{"prompt_tokens":null}""")]
    public void Usage_without_counts_is_none(string json)
    {
        Assert.Null(Read(json, streaming: false));
        Assert.Null(Read(json, streaming: true));
    }

    [Fact]
    public void Usage_that_grows_with_the_stream_comes_once_at_the_end()
    {
        var updates = Wire.Updates(
            """{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}}""",
            """{"choices":[{"delta":{"content":"b"}}],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}""",
            """{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8}}""",
            """{"choices":[],"usage":null}""");

        var usage = Assert.Single(updates.SelectMany(static u => u.Contents).OfType<UsageContent>());
        Assert.Same(usage, Assert.Single(updates[^1].Contents));
        Assert.Equal((5, 3, 8), (usage.Details.InputTokenCount, usage.Details.OutputTokenCount, usage.Details.TotalTokenCount));
    }

    private static UsageDetails? Read(string usage, bool streaming) => streaming
        ? Wire.Updates($$"""{"choices":[],"usage":{{usage}}}""").ToChatResponse().Usage
        : Wire.Whole($$"""{"choices":[],"usage":{{usage}}}""").Usage;
}
