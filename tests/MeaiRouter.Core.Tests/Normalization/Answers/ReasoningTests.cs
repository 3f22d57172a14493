using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Answers;

public sealed class ReasoningTests
{
    private const string Details = """[{"type":"reasoning.text","text":"because"},{"type":"reasoning.encrypted","data":"xyz"},{"type":"reasoning.summary","summary":"so"}]""";

    public static TheoryData<string, bool> Excluding
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var body in new[] { """{"reasoning":{"exclude":true}}""", """{"include_reasoning":false}""" })
            {
                data.Add(body, false);
                data.Add(body, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Excluding))]
    public async Task Excluded_reasoning_is_not_shown_but_what_is_encrypted_stays_and_all_of_it_is_paid(string body, bool streaming)
    {
        foreach (var extra in new object[] { JsonElement.Parse(body), JsonNode.Parse(body)! })
        {
            var provider = FakeChatClient.Playing(
                new TextReasoningContent("because"),
                new TextReasoningContent("so") { ProtectedData = "signature" },
                new TextReasoningContent("") { ProtectedData = "redacted" },
                new TextReasoningContent("") { ProtectedData = Details },
                "<think>tagged</think>Hello",
                ChatFinishReason.Stop,
                new UsageDetails { InputTokenCount = 10, OutputTokenCount = 9, ReasoningTokenCount = 7 });

            var response = await TestPipeline.Of(provider).AskAsync(streaming, new() { AdditionalProperties = new() { ["extra_body"] = extra } });

            Assert.Equal("Hello", response.Shown());
            var left = string.Join(' ', response.Messages.SelectMany(message => message.Contents).OfType<TextReasoningContent>().Select(content => content.ProtectedData));
            Assert.Contains("redacted", left, StringComparison.Ordinal);
            Assert.Contains("""[{"type":"reasoning.encrypted","data":"xyz"}]""", left, StringComparison.Ordinal);
            Assert.DoesNotContain("because", left, StringComparison.Ordinal);
            Assert.Equal((9, 7), (response.Usage!.OutputTokenCount, response.Usage.ReasoningTokenCount));
            // Of the nine tokens seven were reasoning.
            Assert.Equal((2L, 7L), (response.Trace().Attempts.Single().Usage!.Value.Output, response.Trace().Attempts.Single().Usage!.Value.Reasoning));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reasoning_that_the_options_do_not_want_is_not_shown_either(bool streaming)
    {
        var provider = FakeChatClient.Playing(new TextReasoningContent("because"), "Hello", ChatFinishReason.Stop);

        var response = await TestPipeline.Of(provider).AskAsync(streaming, new() { Reasoning = new() { Output = ReasoningOutput.None } });

        Assert.Equal("Hello", response.Shown());
        Assert.Empty(response.Trace().Notes);
    }

    [Theory]
    [InlineData("""{"reasoning":{"exclude":false}}""")]
    [InlineData("""{"include_reasoning":true}""")]
    [InlineData("{}")]
    public async Task Otherwise_reasoning_is_shown(string body) => Assert.Equal(
        "[because]Hello",
        (await TestPipeline.Of(FakeChatClient.Playing(new TextReasoningContent("because"), "Hello", ChatFinishReason.Stop))
            .AskAsync(streaming: true, new() { AdditionalProperties = new() { ["extra_body"] = JsonElement.Parse(body) } })).Shown());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reasoning_says_which_provider_made_it(bool streaming)
    {
        var (first, signed) = (new TextReasoningContent("be"), new TextReasoningContent("cause") { ProtectedData = "signature", AdditionalProperties = new() { ["mine"] = 1 } });
        var provider = new FakeChatClient(new Step[] { first, signed, "Hello", ChatFinishReason.Stop })
        {
            Whole = streaming ? null : () => new ChatResponse(new ChatMessage(ChatRole.Assistant, [first, signed, new TextContent("Hello")])) { FinishReason = ChatFinishReason.Stop },
        };

        var response = await TestPipeline.Of(provider).AskAsync(streaming);

        var reasoning = response.Messages.SelectMany(message => message.Contents).OfType<TextReasoningContent>().ToList();
        Assert.Equal("because", string.Concat(reasoning.Select(content => content.Text)));
        Assert.All(reasoning, content => Assert.Equal("a", content.AdditionalProperties![AnswerProperties.ReasoningOrigin]));
        Assert.Equal("signature", reasoning[^1].ProtectedData);
        Assert.Equal(1, signed.AdditionalProperties!["mine"]);
    }
}
