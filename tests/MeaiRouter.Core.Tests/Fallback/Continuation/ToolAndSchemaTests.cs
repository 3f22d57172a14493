using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Fallback.Continuation.Continuing;

namespace MeaiRouter.Core.Tests.Fallback.Continuation;

/// <summary>What must never be half of one attempt's and half of another's: tool calls, JSON, signed reasoning, data.</summary>
public sealed class ToolAndSchemaTests
{
    private static ChatOptions WithTools => new() { Tools = [AIFunctionFactory.CreateDeclaration("weather", null, JsonDocument.Parse("{}").RootElement)] };

    private static FunctionCallContent Call(string id, string city) => new(id, "weather", new Dictionary<string, object?> { ["city"] = city });

    [Fact]
    public async Task Text_before_a_tool_call_goes_on_to_the_tool_call_of_the_next()
    {
        var (updates, exception) = await TestPipeline.Of(
            FakeChatClient.Playing("Let me ", "look. ", Cut),
            FakeChatClient.Playing("Let me look. ", Call("c2", "Oslo"), ChatFinishReason.ToolCalls)).ReadAsync(WithTools);

        Assert.Null(exception);
        var contents = Assert.Single(updates.ToChatResponse().Messages).Contents;
        Assert.Equal("Let me look. ", Assert.IsType<TextContent>(contents[0]).Text);
        Assert.Equal(("c2", "Oslo"), (Assert.IsType<FunctionCallContent>(contents[1]).CallId, ((FunctionCallContent)contents[1]).Arguments!["city"]));
        Assert.Equal((2, ChatFinishReason.ToolCalls), (contents.Count, updates.ToChatResponse().FinishReason));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tool_call_whose_answer_broke_before_it_was_whole_never_reaches_the_caller(bool afterText)
    {
        Step[] text = afterText ? ["Let me look. "] : [];
        var (updates, exception) = await TestPipeline.Of(
            new FakeChatClient([.. text, Call("c1", "Lost"), Call("c1b", "Lost"), Cut]),
            new FakeChatClient([.. text, Call("c2", "Oslo"), ChatFinishReason.ToolCalls])).ReadAsync(WithTools);

        Assert.Null(exception);
        var calls = updates.SelectMany(update => update.Contents).OfType<FunctionCallContent>();
        Assert.Equal(["c2 Oslo"], calls.Select(call => $"{call.CallId} {call.Arguments!["city"]}"));
        Assert.Equal(afterText ? "Let me look. " : "", updates.Text());
    }

    [Fact]
    public async Task Tool_calls_of_a_whole_answer_come_in_their_place()
    {
        var (updates, exception) = await TestPipeline.Of(
            FakeChatClient.Playing("one ", Call("c1", "Oslo"), "two ", Call("c2", "Rome"), new UsageDetails { OutputTokenCount = 3 }, ChatFinishReason.ToolCalls),
            FakeChatClient.Answering("never")).ReadAsync(WithTools);

        Assert.Null(exception);
        Assert.Equal(
            ["one ", "c1", "two ", "c2", "3"],
            updates.SelectMany(update => update.Contents).Select(content => content switch
            {
                FunctionCallContent call => call.CallId,
                UsageContent usage => $"{usage.Details.OutputTokenCount}",
                _ => content.ToString(),
            }));
    }

    [Fact]
    public async Task Tool_calls_without_a_finish_reason_are_handed_out_where_none_is_required()
    {
        var options = Options;
        options.RequireFinishReason = false;

        var (updates, exception) = await TestPipeline.With(
            options, null, null, FakeChatClient.Playing("one ", Call("c1", "Oslo")), FakeChatClient.Answering("never")).ReadAsync(WithTools);

        Assert.Null(exception);
        Assert.Equal("c1", updates.SelectMany(update => update.Contents).OfType<FunctionCallContent>().Single().CallId);
    }

    [Fact]
    public async Task Where_nobody_could_go_on_tool_calls_do_not_wait()
    {
        var gate = new TaskCompletionSource();
        var provider = FakeChatClient.Playing(Call("c1", "Oslo"), gate.Task, ChatFinishReason.ToolCalls);

        var (_, exception) = await TestPipeline.Of(provider).ReadAsync(seen: update =>
        {
            if (update.Contents is [FunctionCallContent])
                gate.SetResult();
            return Task.CompletedTask;
        });

        Assert.Null(exception);
    }

    [Fact]
    public async Task A_next_answer_that_calls_a_tool_where_the_first_spoke_is_a_different_one()
    {
        var (updates, exception) = await TestPipeline.Of(
            FakeChatClient.Playing("Sunny, ", Cut), FakeChatClient.Playing(Call("c2", "Oslo"), ChatFinishReason.ToolCalls)).ReadAsync(WithTools);

        Assert.Equal("Sunny, ", updates.Text());
        Assert.Empty(updates.SelectMany(update => update.Contents).OfType<FunctionCallContent>());
        Assert.Equal("The answer differs after 0 characters.", Assert.IsType<RouterException>(exception).Attempts[1].Failure!.Message);
    }

    public static TheoryData<AIContent, string> Unrepeatable => new()
    {
        { new TextReasoningContent("thinking") { ProtectedData = "signature" }, "signed reasoning" },
        { new TextReasoningContent(null) { ProtectedData = "encrypted" }, "signed reasoning" },
        { new TextReasoningContent("thinking") { RawRepresentation = JsonDocument.Parse("""[{"type":"reasoning.text"}]""").RootElement }, "signed reasoning" },
        { new FunctionCallContent("c", "search") { InformationalOnly = true }, "a tool call" },
        { new DataContent(new byte[] { 1 }, "image/png"), "content that is not text" },
        { new ErrorContent("I will not.") { ErrorCode = "Refusal" }, "a refusal" },
    };

    [Theory]
    [MemberData(nameof(Unrepeatable), DisableDiscoveryEnumeration = true)]
    public async Task What_no_other_attempt_could_repeat_is_not_continued(AIContent content, string named)
    {
        var backup = FakeChatClient.Answering("Hello");

        var (updates, exception) = await TestPipeline.Of(new FakeChatClient(["Hel", content, Cut]), backup).ReadAsync();

        Assert.Equal(2, updates.Count);
        var failure = Assert.IsType<RouterException>(exception);
        Assert.Equal(FailureKind.Truncated, failure.Kind);
        Assert.EndsWith($" Cut. Nobody else can go on, because the caller already has {named}.", failure.Message, StringComparison.Ordinal);
        Assert.Empty(backup.Calls);
    }

    [Fact]
    public async Task Signed_reasoning_of_the_next_attempt_is_not_what_the_caller_has()
    {
        var signed = new TextReasoningContent("thinking") { ProtectedData = "signature" };

        var (updates, exception) = await TestPipeline.Of(
            new FakeChatClient([Thought("thinking"), "Hel", Cut]), new FakeChatClient([signed, "Hello", ChatFinishReason.Stop])).ReadAsync();

        Assert.Equal("[thinking]Hel", updates.Said());
        Assert.Equal(FailureKind.ContinuationFailed, Assert.IsType<RouterException>(exception).Attempts[1].Failure!.Kind);
    }

    [Fact]
    public async Task Json_cut_after_any_character_is_the_next_attempts_json()
    {
        const string Json = """{"name":"Łódź 🙂","days":[1,2,3],"ok":true}""";
        const string Other = """{"name":"Łódź 🙂","days":[1,2],"ok":false}""";
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.Json };

        for (var position = 1; position <= Json.Length; position++)
        {
            var (updates, exception) = await TestPipeline.Of(
                FakeChatClient.Playing(Json[..position], Cut), FakeChatClient.Answering(Other)).ReadAsync(options);

            Assert.Null(exception);
            Assert.Equal(Other, updates.Text());
        }
    }
}
