using System.Collections.ObjectModel;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization;

public sealed class ToolCallIdTests
{
    private static readonly Dialect Mistral = new("mistral") { Tools = new() { FixedCallIds = true, MaxCallIdLength = 9 } };

    [Theory]
    [InlineData("call_abc-DEF123", true)]
    [InlineData("0123456789012345678901234567890123456789", true)]
    [InlineData("01234567890123456789012345678901234567890", false)]
    [InlineData("functions.f:0", false)]
    [InlineData("ünlesbar", false)]
    public async Task The_default_dialect_takes_forty_letters_digits_lines_and_underscores(string id, bool legal)
    {
        var (call, result) = await SentAsync(Dialect.Default, id);

        Assert.Equal(call, result);
        Assert.Equal(legal, call == id);
        Assert.Matches("^[a-zA-Z0-9_-]{1,40}$", call);
    }

    [Theory]
    [InlineData("abcDEF123", true)]
    [InlineData("abc_EF123", false)]
    [InlineData("abcDEF12", false)]
    [InlineData("call_0123456789012345", false)]
    public async Task Mistral_gets_nine_letters_and_digits_and_always_the_same_for_the_same_id(string id, bool legal)
    {
        var (call, result) = await SentAsync(Mistral, id);

        Assert.Equal((call, call), (result, (await SentAsync(Mistral, id)).Call));
        Assert.Equal(legal, call == id);
        Assert.Matches("^[a-zA-Z0-9]{9}$", call);
    }

    [Fact]
    public async Task Different_ids_stay_different()
    {
        var sent = new HashSet<string>();
        for (var i = 0; i < 500; i++)
            Assert.True(sent.Add((await SentAsync(Mistral, $"call_{i}")).Call));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_dialect_is_that_of_the_endpoint_which_is_called_and_the_rewriting_is_noted(bool streaming)
    {
        FakeChatClient[] providers = [FakeChatClient.Playing(new HttpRequestException("Down.", null, System.Net.HttpStatusCode.ServiceUnavailable)), FakeChatClient.Answering("Hello")];
        var catalog = new ModelCatalog([new Model("m") { Endpoints = [new ModelEndpoint("a", "x"), new ModelEndpoint("b", "y") { Dialect = Mistral }] }]);
        var pipeline = new RouterChatClient(
            new MeaiRouter.Fallback.FallbackChatClient(new NormalizingChatClient(TestPipeline.Endpoint(providers))), catalog, TestPipelineRouting);
        List<ChatMessage> messages =
        [
            new(ChatRole.Assistant, [new FunctionCallContent("call_1", "f")]), new(ChatRole.Tool, [new FunctionResultContent("call_1", "r")]),
        ];

        var response = streaming
            ? await pipeline.GetStreamingResponseAsync(messages, new() { ModelId = "m" }).ToChatResponseAsync()
            : await pipeline.GetResponseAsync(messages, new() { ModelId = "m" });

        Assert.Equal("call_1", CallIds(providers[0].Call.Messages).Single());
        Assert.Matches("^[a-zA-Z0-9]{9}$", CallIds(providers[1].Call.Messages).Single());
        Assert.Equal(["b/y: Tool-call ids that the dialect 'mistral' does not take were rewritten."], response.Trace().Notes);
    }

    [Fact]
    public async Task A_rewritten_call_keeps_everything_but_its_id()
    {
        var provider = FakeChatClient.Answering("Hello");
        var call = new FunctionCallContent("not legal!", "f", new Dictionary<string, object?> { ["x"] = 1 })
        {
            Exception = new FormatException(), RawRepresentation = "raw", AdditionalProperties = new() { ["mine"] = 1 }, InformationalOnly = true,
        };
        var result = new FunctionResultContent("not legal!", "r") { Exception = new FormatException(), RawRepresentation = "raw" };
        List<ChatMessage> messages = [new(ChatRole.User, "Hi"), new(ChatRole.Assistant, [new TextContent("text"), call]), new(ChatRole.Tool, [result])];

        await new NormalizingChatClient(provider).GetResponseAsync(messages);

        var sent = provider.Call.Messages;
        Assert.Same(messages[0], sent[0]);
        Assert.Same(messages[1].Contents[0], sent[1].Contents[0]);
        var sentCall = Assert.IsType<FunctionCallContent>(sent[1].Contents[1]);
        Assert.Equal(
            (call.Name, call.Arguments, call.Exception, call.RawRepresentation, call.AdditionalProperties, call.InformationalOnly),
            (sentCall.Name, sentCall.Arguments, sentCall.Exception, sentCall.RawRepresentation, sentCall.AdditionalProperties, sentCall.InformationalOnly));
        var sentResult = Assert.IsType<FunctionResultContent>(sent[2].Contents[0]);
        Assert.Equal((result.Result, result.Exception, result.RawRepresentation), (sentResult.Result, sentResult.Exception, sentResult.RawRepresentation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_with_an_empty_or_a_repeated_id_get_one_of_their_own(bool streaming)
    {
        FunctionCallContent Call(string id, string name) => new(id, name, new Dictionary<string, object?> { ["x"] = name });
        var provider = FakeChatClient.Playing(
            Call("c1", "first"), Call("", "second"), Call("c1", "third"), Call("", "fourth"), ChatFinishReason.ToolCalls);

        var response = await new NormalizingChatClient(provider).AskAsync(streaming);

        var calls = response.Messages.SelectMany(message => message.Contents).Cast<FunctionCallContent>().ToList();
        Assert.Equal(["first", "second", "third", "fourth"], calls.Select(call => call.Name));
        Assert.Equal(calls.Select(call => call.Name), calls.Select(call => (string)call.Arguments!["x"]!));
        Assert.Equal("c1", calls[0].CallId);
        Assert.Equal(4, calls.Select(call => call.CallId).Distinct().Count());
        Assert.All(calls.Skip(1), call => Assert.Matches("^call_[a-zA-Z0-9]{24}$", call.CallId));
    }

    [Fact]
    public async Task Contents_that_cannot_be_changed_are_read_too()
    {
        var update = new ChatResponseUpdate { Contents = new ReadOnlyCollection<AIContent>([new FunctionCallContent("", "f")]), FinishReason = ChatFinishReason.ToolCalls };

        var response = await new NormalizingChatClient(FakeChatClient.Playing(update)).AskAsync(streaming: true);

        Assert.NotEmpty(Assert.IsType<FunctionCallContent>(response.Messages.Single().Contents.Single()).CallId);
    }

    private static RoutingOptions TestPipelineRouting => new() { Strategy = new CheapestFirst() };

    private static async Task<(string Call, string Result)> SentAsync(Dialect dialect, string id)
    {
        var provider = FakeChatClient.Answering("Hello");
        List<ChatMessage> messages =
        [
            new(ChatRole.Assistant, [new FunctionCallContent(id, "f")]), new(ChatRole.Tool, [new FunctionResultContent(id, "r")]),
        ];

        await new NormalizingChatClient(provider, dialect).GetResponseAsync(messages);

        return (
            CallIds(provider.Call.Messages).Single(),
            provider.Call.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Single().CallId);
    }

    private static IEnumerable<string> CallIds(IEnumerable<ChatMessage> messages) =>
        messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Select(call => call.CallId);
}
