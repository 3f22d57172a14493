using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.Hosts;

/// <summary>What hosts read from an answer: the model that really answered, the route, and no conversation that only one provider can go on with.</summary>
public class AnswerTests
{
    private const string LeftOut = "The conversation id of the answer was left out: the next turn may go to a provider that cannot read it.";

    public static TheoryData<bool, bool> Ways => HostedPipeline.Ways;

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task It_names_the_model_that_answered_and_carries_route_and_cost(bool registered, bool streaming)
    {
        var failing = FakeChatClient.Playing(new RouterException(FailureKind.Unavailable, "Busy.") { Status = 503 });
        var usage = new UsageDetails { InputTokenCount = 1_000, OutputTokenCount = 0, TotalTokenCount = 1_000 };
        await using var pipeline = HostedPipeline.Of(registered, failing, FakeChatClient.Answering("Hello", usage, "large-b-2026"));

        var response = await pipeline.Client.AskAsync(streaming);

        Assert.Equal("large-b-2026", response.ModelId);
        Assert.Equal(("b", "large-b"), (response.Trace().Answer!.Provider, response.Trace().Answer!.Endpoint!.Model));
        Assert.Equal(TestPipeline.ModelId, response.Trace().RequestedModel);
        Assert.Equal(NanoUsd.FromUsd(0.002m), response.GetCost());
        Assert.DoesNotContain(AnswerProperties.IssuedBy, Assert.Single(response.Messages).AdditionalProperties?.Keys ?? []);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_conversation_id_is_left_out_where_another_provider_might_be_asked_next(bool registered, bool streaming)
    {
        await using var pipeline = HostedPipeline.Of(registered, Keeping("conv-1"), FakeChatClient.Answering("Not asked."));

        var response = await pipeline.Client.AskAsync(streaming);

        Assert.Equal(("Hello", null), (response.Text, response.ConversationId));
        Assert.Equal([LeftOut], response.Trace().Notes);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task It_is_left_out_as_well_where_only_fallbacks_are_forbidden(bool registered, bool streaming)
    {
        await using var pipeline = HostedPipeline.Of(registered, Keeping("conv-1"), FakeChatClient.Answering("Not asked."));

        var response = await pipeline.Client.AskAsync(streaming, new ChatOptions().WithRouting(new RoutingPreferences { AllowFallbacks = false }));

        Assert.Null(response.ConversationId);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task It_is_handed_out_and_taken_where_there_is_one_provider(bool registered, bool streaming)
    {
        var only = Keeping("conv-1");
        await using var single = HostedPipeline.Of(registered, only);
        var pinned = Keeping("conv-2");
        await using var several = HostedPipeline.Of(registered, FakeChatClient.Answering("Not asked."), pinned);
        var options = new ChatOptions { ConversationId = "conv-1" };
        var narrowed = new ChatOptions { ConversationId = "conv-2" }.WithRouting(new RoutingPreferences { Only = ["b"] });

        var first = await single.Client.AskAsync(streaming, options);
        var second = await several.Client.AskAsync(streaming, narrowed);

        Assert.Equal(("conv-1", "conv-1"), (first.ConversationId, only.Call.Given!.ConversationId));
        Assert.Equal(("conv-2", "conv-2"), (second.ConversationId, pinned.Call.Given!.ConversationId));
        Assert.Empty(first.Trace().Notes);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_request_that_goes_on_with_one_is_refused_where_another_provider_might_be_asked(bool registered, bool streaming)
    {
        var (a, b) = (FakeChatClient.Answering("Not asked."), FakeChatClient.Answering("Not asked."));
        await using var pipeline = HostedPipeline.Of(registered, a, b);

        var failure = await pipeline.Client.AskInVainAsync(streaming, new ChatOptions { ConversationId = "conv-1" });

        Assert.Equal(
            "ConversationId is 'conv-1', and only the provider that keeps that conversation can read it, but the request may go to any of a, b. "
            + "Name that provider in RoutingPreferences.Only, or leave ConversationId out and send the whole conversation.",
            failure.Message);
        Assert.Equal(FailureKind.InvalidRequest, failure.Kind);
        Assert.Empty(a.Calls.Concat(b.Calls));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_same_holds_for_a_client_with_a_backup(bool streaming)
    {
        using var client = new FallbackChatClient(Keeping("conv-1"), [FakeChatClient.Answering("Not asked.")]);

        var response = await client.AskAsync(streaming);
        var failure = await client.AskInVainAsync(streaming, new ChatOptions { ConversationId = "conv-1" });

        Assert.Equal((null, LeftOut), (response.ConversationId, Assert.Single(response.Trace().Notes)));
        Assert.Equal(
            "ConversationId is 'conv-1', and only the client that keeps that conversation can read it, but the request may also go to a backup. "
            + "Leave ConversationId out and send the whole conversation.",
            failure.Message);
    }

    // Each time the same updates: what is taken out of them must not be missing in them afterwards.
    private static FakeChatClient Keeping(string conversation) => FakeChatClient.Playing(
        new ChatResponseUpdate(ChatRole.Assistant, "Hel") { ConversationId = conversation, MessageId = "m" },
        new ChatResponseUpdate(ChatRole.Assistant, "lo") { ConversationId = conversation, MessageId = "m" },
        new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop, ConversationId = conversation, MessageId = "m" });
}
