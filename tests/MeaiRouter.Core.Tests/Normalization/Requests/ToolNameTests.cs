using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization;
using MeaiRouter.Normalization.Requests;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Requests;

public sealed class ToolNameTests
{
    private static readonly ModelEndpoint Gemini = new("acme", "m") { Dialect = new Dialect("gemini") { Tools = new() { NamesBeginWithLetter = true } } };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Names_the_endpoint_refuses_are_replaced_wherever_they_stand_and_come_back_as_the_caller_knows_them(bool streaming)
    {
        string[] names = ["weather.get", "weather_get", "1st", "größe", ""];
        var options = new ChatOptions { Tools = [.. names.Select(name => Adapting.Tool(name))], ToolMode = ChatToolMode.RequireSpecific("weather.get") };
        ChatMessage[] messages =
        [
            new(ChatRole.User, "Hi"),
            new(ChatRole.Assistant, [new TextContent("text"), new FunctionCallContent("c1", "weather.get"), new FunctionCallContent("c2", "old tool")]) { RawRepresentation = "raw" },
            new(ChatRole.Tool, [new FunctionResultContent("c1", "r"), new FunctionResultContent("c2", "r")]),
        ];

        var call = await Adapting.ArriveAsync(streaming, Gemini, options, messages);

        var sent = call.Options.Tools!.Select(tool => tool.Name).ToList();
        Assert.Equal(names.Length, sent.Distinct().Count());
        Assert.All(sent, name => Assert.Matches("^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$", name));
        Assert.Equal("weather_get", sent[1]);
        Assert.Equal(sent[0], Assert.IsType<RequiredChatToolMode>(call.Options.ToolMode).RequiredFunctionName);
        var calls = call.Messages[1].Contents.OfType<FunctionCallContent>().Select(content => content.Name).ToList();
        Assert.Equal(sent[0], calls[0]);
        Assert.Matches("^old_tool_[a-z0-9]{8}$", calls[1]);
        Assert.Null(call.Messages[1].RawRepresentation);
        Assert.Same(messages[0], call.Messages[0]);
        Assert.Equal("weather.get", ((FunctionCallContent)messages[1].Contents[1]).Name);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_of_an_answer_have_the_callers_names(bool streaming)
    {
        // The name is that which the test below proves to be the same in every request.
        var sent = ToolNames.MapOf([], new() { Tools = [Adapting.Tool("weather.get")] }, null, Gemini.Dialect.Tools)!.Sent("weather.get");
        var arguments = new Dictionary<string, object?> { ["x"] = 1 };
        var provider = FakeChatClient.Playing(
            new FunctionCallContent("c1", sent, arguments) { RawRepresentation = "raw", AdditionalProperties = new() { ["mine"] = 1 } },
            new FunctionCallContent("c2", "weather_get"), ChatFinishReason.ToolCalls);
        var options = new ChatOptions { Tools = [Adapting.Tool("weather.get"), Adapting.Tool("weather_get")] };

        var response = await Adapting.AskAsync(streaming, Gemini, provider, new NormalizingOptions(), options);

        var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
        Assert.Equal(["weather.get", "weather_get"], calls.Select(call => call.Name));
        Assert.Equal(("c1", "raw", 1), (calls[0].CallId, calls[0].RawRepresentation, calls[0].AdditionalProperties!["mine"]));
        Assert.Equal(arguments, calls[0].Arguments);
        Assert.Equal([$"acme/m: Names of tools that the dialect 'gemini' does not take were replaced: 'weather.get' by '{sent}'."], response.Trace().Notes);
    }

    [Fact]
    public void A_name_is_replaced_by_the_same_one_whatever_other_tools_there_are()
    {
        string Sent(params string[] names) =>
            ToolNames.MapOf([], new() { Tools = [.. names.Select(name => Adapting.Tool(name))] }, null, ToolRules.Default)!.Sent("a.b");

        Assert.Equal(Sent("a.b"), Sent("c.d", "a_b", "a.b", "a b", "a/b"));
    }

    [Fact]
    public void Names_never_collide_neither_with_legal_ones_nor_among_themselves()
    {
        foreach (var length in new[] { 3, 5, 12, 64 })
        {
            var rules = new ToolRules { MaxNameLength = length, NamesBeginWithLetter = length % 2 == 0 };
            var illegal = Enumerable.Range(0, 200).Select(i => $"tool.{i}").ToList();
            var first = ToolNames.MapOf([], new() { Tools = [Adapting.Tool(illegal[0])] }, null, rules)!.Sent(illegal[0]);
            string[] names = [.. illegal, first];

            var map = ToolNames.MapOf([], new() { Tools = [.. names.Select(name => Adapting.Tool(name))] }, null, rules)!;

            var sent = names.Select(map.Sent).ToList();
            Assert.Equal(names.Length, sent.Distinct().Count());
            Assert.Equal(first, sent[^1]);
            Assert.All(sent, name => Assert.True(name.Length <= length));
            Assert.Equal(names, sent.Select(map.Original));
        }
    }
}
