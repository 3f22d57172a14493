using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.Hosts;

/// <summary>What a host's loop around the router sees: who called a tool gets its result, as long as he answers.</summary>
public class ToolLoopTests
{
    private static readonly RouterException Busy = new(FailureKind.Unavailable, "Busy.") { Status = 503 };

    public static TheoryData<bool, bool> Ways => HostedPipeline.Ways;

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_loop_stays_at_the_endpoint_that_called_although_a_cheaper_one_is_back(bool registered, bool streaming)
    {
        var (back, caller) = (new FakeChatClient([Busy], FakeChatClient.Answer("Not asked.")), new FakeChatClient(HostedPipeline.Calling("c1"), FakeChatClient.Answer("Rain.")));
        await using var pipeline = HostedPipeline.Of(registered, back, caller);

        var response = await new FunctionInvokingChatClient(pipeline.Client).AskAsync(streaming);

        Assert.EndsWith("Rain.", response.Text, StringComparison.Ordinal);
        Assert.Single(back.Calls);
        Assert.Equal(2, caller.Calls.Count);
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.Tool], caller.Calls[1].Messages.Select(message => message.Role));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_loop_moves_with_its_calls_and_results_when_that_endpoint_fails(bool registered, bool streaming)
    {
        var (caller, next) = (new FakeChatClient(HostedPipeline.Calling("c1"), [Busy]), FakeChatClient.Answering("Rain."));
        await using var pipeline = HostedPipeline.Of(registered, caller, next);

        var response = await new FunctionInvokingChatClient(pipeline.Client).AskAsync(streaming);

        Assert.EndsWith("Rain.", response.Text, StringComparison.Ordinal);
        var contents = next.Call.Messages.SelectMany(message => message.Contents).ToList();
        Assert.Equal(["c1"], contents.OfType<FunctionCallContent>().Select(call => call.CallId));
        Assert.Equal(["c1"], contents.OfType<FunctionResultContent>().Select(result => result.CallId));
        Assert.Equal(["a Failed Unavailable", "b Answered"], response.Trace().Attempts.Told());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_history_that_was_kept_as_json_finds_the_caller_again_in_another_process(bool registered, bool streaming)
    {
        List<ChatMessage> history = [new(ChatRole.User, "What is the weather?")];
        await using (var first = HostedPipeline.Of(registered, FakeChatClient.Playing(Busy), new FakeChatClient(HostedPipeline.Calling("c1"))))
            history.AddRange((await HostedPipeline.AskAsync(first.Client, streaming, history)).Messages);
        var kept = JsonSerializer.Deserialize<List<ChatMessage>>(JsonSerializer.Serialize(history, AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions)!;

        var (other, caller) = (FakeChatClient.Answering("Not asked."), FakeChatClient.Answering("Rain."));
        await using var second = HostedPipeline.Of(registered, other, caller);
        var response = await HostedPipeline.AskAsync(second.Client, streaming, [.. kept, Result("c1")]);

        Assert.Equal("acme/large@b", history[1].AdditionalProperties![AnswerProperties.IssuedBy]);
        Assert.Equal("Rain.", response.Text);
        Assert.Empty(other.Calls);
    }

    [Theory]
    [InlineData("acme/gone@b")]
    [InlineData("acme/large@gone")]
    [InlineData("@b")]
    [InlineData("nonsense")]
    [InlineData(7)]
    public async Task A_name_that_is_none_or_of_nobody_there_is_overlooked(object issuer)
    {
        var first = FakeChatClient.Answering("Rain.");
        await using var pipeline = HostedPipeline.Of(registered: true, first, FakeChatClient.Answering("Not asked."));
        var call = new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c1", "weather")]) { AdditionalProperties = new() { [AnswerProperties.IssuedBy] = issuer } };

        var response = await HostedPipeline.AskAsync(pipeline.Client, streaming: false, [new(ChatRole.User, "What is the weather?"), call, Result("c1")]);

        Assert.Equal("Rain.", response.Text);
        Assert.Single(first.Calls);
    }

    private static ChatMessage Result(string callId) => new(ChatRole.Tool, [new FunctionResultContent(callId, "rain")]);
}
