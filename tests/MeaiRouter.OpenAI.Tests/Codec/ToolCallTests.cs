using System.Text.Json;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Codec;

public sealed class ToolCallTests
{
    private const string TwoCalls = """a:f({"x":1}) b:g({"y":"z"})""";

    // Every list of fragments is what some provider sends for the same two calls.
    public static TheoryData<string, string[]> Fragments => new()
    {
        {
            "by the book",
            [
                """{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}""",
                """{"index":0,"function":{"arguments":"{\"x\""}}""",
                """{"index":0,"function":{"arguments":":1}"}}""",
                """{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":""}}""",
                """{"index":1,"function":{"arguments":"{\"y\":\"z\"}"}}""",
            ]
        },
        {
            "index always 0",
            [
                """{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\""}}""",
                """{"index":0,"function":{"arguments":":1}"}}""",
                """{"index":0,"id":"b","function":{"name":"g","arguments":"{\"y\":"}}""",
                """{"index":0,"function":{"arguments":"\"z\"}"}}""",
            ]
        },
        {
            "index missing",
            [
                """{"id":"a","function":{"name":"f","arguments":"{\"x\""}}""",
                """{"function":{"arguments":":1}"}}""",
                """{"id":"b","function":{"name":"g","arguments":"{\"y\":"}}""",
                """{"function":{"arguments":"\"z\"}"}}""",
            ]
        },
        {
            "index from 1",
            [
                """{"index":1,"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}}""",
                """{"index":2,"id":"b","function":{"name":"g","arguments":"{\"y\":"}}""",
                """{"index":2,"function":{"arguments":"\"z\"}"}}""",
            ]
        },
        {
            "id on every fragment, index missing or wrong, interleaved",
            [
                """{"id":"a","index":0,"function":{"name":"f","arguments":"{\"x\""}}""",
                """{"id":"b","index":0,"function":{"name":"g","arguments":"{\"y\":"}}""",
                """{"id":"a","index":3,"function":{"arguments":":1}"}}""",
                """{"id":"b","function":{"arguments":"\"z\"}"}}""",
            ]
        },
        {
            "name and empty type on every fragment",
            [
                """{"index":0,"id":"a","type":"","function":{"name":"f","arguments":""}}""",
                """{"index":0,"id":"a","type":"","function":{"name":"f","arguments":"{\"x\""}}""",
                """{"index":0,"id":"a","type":"","function":{"name":"f","arguments":":1}"}}""",
                """{"index":1,"id":"b","type":"","function":{"name":"g","arguments":"{\"y\":"}}""",
                """{"index":1,"id":"b","type":"","function":{"name":"g","arguments":"\"z\"}"}}""",
            ]
        },
        {
            "late id",
            [
                """{"index":0,"function":{"name":"f","arguments":"{\"x\""}}""",
                """{"index":0,"id":"a","function":{"arguments":":1}"}}""",
                """{"index":1,"function":{"name":"g"}}""",
                """{"index":1,"id":"b","function":{"arguments":"{\"y\":\"z\"}"}}""",
            ]
        },
        {
            "arguments as an object, index as text, type null",
            [
                """{"index":"0","id":"a","type":null,"function":{"name":"f","arguments":{"x":1}}}""",
                """{"index":"1","id":"b","type":null,"function":{"name":"g","arguments":{"y":"z"}}}""",
            ]
        },
        {
            "another id on every fragment of a call",
            [
                """{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\""}}""",
                """{"index":0,"id":"a2","function":{"name":null,"arguments":":1}"}}""",
                """{"index":1,"id":"b","function":{"name":"g","arguments":"{\"y\":\"z\"}"}}""",
                """{"index":1,"id":"","function":{"name":"","arguments":""}}""",
            ]
        },
    };

    [Theory, MemberData(nameof(Fragments))]
    public void Fragments_become_whole_calls_in_their_order(string deviation, string[] fragments)
    {
        var updates = Wire.Updates(
        [
            .. fragments.Select(static f => $$$"""{"id":"1","choices":[{"delta":{"tool_calls":[{{{f}}}]}}]}"""),
            """{"id":"1","choices":[{"delta":{},"finish_reason":"tool_calls"}]}""",
        ]);

        var update = Assert.Single(updates, static u => u.Contents.Count > 0);
        Assert.Equal(ChatFinishReason.ToolCalls, update.FinishReason);
        Assert.Equal(TwoCalls, Describe(update.Contents));
        Assert.NotNull(deviation);
    }

    [Fact]
    public void Calls_without_ids_or_indexes_are_told_apart_by_complete_arguments_and_get_ids()
    {
        var response = Wire.Streamed(
        [
            """{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{\"x\":1}"}}]}""",
            """{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{\"x\":2}"}}]}""",
            """{"tool_calls":[{"index":0,"function":{"name":"g","arguments":"{}"}}]}""",
        ]);

        var calls = response.Messages[0].Contents.Cast<FunctionCallContent>().ToList();
        Assert.Equal(["f", "f", "g"], calls.Select(static c => c.Name));
        Assert.Equal(["1", "2", null], calls.Select(static c => c.Arguments!.TryGetValue("x", out var x) ? x!.ToString() : null));
        Assert.All(calls, static c => Assert.Matches("^call_[0-9a-f]{32}$", c.CallId));
        Assert.Equal(3, calls.Select(static c => c.CallId).Distinct().Count());
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Several_calls_in_one_piece_stay_apart_and_in_order(bool streaming)
    {
        const string Calls = """{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}},{"index":0,"id":"b","function":{"name":"g","arguments":"{\"y\":\"z\"}"}}]}""";

        var response = streaming ? Wire.Streamed([Calls], "tool_calls") : Wire.Message(Calls, "tool_calls");

        Assert.Equal(TwoCalls, Describe(response.Messages[0].Contents));
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void The_one_call_of_the_older_wire_is_a_call(bool streaming)
    {
        var response = streaming
            ? Wire.Streamed(["""{"function_call":{"name":"f","arguments":"{\"x\""}}""", """{"function_call":{"arguments":":1}"}}"""], "function_call")
            : Wire.Message("""{"function_call":{"name":"f","arguments":"{\"x\":1}"}}""", "function_call");

        var call = Assert.IsType<FunctionCallContent>(Assert.Single(response.Messages[0].Contents));
        Assert.Equal(("f", "1"), (call.Name, call.Arguments!["x"]!.ToString()));
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Arguments_that_are_no_object_are_kept_as_they_came(bool streaming)
    {
        const string Broken = """{\"x\": [1, 2""";
        var call = $$$"""{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{{{Broken}}}"}}]}""";

        var response = streaming ? Wire.Streamed([call]) : Wire.Message(call);

        var content = Assert.IsType<FunctionCallContent>(Assert.Single(response.Messages[0].Contents));
        Assert.Equal(("a", "f"), (content.CallId, content.Name));
        Assert.Null(content.Arguments);
        Assert.NotNull(content.Exception);
        Assert.Equal("{\"x\": [1, 2", content.AdditionalProperties![AnswerProperties.RawArguments]);
        Wire.EqualJson(
            """[{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\": [1, 2"}}]}]""",
            Wire.WrittenMessages(response.Messages[0]));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("\"null\"")]
    [InlineData("\" \"")]
    [InlineData("{}")]
    public void A_call_without_arguments_has_an_empty_set(string arguments)
    {
        var response = Wire.Message($$$"""{"tool_calls":[{"id":"a","function":{"name":"f","arguments":{{{arguments}}}}}]}""");

        var call = Assert.IsType<FunctionCallContent>(Assert.Single(response.Messages[0].Contents));
        Assert.Empty(call.Arguments!);
        Assert.Null(call.Exception);
    }

    [Fact]
    public void Calls_that_no_finish_reason_released_come_at_the_end()
    {
        var updates = Wire.Updates("""{"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}}]}}]}""");

        var last = updates[^1];
        Assert.Equal("""a:f({"x":1})""", Describe(last.Contents));
        Assert.Null(last.FinishReason);
    }

    [Fact]
    public void Fields_of_a_call_that_only_its_provider_knows_go_back_to_it()
    {
        const string Call = """{"id":"a","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"sig"}}}""";
        var response = Wire.Streamed([$$"""{"tool_calls":[{{Call}}]}"""]);

        Wire.EqualJson($$"""[{"role":"assistant","content":null,"tool_calls":[{{Call}}]}]""", Wire.WrittenMessages(response.Messages[0]));
    }

    private static string Describe(IEnumerable<AIContent> contents) => string.Join(' ', contents.Cast<FunctionCallContent>().Select(static call =>
        $"{call.CallId}:{call.Name}({JsonSerializer.Serialize(call.Arguments)})"));
}
