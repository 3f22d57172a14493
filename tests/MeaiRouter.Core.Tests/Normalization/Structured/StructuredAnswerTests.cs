using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Core.Tests.Normalization.Answers;
using MeaiRouter.Costs;
using MeaiRouter.Normalization;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Structured;

public sealed class StructuredAnswerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_fits_comes_as_the_provider_gave_it(bool streaming)
    {
        AIContent[] sent = [new TextReasoningContent("because"), new TextContent(" {\"city\":\"Oslo\",\n"), new TextContent("\"days\":3} ")];
        var provider = new FakeChatClient([.. sent.Select(content => (Step)content), ChatFinishReason.Stop])
        {
            Whole = streaming ? null : () => new ChatResponse(new ChatMessage(ChatRole.Assistant, [.. sent])) { FinishReason = ChatFinishReason.Stop },
        };
        var client = new NormalizingChatClient(provider);

        var contents = streaming
            ? (await client.ReadAsync(Asked.ForWeather)).Updates.SelectMany(update => update.Contents).ToList()
            : (await client.AskAsync(streaming: false, Asked.ForWeather)).Messages.Single().Contents;

        Assert.Equal(sent.Length, contents.Count);
        for (var i = 0; i < sent.Length; i++)
            Assert.Same(sent[i], contents[i]);
    }

    [Theory]
    [InlineData("```json\n{\"city\":\"Oslo\",\"days\":3}\n```", "text around it")]
    [InlineData("Of [1] and {x} I make {\"city\":\"Oslo\",\"days\":3}. Good luck!", "text around it")]
    [InlineData("{'city': 'Oslo', days: 3,}", "commas, quotes, bare names")]
    [InlineData("{\"city\":\"Oslo\",\"days\":3 // days\n}", "comments")]
    [InlineData("\uFEFF{\"city\":\"Oslo\",\"days\":+3}", "text around it, numbers")]
    [InlineData("\"{\\\"city\\\":\\\"Oslo\\\",\\\"days\\\":3}\"", "a string around it")]
    [InlineData("""{"days":3,"city":"Oslo" """, "brackets")]
    public async Task An_answer_that_was_certainly_meant_to_fit_is_mended_and_noted(string text, string flaws)
    {
        foreach (var streaming in new[] { false, true })
        {
            var response = await Pipeline(text, ChatFinishReason.Stop).AskAsync(streaming, Asked.ForWeather);

            Assert.True(JsonElement.DeepEquals(JsonElement.Parse(Asked.Good), JsonElement.Parse(response.Text)));
            Assert.Equal([$"a/large-a: The answer was not the JSON that was asked for and was mended ({flaws})."], response.Notes());
            Assert.Equal(["a Answered"], response.Trace().Attempts.Told());
        }
    }

    // Microsoft.Extensions.AI wraps schemas that are not objects, asks for those, and reads "data" out of the answer.
    [Theory]
    [InlineData("""{"type":"object","required":["data"],"properties":{"data":{"type":"array","items":{"type":"integer"}}}}""", "[1,2]", """{"data":[1,2]}""")]
    [InlineData("""{"type":"object","required":["data"],"properties":{"data":{"type":"integer"}}}""", "```\n5\n```", """{"data":5}""")]
    [InlineData("""{"type":"object","required":["data"],"properties":{"data":{"enum":["red","green"]}}}""", "\"red\"", """{"data":"red"}""")]
    [InlineData("""{"type":"array","items":{"type":"integer"}}""", """{"data":[1,2]}""", "[1,2]")]
    [InlineData("""{"type":"object","required":["a","b"]}""", """{"response":{"a":1,"b":2}}""", """{"a":1,"b":2}""")]
    [InlineData("""{"type":"object","required":["a","b"]}""", """[{"a":1,"b":2}]""", """{"a":1,"b":2}""")]
    public async Task A_wrapping_that_is_missing_or_too_much_is_put_right(string schema, string text, string json)
    {
        foreach (var streaming in new[] { false, true })
        {
            var response = await Pipeline(text, ChatFinishReason.Stop).AskAsync(streaming, Asked.For(schema));

            Assert.Equal(json, response.Text);
            Assert.Equal(["a/large-a: The answer was the JSON that was asked for in another wrapping, which was changed."], response.Notes());
        }
    }

    [Fact]
    public async Task What_GetResponseAsync_of_T_asks_for_can_be_read_back()
    {
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema<Forecast>() };

        foreach (var streaming in new[] { false, true })
        {
            var response = await Pipeline("Here:\n```json\n{\"city\":\"Oslo\",\"days\":[{\"high\":3,},],}\n```", ChatFinishReason.Stop).AskAsync(streaming, options);

            var read = JsonSerializer.Deserialize<Forecast>(response.Text, AIJsonUtilities.DefaultOptions)!;
            Assert.Equal(("Oslo", 3), (read.City, Assert.Single(read.Days).High));
        }
    }

    [Theory]
    [InlineData("""{"city":"Oslo","days":"three"}""", "The answer does not fit the schema that was asked for: $.days must be of type integer. Ask again, ask with a simpler schema, or let models answer that keep to it (`models`).")]
    [InlineData("""```{"city":"Oslo"}```""", "The answer does not fit the schema that was asked for: $ lacks the required property 'days'. Ask again, ask with a simpler schema, or let models answer that keep to it (`models`).")]
    [InlineData("I do not know.", "The answer is not the JSON that was asked for: $ must be a JSON value and nothing else. Ask again, ask with a simpler schema, or let models answer that keep to it (`models`).")]
    [InlineData("""{"city":"Oslo","days":""", "The answer is not the JSON that was asked for: $ must be a JSON value and nothing else. Ask again, ask with a simpler schema, or let models answer that keep to it (`models`).")]
    public async Task An_answer_that_does_not_fit_is_a_failed_attempt_which_is_charged_and_the_next_one_answers(string text, string message)
    {
        foreach (var streaming in new[] { false, true })
        {
            var wrong = FakeChatClient.Playing(text[..5], text[5..], ChatFinishReason.Stop, Asked.Usage);

            var response = await TestPipeline.Of(wrong, FakeChatClient.Answering(Asked.Good)).AskAsync(streaming, Asked.ForWeather);

            Assert.Equal(Asked.Good, response.Text);
            Assert.Equal(["a Failed SchemaMismatch", "b Answered"], response.Trace().Attempts.Told());
            var failed = response.Trace().Attempts[0];
            Assert.Equal(message, failed.Failure!.Message);
            Assert.Equal((new TokenUsage { Input = 10, Output = 5, Requests = 1 }, new NanoUsd(60_000)), (failed.Usage, failed.Cost));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_reported_usage_a_failed_answer_is_estimated_by_its_length(bool streaming)
    {
        var text = $$"""{"city":"{{new string('x', 4_000)}}","days":"three"}""";

        var response = await TestPipeline.Of(FakeChatClient.Playing(text, ChatFinishReason.Stop), FakeChatClient.Answering(Asked.Good)).AskAsync(streaming, Asked.ForWeather);

        Assert.InRange(response.Trace().Attempts[0].Usage!.Value.Output, 500, 4_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Alone_the_layer_throws_and_a_stream_has_told_its_usage_before(bool streaming)
    {
        var client = new NormalizingChatClient(FakeChatClient.Playing(Asked.Wrong, ChatFinishReason.Stop, Asked.Usage));

        if (!streaming)
        {
            Assert.Equal(FailureKind.SchemaMismatch, (await client.AskInVainAsync(streaming: false, Asked.ForWeather)).Kind);
            return;
        }

        var (updates, exception) = await client.ReadAsync(Asked.ForWeather);
        Assert.Equal(FailureKind.SchemaMismatch, Assert.IsType<RouterException>(exception).Kind);
        Assert.Equal(("", 15), (updates.Text(), updates.SelectMany(update => update.Contents).OfType<UsageContent>().Single().Details.TotalTokenCount));
    }

    public static TheoryData<object, string> Unchecked => new()
    {
        { (Step[])["""{"city":"Os""", ChatFinishReason.Length], "length" },
        { (Step[])["""{"city":"Oslo","days":3""", ChatFinishReason.Length], "length" },
        { (Step[])["Not", ChatFinishReason.ContentFilter], "content_filter" },
        { (Step[])[new ErrorContent("I will not.") { ErrorCode = "Refusal" }, ChatFinishReason.Stop], "stop" },
        { (Step[])["I look.", new FunctionCallContent("c", "weather"), ChatFinishReason.ToolCalls], "tool_calls" },
        { (Step[])["I look.", new FunctionCallContent("c", "weather"), ChatFinishReason.Stop], "tool_calls" },
    };

    [Theory]
    [MemberData(nameof(Unchecked), DisableDiscoveryEnumeration = true)]
    public async Task What_says_itself_that_it_is_no_whole_answer_is_let_pass_and_never_mended(object steps, string reason)
    {
        foreach (var streaming in new[] { false, true })
        {
            var response = await TestPipeline.Of(new FakeChatClient((Step[])steps)).AskAsync(streaming, Asked.ForWeather);

            Assert.Equal(reason, response.FinishReason!.Value.Value);
            var asSent = await new FakeChatClient((Step[])steps).AskAsync(streaming);
            Assert.Equal(asSent.Shown(), response.Shown());
            Assert.Empty(response.Notes());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Brackets_are_not_added_where_a_stop_sequence_may_have_cut_them_off(bool streaming)
    {
        var options = Asked.ForWeather;
        options.StopSequences = ["}"];

        var exception = await Pipeline("""{"days":3,"city":"Oslo" """, ChatFinishReason.Stop).AskInVainAsync(streaming, options);

        Assert.Equal(FailureKind.SchemaMismatch, exception.Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Half_an_answer_without_a_finish_reason_is_incomplete(bool streaming)
    {
        var client = new NormalizingChatClient(FakeChatClient.Playing("""{"days":3,"city":"Oslo" """));

        Assert.Equal(FailureKind.Incomplete, (await client.AskInVainAsync(streaming, Asked.ForWeather)).Kind);
    }

    [Theory]
    [InlineData("""{"a":1}""", true)]
    [InlineData("""[1]""", true)]
    [InlineData("42", true)]
    [InlineData("```json\n{\"a\":1}\n```", true)]
    [InlineData("See [1]: {\"a\":{\"b\":1}}", true)]
    [InlineData("plain words", false)]
    [InlineData("{ not JSON }", false)]
    public async Task Without_a_schema_any_JSON_will_do(string text, bool isAnswered)
    {
        foreach (var streaming in new[] { false, true })
        {
            var response = await TestPipeline.Of(FakeChatClient.Playing(text, ChatFinishReason.Stop), FakeChatClient.Answering("""{"b":2}"""))
                .AskAsync(streaming, Asked.ForAnyJson);

            Assert.Equal(isAnswered ? "a Answered" : "b Answered", response.Trace().Attempts.Told()[^1]);
            JsonElement.Parse(response.Text);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reasoning_is_no_part_of_the_JSON(bool streaming)
    {
        var response = await Pipeline("<think>{not json}</think>\n" + Asked.Good, ChatFinishReason.Stop).AskAsync(streaming, Asked.ForWeather);

        Assert.Equal(("[{not json}]" + Asked.Good, Asked.Good), (response.Shown(), response.Text));
        Assert.Empty(response.Notes());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_of_nothing_but_reasoning_does_not_fit(bool streaming) => Assert.Equal(
        FailureKind.SchemaMismatch,
        (await Pipeline(new TextReasoningContent("because"), ChatFinishReason.Stop).AskInVainAsync(streaming, Asked.ForWeather)).Kind);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Half_a_character_in_an_escape_is_mended_for_whoever_reads_it(bool streaming)
    {
        var response = await Pipeline("""{"city":"Oslo \ud83d","days":3}""", ChatFinishReason.Stop).AskAsync(streaming, Asked.ForWeather);

        Assert.Equal("Oslo \uFFFD", JsonElement.Parse(response.Text).GetProperty("city").GetString());
    }

    private static IChatClient Pipeline(params Step[] steps) => TestPipeline.Of(new FakeChatClient(steps));

    private sealed record Forecast(string City, List<Day> Days);

    private sealed record Day(int High);
}
