using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Affinity.Conversation;

namespace MeaiRouter.Core.Tests.Affinity;

public sealed class ActivationTests
{
    private static readonly UsageDetails CacheRead = Usage(1000, 100, cached: 900);
    private static readonly UsageDetails CacheWritten = Usage(1000, 100, written: 900);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_stays_with_whoever_answered_it_first(bool streaming)
    {
        var conversation = new Conversation(Answering("a"), Answering("b"), Answering("c")) { First = "b" };
        var first = await conversation.AnswererAsync(streaming, Session());
        conversation.First = "a";

        Assert.Equal("b", first);
        Assert.Equal("b", await conversation.AnswererAsync(streaming, Session()));
        Assert.Equal("a", await conversation.AnswererAsync(streaming, Session("another")));
        Assert.Equal("a", await conversation.AnswererAsync(streaming));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_others_of_the_model_follow_in_the_strategys_order(bool streaming)
    {
        var conversation = new Conversation(Answering("a"), Answering("b"), Answering("c")) { First = "c" };
        await conversation.AskAsync(streaming, Session());
        conversation.First = "b";

        var trace = (await conversation.AskAsync(streaming, Session())).Trace();

        Assert.Equal(["c", "b", "a"], trace.Candidates.Select(candidate => candidate.Candidate.Endpoint.Tag));
        Assert.Equal("leading", trace.Strategy);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_session_only_an_answer_that_used_the_cache_makes_the_conversation_stay(bool streaming)
    {
        foreach (var (usage, expected) in new[] { (Usage(1000, 100), "a"), (CacheRead, "b"), (CacheWritten, "b"), (Usage(1000, 100, writtenForAnHour: 1), "b") })
        {
            var conversation = new Conversation(Answering("a"), Answering("b", usage)) { First = "b" };
            await conversation.AskAsync(streaming);
            conversation.First = "a";

            Assert.Equal(expected, await conversation.AnswererAsync(streaming));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_an_endpoint_whose_cache_is_cheaper_than_its_prompt_is_stayed_with(bool streaming)
    {
        Price?[] prices = [Price.PerMillion(3, 15), CachingPrice with { CacheRead = 3 }, null];
        foreach (var price in prices)
        {
            var conversation = new Conversation(
                Answering("a", CacheRead, CachingPrice), new Endpoint("b", FakeChatClient.Answering("Hi.", CacheRead), price, ModelId)) { First = "b" };
            await conversation.AskAsync(streaming, Session());
            conversation.First = "a";

            Assert.Equal("a", await conversation.AnswererAsync(streaming, Session()));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_conversation_is_known_by_its_instructions_and_its_first_messages(bool streaming)
    {
        var conversation = new Conversation(Answering("a"), Answering("b", CacheRead)) { First = "b" };
        ChatMessage[] beginning = [new(ChatRole.System, "Be brief."), new(ChatRole.User, "Hello")];
        await conversation.AskAsync(streaming, new() { Instructions = "In French." }, beginning);
        conversation.First = "a";

        Assert.Equal("b", await AskAsync("In French.", [.. beginning, new(ChatRole.Assistant, "Hi."), new(ChatRole.User, "And now?")]));
        Assert.Equal("b", await AskAsync("In French.", [.. beginning, new(ChatRole.System, "A later rule.")]));
        Assert.Equal("a", await AskAsync("In German.", beginning));
        Assert.Equal("a", await AskAsync(null, beginning));
        Assert.Equal("a", await AskAsync("In French.", new(ChatRole.System, "Be long."), beginning[1]));
        Assert.Equal("a", await AskAsync("In French.", beginning[0], new(ChatRole.User, "Hello!")));
        Assert.Equal("a", await AskAsync("In French.", beginning[0], new(ChatRole.Assistant, "Hello")));
        Assert.Equal("a", await AskAsync("In French.", beginning[1]));

        Task<string> AskAsync(string? instructions, params ChatMessage[] messages) =>
            conversation.AnswererAsync(streaming, new() { Instructions = instructions }, messages);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_developer_message_is_a_system_message(bool streaming)
    {
        var conversation = new Conversation(Answering("a"), Answering("b", CacheRead)) { First = "b" };
        ChatMessage[] beginning = [new(new ChatRole("developer"), "Be brief."), new(ChatRole.User, "Hello")];
        await conversation.AskAsync(streaming, null, beginning);
        conversation.First = "a";

        Assert.Equal("b", await conversation.AnswererAsync(streaming, null, beginning));
        Assert.Equal("a", await conversation.AnswererAsync(streaming, null, beginning[0], new(ChatRole.User, "Bye")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_prompt_cache_key_names_the_conversation_wherever_it_stands(bool streaming)
    {
        var conversation = new Conversation(Answering("a"), Answering("b", CacheRead)) { First = "b" };
        await conversation.AskAsync(streaming, With("prompt_cache_key", "k"), new ChatMessage(ChatRole.User, "One beginning"));
        conversation.First = "a";

        foreach (var same in new[]
        {
            With("prompt_cache_key", "k"),
            With("extra_body", JsonSerializer.SerializeToElement(new { prompt_cache_key = "k" })),
            With("extra_body", new JsonObject { ["prompt_cache_key"] = "k" }),
        })
        {
            Assert.Equal("b", await conversation.AnswererAsync(streaming, same, new ChatMessage(ChatRole.User, "Another beginning")));
        }

        foreach (var other in new[]
        {
            With("prompt_cache_key", "other"),
            With("prompt_cache_key", 5),
            With("extra_body", JsonSerializer.SerializeToElement("k")),
            With("extra_body", new JsonObject { ["prompt_cache_key"] = 5 }),
            With("prompt_cache_key", "k").WithSessionId("s"),
        })
        {
            Assert.Equal("a", await conversation.AnswererAsync(streaming, other, new ChatMessage(ChatRole.User, "Another beginning")));
        }

        static ChatOptions With(string key, object value) => new() { AdditionalProperties = new() { [key] = value } };
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_model_of_a_conversation_has_a_home_of_its_own(bool streaming)
    {
        var conversation = new Conversation(Answering("a"), Answering("b"), Answering("c", model: "acme/small"), Answering("d", model: "acme/small"));
        var both = new RoutingPreferences { Models = ["acme/small"] };
        conversation.First = "b";
        await conversation.AskAsync(streaming, Session());
        conversation.First = "d";
        await conversation.AskAsync(streaming, Small());
        conversation.First = "none";

        var trace = (await conversation.AskAsync(streaming, Large().WithRouting(both))).Trace();

        Assert.Equal(["b", "a", "d", "c"], trace.Candidates.Select(candidate => candidate.Candidate.Endpoint.Tag));

        static ChatOptions Large() => new ChatOptions { ModelId = ModelId }.WithSessionId("s-1");
        static ChatOptions Small() => new ChatOptions { ModelId = "acme/small" }.WithSessionId("s-1");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_order_in_the_request_switches_it_off(bool streaming)
    {
        var conversation = new Conversation(Answering("a"), Answering("b"), Answering("c")) { First = "b" };
        await conversation.AskAsync(streaming, Session());
        conversation.First = "a";

        Assert.Equal("c", await conversation.AnswererAsync(streaming, Session().WithRouting(new() { Order = ["c"] })));
        Assert.Equal("b", await conversation.AnswererAsync(streaming, Session()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_ignores_its_home_goes_elsewhere(bool streaming)
    {
        var conversation = new Conversation(Answering("a"), Answering("b")) { First = "b" };
        await conversation.AskAsync(streaming, Session());

        Assert.Equal("a", await conversation.AnswererAsync(streaming, Session().WithRouting(new() { Ignore = ["b"] })));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Switched_off_it_does_nothing(bool streaming)
    {
        var conversation = new Conversation(options => options.Affinity.Enabled = false, Answering("a"), Answering("b", CacheRead)) { First = "b" };
        await conversation.AskAsync(streaming, Session());
        conversation.First = "a";

        Assert.Equal("a", await conversation.AnswererAsync(streaming, Session()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_provider_sees_the_session_id_and_the_callers_options_keep_it(bool streaming)
    {
        var endpoint = Answering("a");
        var options = Session();

        await new Conversation(endpoint).AskAsync(streaming, options);

        Assert.Null(endpoint.Client.Call.Options!.AdditionalProperties);
        Assert.Equal("s-1", options.GetSessionId());
        Assert.Null(new ChatOptions().GetSessionId());
    }

    [Fact]
    public void A_session_id_is_neither_blank_nor_longer_than_256_characters()
    {
        Assert.Equal(256, new ChatOptions().WithSessionId(new string('s', 256)).GetSessionId()!.Length);
        var tooLong = Assert.Throws<ArgumentException>(() => new ChatOptions().WithSessionId(new string('s', 257)));
        Assert.StartsWith("The session id has 257 characters; it may have at most 256.", tooLong.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ChatOptions().WithSessionId(" "));
    }
}
