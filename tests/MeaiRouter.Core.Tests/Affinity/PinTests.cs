using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Affinity.Conversation;

namespace MeaiRouter.Core.Tests.Affinity;

public sealed class PinTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Callers_do_not_share_a_pin_even_of_a_session_with_the_same_id(bool streaming)
    {
        var conversation = new Conversation(Answering("a"), Answering("b")) { First = "b" };
        await conversation.AskAsync(streaming, Session().WithCaller("team-a"));
        conversation.First = "a";

        Assert.Equal("a", await conversation.AnswererAsync(streaming, Session().WithCaller("team-b")));
        Assert.Equal("a", await conversation.AnswererAsync(streaming, Session()));
        Assert.Equal("b", await conversation.AnswererAsync(streaming, Session().WithCaller("team-a")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_fallbacks_the_one_that_is_left_is_the_pinned_endpoint(bool streaming)
    {
        var conversation = new Conversation(Answering("a"), Answering("b")) { First = "b" };
        await conversation.AskAsync(streaming, Session());
        conversation.First = "a";

        var trace = (await conversation.AskAsync(streaming, Session().WithRouting(new() { AllowFallbacks = false }))).Trace();

        Assert.Equal(["b"], trace.Candidates.Select(candidate => candidate.Candidate.Endpoint.Tag));
        Assert.Equal(["a allow_fallbacks"], trace.Excluded.Select(excluded => $"{excluded.Endpoint.Tag} {excluded.Filter}"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_that_the_request_orders_itself_is_not_kept_and_another_beside_it_is(bool streaming)
    {
        var conversation = new Conversation(Answering("a"), Answering("b"), Answering("c", model: "acme/small"), Answering("d", model: "acme/small"));
        conversation.First = "b";
        await conversation.AskAsync(streaming, Session());
        conversation.First = "d";
        var small = Session();
        small.ModelId = "acme/small";
        await conversation.AskAsync(streaming, small);
        conversation.First = "a";

        var both = Session();
        both.ModelId = ModelId;
        both.WithRouting(new() { Models = [new ModelFallback("acme/small") { Preferences = new() { Order = ["c"] } }] });

        Assert.Equal(
            ["b", "a", "c", "d"], (await conversation.AskAsync(streaming, both)).Trace().Candidates.Select(candidate => candidate.Candidate.Endpoint.Tag));
    }

    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Moment = TimeSpan.FromTicks(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pin_holds_for_ten_minutes(bool streaming)
    {
        foreach (var (wait, expected) in new[] { (TenMinutes - Moment, "b"), (TenMinutes, "a") })
        {
            var conversation = await PinnedToBAsync(streaming, Usage(1000, 100));
            conversation.Time.Advance(wait);

            Assert.Equal(expected, await conversation.AnswererAsync(streaming, Session()));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_answer_prolongs_the_pin_also_one_that_did_not_use_the_cache(bool streaming)
    {
        var conversation = new Conversation(
            Answering("a"), Playing("b", Answer(Usage(1000, 100, cached: 500)), Answer(Usage(1000, 100, cached: 500)), Answer(Usage(1000, 100)))) { First = "b" };
        await conversation.AskAsync(streaming);
        conversation.First = "a";

        for (var turn = 0; turn < 5; turn++)
        {
            conversation.Time.Advance(TenMinutes - Moment);
            Assert.Equal("b", await conversation.AnswererAsync(streaming));
        }

        conversation.Time.Advance(TenMinutes);
        Assert.Equal("a", await conversation.AnswererAsync(streaming));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_the_provider_wrote_for_an_hour_the_pin_holds_for_an_hour(bool streaming)
    {
        var conversation = new Conversation(
            Answering("a"), Playing("b", Answer(Usage(1000, 100, writtenForAnHour: 900)), Answer(Usage(1000, 100, cached: 900)))) { First = "b" };
        await conversation.AskAsync(streaming);
        conversation.First = "a";

        conversation.Time.Advance(TimeSpan.FromHours(1) - Moment);
        Assert.Equal("b", await conversation.AnswererAsync(streaming));
        conversation.Time.Advance(TimeSpan.FromHours(1) - Moment);
        Assert.Equal("b", await conversation.AnswererAsync(streaming));
        conversation.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("a", await conversation.AnswererAsync(streaming));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_longer_time_to_live_is_not_cut_to_an_hour(bool streaming)
    {
        var conversation = new Conversation(
            options => options.Affinity.TimeToLive = TimeSpan.FromHours(2), Answering("a"), Answering("b", Usage(1000, 100, writtenForAnHour: 900)))
        { First = "b" };
        await conversation.AskAsync(streaming);
        conversation.First = "a";
        conversation.Time.Advance(TimeSpan.FromHours(2) - Moment);

        Assert.Equal("b", await conversation.AnswererAsync(streaming));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_the_home_fails_the_next_best_answers_and_becomes_the_sessions_home(bool streaming)
    {
        var conversation = new Conversation(Answering("a"), Playing("b", Answer(Usage(1000, 100)), [Down], Answer(Usage(1000, 100))), Answering("c"))
        { First = "b" };
        await conversation.AskAsync(streaming, Session());
        conversation.First = "c";

        var trace = (await conversation.AskAsync(streaming, Session())).Trace();

        Assert.Equal(["b Failed Unavailable", "c Answered"], trace.Attempts.Told());
        conversation.First = "a";
        Assert.Equal("c", await conversation.AnswererAsync(streaming, Session()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failure_of_the_home_does_not_prolong_the_pin(bool streaming)
    {
        var conversation = new Conversation(Answering("a"), Playing("b", Answer(Usage(1000, 100, cached: 900)), [Down], Answer(Usage(1000, 100)))) { First = "b" };
        await conversation.AskAsync(streaming);
        conversation.First = "a";
        conversation.Time.Advance(TenMinutes / 2);

        var trace = (await conversation.AskAsync(streaming)).Trace();
        conversation.Time.Advance(TenMinutes / 2);

        Assert.Equal(["b Failed Unavailable", "a Answered"], trace.Attempts.Told());
        Assert.Equal("a", await conversation.AnswererAsync(streaming));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_conversation_without_a_session_keeps_its_home_until_another_endpoints_cache_has_it(bool streaming)
    {
        var cached = Usage(1000, 100, cached: 900);
        var conversation = new Conversation(
            Playing("a", Answer(Usage(1000, 100)), Answer(cached)), Playing("b", Answer(cached), [Down], Answer(cached), [Down], Answer(cached))) { First = "b" };
        await conversation.AskAsync(streaming);
        conversation.First = "a";

        Assert.Equal("a", await conversation.AnswererAsync(streaming));
        Assert.Equal("b", await conversation.AnswererAsync(streaming));
        Assert.Equal("a", await conversation.AnswererAsync(streaming));
        conversation.First = "b";
        Assert.Equal("a", await conversation.AnswererAsync(streaming));
    }

    [Fact]
    public async Task A_stream_that_the_caller_leaves_pins_nothing()
    {
        var conversation = new Conversation(Answering("a"), Answering("b", Usage(1000, 100, cached: 900))) { First = "b" };
        await foreach (var update in conversation.StreamAsync(Session(), new ChatMessage(ChatRole.User, "Hello")))
        {
            if (update.Text.Length > 0)
                break;
        }

        conversation.First = "a";

        Assert.Equal("a", await conversation.AnswererAsync(streaming: true, Session()));
    }

    private static async Task<Conversation> PinnedToBAsync(bool streaming, UsageDetails usage)
    {
        var conversation = new Conversation(Answering("a"), Answering("b", usage)) { First = "b" };
        await conversation.AskAsync(streaming, Session());
        conversation.First = "a";
        return conversation;
    }

    private static Step[] Answer(UsageDetails usage) => FakeChatClient.Answer("Hi.", usage);
}
