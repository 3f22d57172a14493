using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Normalization;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Answers;

public sealed class ToolArgumentTests
{
    [Theory]
    [InlineData("""{"city":"Oslo",}""", """{"city":"Oslo"}""")]
    [InlineData("""{'city': 'Oslo'} // done""", """{"city":"Oslo"}""")]
    [InlineData("\"{\\\"city\\\":\\\"Oslo\\\"}\"", """{"city":"Oslo"}""")]
    [InlineData("```json\n{\"city\":[1,2,],\"at\":None}\n```", """{"city":[1,2],"at":null}""")]
    public async Task Arguments_that_are_no_clean_JSON_are_mended_and_noted(string raw, string arguments)
    {
        foreach (var streaming in new[] { false, true })
        {
            var response = await AskAsync(Broken(raw), streaming);

            var call = Call(response);
            Assert.Equal((arguments, null, "c1"), (JsonSerializer.Serialize(call.Arguments), call.Exception, call.CallId));
            Assert.Equal(["The arguments of a call of 'weather' were no clean JSON and were mended."], response.Notes());
            Assert.Equal(raw, call.AdditionalProperties![AnswerProperties.RawArguments]);
        }
    }

    [Theory]
    [InlineData("""{"city":"Oslo" """)]
    [InlineData("""{"city":"Os""")]
    [InlineData("Oslo")]
    [InlineData("""[1]""")]
    [InlineData("""{"a":1} {"b":2}""")]
    public async Task Arguments_that_nobody_can_tell_are_reported_with_their_text(string raw)
    {
        foreach (var streaming in new[] { false, true })
        {
            var broken = Broken(raw);

            var response = await AskAsync(broken, streaming);

            Assert.Same(broken, Call(response));
            Assert.Empty(response.Notes());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_without_its_text_stays_as_it_is(bool streaming)
    {
        var broken = new FunctionCallContent("c1", "weather") { Exception = new JsonException("Broken.") };

        Assert.Same(broken, Call(await AskAsync(broken, streaming)));
    }

    [Fact]
    public async Task The_text_may_be_what_a_client_keeps_as_its_raw_representation()
    {
        var broken = new FunctionCallContent("c1", "weather") { Exception = new JsonException("Broken."), RawRepresentation = "{city:'Oslo'}" };

        Assert.Equal("""{"city":"Oslo"}""", JsonSerializer.Serialize(Call(await AskAsync(broken, streaming: true)).Arguments));
    }

    private static FunctionCallContent Broken(string raw) => new("c1", "weather")
    {
        Exception = new JsonException("Broken."),
        AdditionalProperties = new() { [AnswerProperties.RawArguments] = raw },
    };

    private static FunctionCallContent Call(ChatResponse response) => Assert.Single(response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>());

    private static Task<ChatResponse> AskAsync(AIContent content, bool streaming) =>
        new NormalizingChatClient(FakeChatClient.Playing(content, ChatFinishReason.ToolCalls)).AskAsync(streaming);
}
