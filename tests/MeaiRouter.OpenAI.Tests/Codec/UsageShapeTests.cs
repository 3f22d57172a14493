using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Codec;

/// <summary>
/// What providers write into <c>usage</c>, as buckets and as money; with the numbers of reports about other gateways (reference/peers.md,
/// pains 44 to 46).
/// </summary>
public sealed class UsageShapeTests
{
    // https://github.com/BerriAI/litellm/issues/11789: a proxy with both words; charged $0.002059, ten times the truth.
    [Theory, InlineData(false), InlineData(true)]
    public void Anthropics_words_beside_OpenAIs_are_parts_of_the_prompt(bool streaming)
    {
        var usage = Read(
            """
            {"total_tokens":2482,"prompt_tokens":2459,"completion_tokens":23,"prompt_tokens_details":{"audio_tokens":null,"cached_tokens":0},
             "cache_read_input_tokens":2455,"completion_tokens_details":{"reasoning_tokens":0},"cache_creation_input_tokens":0}
            """,
            streaming);

        Assert.Equal(new TokenUsage { Input = 4, CacheRead = 2_455, Output = 23, Requests = 1 }, usage);
        Assert.Equal(NanoUsd.FromUsd(0.0002916m), new Price { Prompt = 0.8m, Completion = 4, CacheRead = 0.08m }.CostOf(usage));
    }

    // https://github.com/envoyproxy/ai-gateway/issues/2290, and pull/2677 for the price of the longer cache.
    [Theory]
    [InlineData("", 4_511, 0, 0.03055725, false)]
    [InlineData("", 4_511, 0, 0.03055725, true)]
    [InlineData(""","cache_creation":{"ephemeral_5m_input_tokens":511,"ephemeral_1h_input_tokens":4000}""", 511, 4_000, 0.03955725, false)]
    [InlineData(""","cache_creation":{"ephemeral_5m_input_tokens":511,"ephemeral_1h_input_tokens":4000}""", 511, 4_000, 0.03955725, true)]
    public void Anthropics_words_alone_count_the_cache_beside_the_input(string split, long write, long write1h, decimal cost, bool streaming)
    {
        var usage = Read($$"""{"input_tokens":4522,"cache_creation_input_tokens":4511,"output_tokens":5{{split}}}""", streaming);

        Assert.Equal(new TokenUsage { Input = 4_522, CacheWrite = write, CacheWrite1h = write1h, Output = 5, Requests = 1 }, usage);
        Assert.Equal((9_033, 9_038), (usage.TotalInput, usage.Total));
        Assert.Equal(NanoUsd.FromUsd(cost), new Price { Prompt = 3, Completion = 15, CacheWrite = 3.75m, CacheWrite1h = 6 }.CostOf(usage));
    }

    // https://github.com/BerriAI/litellm/issues/39088: the details were lost in streams. The gateway's own cost is met to the last digit.
    [Theory, InlineData(false), InlineData(true)]
    public void Details_in_a_stream_are_charged_as_those_of_a_whole_answer(bool streaming)
    {
        const string Json = """
            {"prompt_tokens":9520,"completion_tokens":16,"total_tokens":9536,"cost":0.00254674,
             "prompt_tokens_details":{"cached_tokens":9519,"audio_tokens":0,"video_tokens":0},"market_cost":0.00254674,"gateway_cost":0.00254674}
            """;
        var usage = Read(Json, streaming);

        Assert.Equal(new TokenUsage { Input = 1, CacheRead = 9_519, Output = 16, Requests = 1 }, usage);
        Assert.Equal(NanoUsd.FromUsd(0.00254674m), new Price { Prompt = 1.4m, Completion = 4.4m, CacheRead = 0.26m }.CostOf(usage));
        Assert.Equal(2_546_740, Details(Json, streaming).AdditionalCounts![UsageCounts.ReportedCost]);
    }

    // https://github.com/BerriAI/litellm/issues/36168: usage in a chunk whose choices are not empty.
    [Fact]
    public void Usage_beside_a_choice_that_says_nothing_is_read()
    {
        var details = Wire.Updates(
            """{"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}""",
            """{"choices":[{"index":0,"delta":{}}],"usage":{"completion_tokens":2,"prompt_tokens":16111,"total_tokens":16113,"prompt_tokens_details":{"cached_tokens":15872}}}""")
            .ToChatResponse().Usage!;

        Assert.Equal(new TokenUsage { Input = 239, CacheRead = 15_872, Output = 2, Requests = 1 }, TokenUsage.From(details));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void DeepSeeks_cache_hits_are_inside_the_prompt(bool streaming) => Assert.Equal(
        new TokenUsage { Input = 2, CacheRead = 8, Output = 1, Reasoning = 3, Requests = 1 },
        Read(
            """
            {"prompt_tokens":10,"completion_tokens":4,"total_tokens":14,"prompt_cache_hit_tokens":8,"prompt_cache_miss_tokens":2,
             "completion_tokens_details":{"reasoning_tokens":3}}
            """,
            streaming));

    [Theory, InlineData(false), InlineData(true)]
    public void Geminis_thoughts_are_in_the_total_alone(bool streaming) => Assert.Equal(
        new TokenUsage { Input = 7, Output = 20, Reasoning = 409, Requests = 1 },
        Read("""{"prompt_tokens":7,"completion_tokens":20,"total_tokens":436}""", streaming));

    [Theory, InlineData(false), InlineData(true)]
    public void OpenRouters_cost_and_tools_are_read(bool streaming)
    {
        const string Json = """
            {"prompt_tokens":10,"completion_tokens":4,"total_tokens":14,"cost":0.00014,"is_byok":true,
             "prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":0,"audio_tokens":0,"video_tokens":6},
             "cost_details":{"upstream_inference_cost":0.002,"upstream_inference_prompt_cost":0.001},
             "server_tool_use_details":{"tool_calls_requested":5,"tool_calls_executed":4,"web_search_requests":3}}
            """;

        Assert.Equal(new TokenUsage { Input = 4, VideoInput = 6, Output = 4, WebSearches = 3, ToolUnits = 1, Requests = 1 }, Read(Json, streaming));
        var counts = Details(Json, streaming).AdditionalCounts!;
        Assert.Equal(
            (140_000, 2_000_000, 1), (counts[UsageCounts.ReportedCost], counts[UsageCounts.ReportedUpstreamCost], counts[UsageCounts.ReportedByok]));
    }

    [Theory]
    [InlineData("""{"prompt_tokens":1,"completion_tokens":1,"server_tool_use":{"web_search_requests":2}}""", 2)]
    [InlineData("""{"prompt_tokens":1,"completion_tokens":1,"server_tool_use":null,"server_tool_use_details":[]}""", 0)]
    public void The_other_name_for_the_use_of_tools_is_understood(string json, long searches) =>
        Assert.Equal(searches, Read(json, streaming: false).WebSearches);

    [Theory, InlineData("-1"), InlineData("1e9"), InlineData("null"), InlineData("{}")]
    public void A_cost_that_cannot_be_meant_is_none(string cost) => Assert.False(
        Details($$"""{"prompt_tokens":1,"completion_tokens":1,"cost":{{cost}},"cost_details":7}""", streaming: false)
            .AdditionalCounts?.ContainsKey(UsageCounts.ReportedCost) == true);

    private static TokenUsage Read(string usage, bool streaming)
    {
        var read = TokenUsage.From(Details(usage, streaming));
        Assert.Equal(UsageDiscrepancies.None, read.Discrepancies);
        return read;
    }

    private static UsageDetails Details(string usage, bool streaming) => streaming
        ? Wire.Updates($$"""{"choices":[],"usage":{{usage}}}""").ToChatResponse().Usage!
        : Wire.Whole($$"""{"choices":[],"usage":{{usage}}}""").Usage!;
}
