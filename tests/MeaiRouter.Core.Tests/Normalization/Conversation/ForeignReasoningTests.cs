using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Dialects;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
using MeaiRouter.Normalization.Conversation;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Normalization.Conversation.Adapting;

namespace MeaiRouter.Core.Tests.Normalization.Conversation;

/// <summary>Signed and encrypted reasoning reaches only those who can read it.</summary>
public sealed class ForeignReasoningTests
{
    private const string Claude = """{"type":"reasoning.text","text":"Hm","signature":"s","format":"anthropic-claude-v1","index":0}""";
    private const string Gemini = """{"type":"reasoning.encrypted","data":"d","format":"google-gemini-v1","index":1}""";
    private const string Open = """{"type":"reasoning.summary","summary":"Sum","format":"openai-responses-v1","index":2}""";
    private const string LeftOut = "Signed or encrypted reasoning of another provider was left out.";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reasoning_says_who_made_it_and_only_he_gets_its_signature_back(bool streaming)
    {
        FakeChatClient[] providers =
        [
            FakeChatClient.Playing(
                new TextReasoningContent("H"), new TextReasoningContent("m"), new TextReasoningContent("") { ProtectedData = $"[{Claude}]" }, new TextContent("Hello"), ChatFinishReason.Stop),
            FakeChatClient.Answering("Hi"),
        ];
        var catalog = new ModelCatalog([new Model("a") { Endpoints = [new("a", "x")] }, new Model("b") { Endpoints = [new("b", "y")] }]);
        var pipeline = new RouterChatClient(
            new FallbackChatClient(new NormalizingChatClient(TestPipeline.Endpoint(providers)), TestPipeline.Unheld), catalog, new RoutingOptions { Strategy = new CheapestFirst() });
        async Task<ChatResponse> AskAsync(string model, params ChatMessage[] messages) => streaming
            ? await pipeline.GetStreamingResponseAsync(messages, new() { ModelId = model }).ToChatResponseAsync()
            : await pipeline.GetResponseAsync(messages, new() { ModelId = model });

        var answer = await AskAsync("a", User("Think"));
        ChatMessage[] grown = [User("Think"), .. answer.Messages, User("Go on")];
        await AskAsync("a", grown);
        var moved = await AskAsync("b", grown);

        var made = answer.Messages.SelectMany(message => message.Contents).OfType<TextReasoningContent>().Single(reasoning => reasoning.ProtectedData is not null);
        Assert.Equal("a", made.AdditionalProperties![AnswerProperties.ReasoningOrigin]);
        Assert.Equal($"[{Claude}]", Reasoning(providers[0].Calls[1].Messages).Last().ProtectedData);
        Assert.All(Reasoning(providers[1].Call.Messages), reasoning => Assert.Null(reasoning.ProtectedData));
        Assert.Equal("Hm", string.Concat(Reasoning(providers[1].Call.Messages).Select(reasoning => reasoning.Text)));
        Assert.Equal(["b/y: " + LeftOut], moved.Trace().Notes);
        Assert.NotNull(made.ProtectedData);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_layer_alone_goes_by_the_name_that_its_client_gives(bool streaming)
    {
        async Task<(ChatResponse Answer, FakeChatClient Provider)> AskAsync(string? name, params ChatMessage[] messages)
        {
            var provider = new FakeChatClient([new Step[] { new TextReasoningContent("Hm") { ProtectedData = $"[{Claude}]" }, new TextContent("Hello"), ChatFinishReason.Stop }])
            {
                Metadata = new ChatClientMetadata(name),
            };
            var client = new NormalizingChatClient(provider);
            return (streaming ? await client.GetStreamingResponseAsync(messages).ToChatResponseAsync() : await client.GetResponseAsync(messages), provider);
        }

        var (answer, _) = await AskAsync("maker", User("Think"));
        ChatMessage[] grown = [User("Think"), .. answer.Messages, User("Go on")];
        var (_, maker) = await AskAsync("Maker", grown);
        var (moved, other) = await AskAsync("other", grown);
        var (_, unknown) = await AskAsync(null, grown);

        Assert.Equal("maker", Reasoning(answer.Messages).Single().AdditionalProperties![AnswerProperties.ReasoningOrigin]);
        Assert.Equal($"[{Claude}]", Reasoning(maker.Call.Messages).Single().ProtectedData);
        Assert.Equal(("Hm", null), (Reasoning(other.Call.Messages).Single().Text, Reasoning(other.Call.Messages).Single().ProtectedData));
        Assert.Equal([LeftOut], moved.Trace().Notes);
        Assert.Equal($"[{Claude}]", Reasoning(unknown.Call.Messages).Single().ProtectedData);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Hm", null)]
    [InlineData("opaque", "opaque")]
    public void Data_in_any_form_is_kept_for_its_maker_and_left_out_for_others(string? data, string? kept)
    {
        var (same, _) = Send("maker", Rules(), Made("Maker", "Hm", data));
        var (other, notes) = Send("other", Rules(), Made("maker", "Hm", data));

        Assert.Equal(("Hm", data), same);
        Assert.Equal(("Hm", (string?)null), other);
        Assert.Equal(data is null ? [] : ["other/x: " + LeftOut], notes);
        Assert.Equal(kept is null ? data : kept, same!.Value.Data);
    }

    [Fact]
    public void Items_are_judged_one_by_one_by_their_format_where_another_made_them()
    {
        var all = $"[{Claude},{Gemini},{Open}]";

        Assert.Equal(("Hm", $"[{Open}]"), Send("other", Rules(), Made("maker", "Hm", all)).Reasoning);
        Assert.Equal(("Hm", $"[{Claude},{Open}]"), Send("other", Rules(foreign: ["anthropic-claude-v1"]), Made("maker", "Hm", all)).Reasoning);
        Assert.Equal(("Hm", all), Send("other", Rules(foreign: ["anthropic-claude-v1", "google-gemini-v1"]), Made("maker", "Hm", all)).Reasoning);

        // The format alone does not make it the provider's own: another made it in the same family.
        Assert.Equal(("Hm", (string?)null), Send("other", Rules(own: ["anthropic-claude-v1"]), Made("maker", "Hm", $"[{Claude}]")).Reasoning);
    }

    [Fact]
    public void Where_the_origin_is_lost_the_format_tells_what_is_the_endpoints_own()
    {
        var all = $"[{Claude},{Gemini}]";

        Assert.Equal(("Hm", all), Send("p", Rules(), Made(null, "Hm", all)).Reasoning);
        Assert.Equal(("Hm", $"[{Gemini}]"), Send("p", Rules(own: ["google-gemini-v1"]), Made(null, "Hm", all)).Reasoning);
        Assert.Equal(("Hm", all), Send("p", Rules(own: ["google-gemini-v1"], foreign: ["anthropic-claude-v1"]), Made(null, "Hm", all)).Reasoning);
        Assert.Equal(("Hm", (string?)null), Send("p", Rules(own: []), Made(null, "Hm", all)).Reasoning);
        Assert.Equal(("Hm", "opaque"), Send("p", Rules(own: []), Made(null, "Hm", "opaque")).Reasoning);
        Assert.Equal(("Hm", "[{\"data\":\"d\"}]"), Send("p", Rules(own: []), Made(null, "Hm", "[{\"data\":\"d\"}]")).Reasoning);
    }

    [Fact]
    public void What_can_be_read_in_the_details_alone_becomes_the_text()
    {
        Assert.Equal(("Hm", (string?)null), Send("other", Rules(), Made("maker", "", $"[{Claude},{Gemini}]")).Reasoning);
    }

    [Fact]
    public void A_message_of_which_nothing_is_left_goes_with_it()
    {
        var options = new ChatOptions();
        ChatMessage[] messages = [User("a"), Assistant(Made("maker", "", $"[{Gemini}]")), User("b")];

        var sent = ConversationAdapter.Adapt(messages, ref options, To(new ModelEndpoint("other", "x")));

        Assert.Equal(["user: a", "user: b"], Lines(sent));
    }

    [Theory]
    [InlineData("maker", null, null, true)]
    [InlineData("other", null, null, false)]
    [InlineData("other", "google-gemini-v1", null, true)]
    [InlineData("unknown", null, null, true)]
    [InlineData("unknown", null, "anthropic-claude-v1", false)]
    [InlineData("unknown", null, "google-gemini-v1", true)]
    public void Signatures_on_tool_calls_are_treated_alike(string provider, string? foreign, string? own, bool kept)
    {
        const string Signature = """{"extra_content":{"google":{"thought_signature":"s"}}}""";
        var call = Call("a");
        call.AdditionalProperties = Extra(Signature);
        if (provider != "unknown")
            call.AdditionalProperties[AnswerProperties.ReasoningOrigin] = "maker";
        var options = new ChatOptions();

        var sent = ConversationAdapter.Adapt(
            [User("Go"), Assistant(call), Tool(Result("a", "1"))], ref options,
            To(new ModelEndpoint(provider, "x") { Dialect = new("d") { Reasoning = Rules(foreign is null ? null : [foreign], own is null ? null : [own]) } }));

        Assert.Equal(kept ? "assistant: f#a " + Signature : "assistant: f#a", Lines(sent)[1]);
    }

    [Fact]
    public void Every_run_of_reasoning_and_every_signed_call_of_an_answer_is_marked()
    {
        var signed = Call("a");
        signed.AdditionalProperties = Extra("""{"extra_content":{}}""");
        AIContent[] contents =
        [
            new TextReasoningContent("1"), new TextReasoningContent("2") { ProtectedData = "s" }, new TextReasoningContent("3"), new TextContent("t"),
            new TextReasoningContent("4"), new TextReasoningContent("5"), signed, Call("b"),
        ];

        var origin = new ReasoningOrigin("p");
        foreach (var content in contents)
            origin.Mark(new ChatResponseUpdate { Contents = [content] });

        Assert.Equal(
            [true, true, true, false, true, false, true, false],
            contents.Select(content => content.AdditionalProperties?.TryGetValue(AnswerProperties.ReasoningOrigin, out var by) == true && by is "p"));
    }

    private static ReasoningRules Rules(string[]? foreign = null, string[]? own = null) => new() { ForeignFormats = foreign ?? [], OwnFormats = own };

    private static TextReasoningContent Made(string? by, string text, string? data) => new(text)
    {
        ProtectedData = data,
        AdditionalProperties = by is null ? null : new() { [AnswerProperties.ReasoningOrigin] = by },
    };

    private static ((string Text, string? Data)? Reasoning, IReadOnlyList<string> Notes) Send(string provider, ReasoningRules rules, TextReasoningContent content)
    {
        var options = new ChatOptions();
        var attempt = To(new ModelEndpoint(provider, "x") { Dialect = new("d") { Reasoning = rules } });
        var context = new RouteContext(null);
        var noted = attempt with { Notes = new RouteNotes(context) };
        var sent = ConversationAdapter.Adapt([User("a"), Assistant(content, new TextContent("t"))], ref options, noted);
        var reasoning = Reasoning(sent).SingleOrDefault();
        return (reasoning is null ? null : (reasoning.Text, reasoning.ProtectedData), [.. context.Notes.Select(note => $"{provider}/x: {note}")]);
    }

    private static IEnumerable<TextReasoningContent> Reasoning(IEnumerable<ChatMessage> messages) =>
        messages.SelectMany(message => message.Contents).OfType<TextReasoningContent>();
}
