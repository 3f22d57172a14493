using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Affinity.Conversation;

namespace MeaiRouter.Core.Tests.Affinity;

/// <summary>None of these endpoints has a cache worth staying for.</summary>
public sealed class ToolLoopTests
{
    private static readonly Price Plain = Price.PerMillion(3, 15);
    private static readonly Price Cheap = Price.PerMillion(1, 2);
    private static readonly ChatMessage Question = new(ChatRole.User, "What is the weather?");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tool_result_goes_to_the_endpoint_that_issued_the_call(bool streaming)
    {
        var conversation = new Conversation(Answering("a", price: Cheap), Calling("b", "call-1", "call-2")) { First = "b" };
        await conversation.AskAsync(streaming, null, Question);
        conversation.First = "a";

        var second = (await conversation.AskAsync(streaming, null, Question, Calls("call-1", "call-2"), Results("call-1", "call-2"))).Trace();

        Assert.Equal("b", second.Answer!.Endpoint!.Tag);
        Assert.Equal(["Affinity: the tool result goes to b/v1, which issued the call."], second.Notes);
        Assert.Equal("b", await conversation.AnswererAsync(streaming, null, Question, Calls("call-2"), Results("unknown", "call-2")));
        Assert.Equal("a", await conversation.AnswererAsync(streaming, null, Question, Calls("call-9"), Results("call-9")));
        Assert.Equal("a", await conversation.AnswererAsync(
            streaming, null, Question, Calls("call-1"), Results("call-1"), new(ChatRole.Assistant, "Rain."), new(ChatRole.User, "Thanks.")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_goes_there_before_all_other_models_and_whatever_the_time(bool streaming)
    {
        var conversation = new Conversation(Answering("a", price: Cheap), Calling("b", "call-1") with { Model = "acme/small" });
        await conversation.AskAsync(streaming, new() { ModelId = "acme/small" }, Question);
        conversation.Time.Advance(TimeSpan.FromDays(1));

        var options = new ChatOptions { ModelId = ModelId }.WithRouting(new() { Models = ["acme/small"] });

        Assert.Equal("b", await conversation.AnswererAsync(streaming, options, Question, Calls("call-1"), Results("call-1")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_does_not_go_to_whoever_issued_a_call_of_the_same_id_in_another_conversation(bool streaming)
    {
        var conversation = new Conversation(Answering("a", price: Cheap), Calling("b", "call-0")) { First = "b" };
        await conversation.AskAsync(streaming, null, Question);
        conversation.First = "a";

        Assert.Equal("a", await conversation.AnswererAsync(
            streaming, null, new(ChatRole.User, "What is the time?"), Calls("call-0"), Results("call-0")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_the_issuer_fails_the_next_best_takes_the_result(bool streaming)
    {
        var issuer = new Endpoint("b", new FakeChatClient([[.. CallSteps("call-1")], [Down]]), Plain, ModelId);
        var conversation = new Conversation(Answering("a", price: Cheap), issuer) { First = "b" };
        await conversation.AskAsync(streaming, null, Question);
        conversation.First = "a";

        var trace = (await conversation.AskAsync(streaming, null, Question, Calls("call-1"), Results("call-1"))).Trace();

        Assert.Equal(["b Failed Unavailable", "a Answered"], trace.Attempts.Told());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_order_in_the_request_switches_it_off(bool streaming)
    {
        var conversation = new Conversation(Answering("a", price: Cheap), Calling("b", "call-1")) { First = "b" };
        await conversation.AskAsync(streaming, null, Question);

        var options = new ChatOptions().WithRouting(new() { Order = ["a"] });

        Assert.Equal("a", await conversation.AnswererAsync(streaming, options, Question, Calls("call-1"), Results("call-1")));
    }

    [Fact]
    public async Task A_caller_who_stops_reading_once_he_has_the_call_finds_its_issuer_again()
    {
        var conversation = new Conversation(Answering("a", price: Cheap), Calling("b", "call-1")) { First = "b" };
        await foreach (var update in conversation.StreamAsync(null, Question))
        {
            if (update.Contents.OfType<FunctionCallContent>().Any())
                break;
        }

        conversation.First = "a";

        Assert.Equal("b", await conversation.AnswererAsync(streaming: true, null, Question, Calls("call-1"), Results("call-1")));
    }

    private static Endpoint Calling(string tag, params string[] ids) => new(tag, FakeChatClient.Playing([.. CallSteps(ids)]), Plain, ModelId);

    private static IEnumerable<Step> CallSteps(params string[] ids) =>
        [.. ids.Select(Step (id) => new FunctionCallContent(id, "weather")), ChatFinishReason.ToolCalls];

    private static ChatMessage Calls(params string[] ids) => new(ChatRole.Assistant, [.. ids.Select(id => new FunctionCallContent(id, "weather"))]);

    private static ChatMessage Results(params string[] ids) => new(ChatRole.Tool, [.. ids.Select(id => new FunctionResultContent(id, "rain"))]);
}
