using System.Text.Json;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.Dialects;

/// <summary>Whatever shape a provider's answer has, it comes back the same, in either mode.</summary>
public sealed class AnswerShapeTests
{
    private const string Thoughts = "Rome it is. Let me look at the weather.";

    public static TheoryData<string, bool> Shapes()
    {
        var data = new TheoryData<string, bool>();
        foreach (var dialect in StrictServer.Speakers.Keys)
        {
            data.Add(dialect, false);
            data.Add(dialect, true);
        }

        return data;
    }

    [Theory, MemberData(nameof(Shapes))]
    public async Task Text_and_reasoning_and_usage_are_told_apart(string dialect, bool streaming)
    {
        var response = await AskAsync(dialect, streaming, Reply.Text("It is sunny in Rome.").WithReasoning(Thoughts).WithUsage(prompt: 100, completion: 30, cached: 40, reasoning: 20));

        Assert.Equal("It is sunny in Rome.", response.Text);
        Assert.Equal(Thoughts, Reasoning(response));
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal((100, 130), (response.Usage!.InputTokenCount, response.Usage.TotalTokenCount));
        if (TellsDetails(dialect))
            Assert.Equal(20, response.Usage.ReasoningTokenCount);
        Assert.Single(response.Messages);
    }

    [Theory, MemberData(nameof(Shapes))]
    public async Task Parallel_calls_come_whole_each_with_an_id_of_its_own(string dialect, bool streaming)
    {
        var response = await AskAsync(
            dialect, streaming,
            Reply.ToolCall("weather", new { city = "Rome", days = 3 }, "callA1234").WithToolCall("time", new { zone = "UTC" }, "callB1234").WithReasoning(Thoughts));

        var calls = response.Messages.SelectMany(static message => message.Contents).OfType<FunctionCallContent>().ToList();
        Assert.Equal(
            ["""weather {"city":"Rome","days":3}""", """time {"zone":"UTC"}"""],
            calls.Select(static call => $"{call.Name} {JsonSerializer.Serialize(call.Arguments)}"));
        Assert.Equal(2, calls.Select(static call => call.CallId).Where(static id => id.Length > 0).Distinct().Count());
        Assert.All(calls, static call => Assert.Null(call.Exception));
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        Assert.Equal(Thoughts, Reasoning(response));
        Assert.Equal("", response.Text.Trim());
    }

    [Theory, MemberData(nameof(Shapes))]
    public async Task The_end_is_named_alike_and_the_providers_own_word_is_kept(string dialect, bool streaming)
    {
        var shape = StrictDialect.All.Single(strict => strict.Name == dialect).Answers;
        var own = shape.FinishReasons.GetValueOrDefault("length", "length");

        var response = await AskAsync(dialect, streaming, Reply.Text("It is").WithFinishReason(own));

        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        if (own != "length")
            Assert.Equal(own, response.AdditionalProperties!["native_finish_reason"]);
    }

    // What a provider does not report cannot be known.
    private static bool TellsDetails(string dialect) =>
        StrictDialect.All.Single(strict => strict.Name == dialect).Answers.Usage is not (UsageSpelling.Totals or UsageSpelling.Moonshot);

    private static async Task<ChatResponse> AskAsync(string dialect, bool streaming, Reply reply)
    {
        await using var server = await StrictServer.StartAsync(dialect);
        return await server.AskAsync(reply, [new(ChatRole.User, "Hi")], new(), streaming);
    }

    private static string Reasoning(ChatResponse response) =>
        string.Concat(response.Messages.SelectMany(static message => message.Contents).OfType<TextReasoningContent>().Select(static content => content.Text)).Trim();
}
