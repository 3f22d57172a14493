using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Affinity.Conversation;

namespace MeaiRouter.Core.Tests.Affinity;

/// <summary>
/// The home <c>b</c> asks 3 $/M for input, 0.30 for what it reads from its cache, 3.75 for what it writes there (6 for an hour) and 15 for
/// output. What is expected is the last turn's prompt and answer as the prompt, and an answer as long as the last.
/// </summary>
public sealed class EconomicsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_home_is_kept_where_its_cache_makes_it_cheaper(bool streaming)
    {
        // 900 read, 200 written, 100 out: 270 + 750 + 1,500. Elsewhere 1,100 written: 4,125 + 1,500.
        await AssertAsync(
            streaming, [Usage(1000, 100, written: 900)], CachingPrice, "b",
            "Affinity keeps b/v1: expected $0.00252 with what its cache holds, $0.005625 cold at a/v1.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_yields_to_an_endpoint_that_is_cheaper_even_cold(bool streaming)
    {
        await AssertAsync(
            streaming, [Usage(1000, 100, written: 900)], Price.PerMillion(1, 5), "a",
            "Affinity yields to a/v1: expected $0.0016 cold there, $0.00252 at b/v1 with what its cache holds.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task At_the_same_cost_the_home_is_kept_and_a_nano_dollar_turns_it(bool streaming)
    {
        await AssertAsync(
            streaming, [Usage(1000, 100, written: 900)], Price.PerMillion(2, 3.2m), "b",
            "Affinity keeps b/v1: expected $0.00252 with what its cache holds, $0.00252 cold at a/v1.");
        await AssertAsync(
            streaming, [Usage(1000, 100, written: 900)], Price.PerMillion(2, 3.19999m), "a",
            "Affinity yields to a/v1: expected $0.002519999 cold there, $0.00252 at b/v1 with what its cache holds.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Writes_for_an_hour_are_expected_again(bool streaming)
    {
        // 900 read, 200 written for an hour, 100 out: 270 + 1,200 + 1,500. Elsewhere 6,600 + 1,500.
        await AssertAsync(
            streaming, [Usage(1000, 100, writtenForAnHour: 900)], CachingPrice, "b",
            "Affinity keeps b/v1: expected $0.00297 with what its cache holds, $0.0081 cold at a/v1.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_provider_that_caches_unasked_is_expected_to_hold_the_whole_first_prompt(bool streaming)
    {
        // 1,000 read, 100 new, 100 out: 300 + 300 + 1,500. Elsewhere 3,300 + 1,500.
        await AssertAsync(
            streaming, [Usage(1000, 100)], Price.PerMillion(3, 15), "b",
            "Affinity keeps b/v1: expected $0.0021 with what its cache holds, $0.0048 cold at a/v1.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task And_later_to_hold_as_much_of_a_growing_prompt_as_it_was_seen_to(bool streaming)
    {
        // 600 of 1,000 were found again, so of 1,200 720 will be: 216 + 1,740 + 1,500. Elsewhere 1,300 cold: 3,900 + 1,500.
        await AssertAsync(
            streaming, [Usage(1000, 100), Usage(1200, 100, cached: 600)], Price.PerMillion(3, 15), "b",
            "Affinity keeps b/v1: expected $0.003456 with what its cache holds, $0.0054 cold at a/v1.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cache_that_proved_useless_holds_nobody(bool streaming)
    {
        await AssertAsync(
            streaming, [Usage(1000, 100), Usage(1200, 100)], Price.PerMillion(2.9m, 15), "a",
            "Affinity yields to a/v1: expected $0.00527 cold there, $0.0054 at b/v1 with what its cache holds.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_endpoint_without_a_price_is_not_cheaper(bool streaming)
    {
        await AssertAsync(
            streaming, [Usage(1000, 100)], null, "b",
            "Affinity keeps b/v1: expected $0.0021 with what its cache holds, an unknown price cold at a/v1.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_home_that_reports_no_usage_is_kept(bool streaming)
    {
        var conversation = new Conversation(
            new Endpoint("a", FakeChatClient.Answering("Hi."), CachingPrice, ModelId), new Endpoint("b", FakeChatClient.Answering("Hi."), CachingPrice, ModelId)) { First = "b" };
        await conversation.AskAsync(streaming, Session());
        conversation.First = "a";

        Assert.Equal("b", await conversation.AnswererAsync(streaming, Session()));
        Assert.Equal("b", await conversation.AnswererAsync(streaming, Session()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_it_yields_the_session_moves(bool streaming)
    {
        var conversation = new Conversation(Answering("a", price: CachingPrice with { Prompt = 0.5m, Completion = 1 }), Answering("b"), Answering("c")) { First = "b" };
        await conversation.AskAsync(streaming, Session());
        conversation.First = "a";
        await conversation.AskAsync(streaming, Session());
        conversation.First = "c";

        Assert.Equal("a", await conversation.AnswererAsync(streaming, Session()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_the_strategy_puts_the_home_first_there_is_nothing_to_decide(bool streaming)
    {
        var conversation = new Conversation(Answering("a"), Answering("b")) { First = "b" };
        await conversation.AskAsync(streaming, Session());

        var trace = (await conversation.AskAsync(streaming, Session())).Trace();

        Assert.Equal("b", trace.Answer!.Endpoint!.Tag);
        Assert.Empty(trace.Notes);
    }

    /// <summary>After turns at b with the given usages the strategy would go to a.</summary>
    private static async Task AssertAsync(bool streaming, UsageDetails[] turns, Price? elsewhere, string expected, string note)
    {
        var conversation = new Conversation(
            new Endpoint("a", FakeChatClient.Answering("Hi."), elsewhere, ModelId), Playing("b", [.. turns.Select(usage => FakeChatClient.Answer("Hi.", usage))])) { First = "b" };
        foreach (var turn in turns)
            Assert.Empty((await conversation.AskAsync(streaming, Session())).Trace().Notes);
        conversation.First = "a";

        var trace = (await conversation.AskAsync(streaming, Session())).Trace();

        Assert.Equal([note], trace.Notes);
        Assert.Equal(expected, trace.Answer!.Endpoint!.Tag);
        Assert.Contains(note, trace.ToString(), StringComparison.Ordinal);
    }
}
