using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization.Conversation;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Normalization.Conversation.Adapting;

namespace MeaiRouter.Core.Tests.Normalization.Conversation;

/// <summary>Who may speak where.</summary>
public sealed class RoleTests
{
    private static readonly ChatMessage[] Scattered = [BySystem("One"), BySystem("Two"), User("Hi"), Assistant("Yes?"), BySystem("Three"), User("Go")];

    public static TheoryData<SystemPlacement, string[], string?, int> Placements => new()
    {
        { SystemPlacement.Anywhere, ["system: One", "system: Two", "user: Hi", "assistant: Yes?", "system: Three", "user: Go"], "Zero", 0 },
        { SystemPlacement.Leading, ["system: One", "system: Two", "user: Hi", "assistant: Yes?", "user: <system>\nThree\n</system>", "user: Go"], "Zero", 1 },
        { SystemPlacement.OneLeading, ["system: Zero\n\nOne\n\nTwo", "user: Hi", "assistant: Yes?", "user: <system>\nThree\n</system>", "user: Go"], null, 2 },
        { SystemPlacement.Nowhere, ["user: Zero\n\nOne\n\nTwo\n\nHi", "assistant: Yes?", "user: <system>\nThree\n</system>", "user: Go"], null, 2 },
    };

    [Theory]
    [MemberData(nameof(Placements))]
    public async Task The_system_speaks_where_the_endpoint_lets_it(SystemPlacement placement, string[] expected, string? instructions, int notes)
    {
        var dialect = new Dialect("d") { Messages = new() { System = placement } };

        foreach (var streaming in (bool[])[false, true])
        {
            var sent = await dialect.SendAsync(streaming, new ChatOptions { Instructions = "Zero" }, Scattered);

            Assert.Equal(expected, sent.Lines);
            Assert.Equal(instructions, sent.Options?.Instructions);
            Assert.Equal(notes, sent.Notes.Count);
        }
    }

    [Fact]
    public async Task Instructions_alone_are_one_leading_message()
    {
        var dialect = new Dialect("d") { Messages = new() { System = SystemPlacement.OneLeading } };

        var sent = await dialect.SendAsync(false, new ChatOptions { Instructions = "Zero" }, User("Hi"));

        Assert.Equal(("Zero", "user: Hi"), (sent.Options!.Instructions, sent.Lines.Single()));
        Assert.Empty(sent.Notes);
    }

    [Fact]
    public async Task Where_the_assistant_begins_the_systems_words_become_the_first_users()
    {
        var dialect = new Dialect("d") { Messages = new() { System = SystemPlacement.Nowhere } };

        var sent = await dialect.SendAsync(BySystem("Be kind."), Assistant("Hello"), User("Hi"));

        Assert.Equal(["user: Be kind.", "assistant: Hello", "user: Hi"], sent.Lines);
    }

    [Theory]
    [InlineData(false, "system: Be kind.")]
    [InlineData(true, "developer: Be kind.")]
    public async Task The_developer_is_the_system_where_the_role_is_unknown(bool taken, string expected)
    {
        var dialect = new Dialect("d") { Messages = new() { TakesDeveloper = taken } };

        var sent = await dialect.SendAsync(new ChatMessage(new ChatRole("developer"), "Be kind."), User("Hi"));

        Assert.Equal([expected, "user: Hi"], sent.Lines);
        Assert.Equal(taken ? [] : ["Messages of the role developer were sent as the system's."], sent.Notes);
    }

    [Fact]
    public async Task Messages_of_one_speaker_in_a_row_are_sent_as_one()
    {
        var dialect = new Dialect("d") { Messages = new() { MustAlternate = true } };
        var image = new DataContent(new byte[1], "image/png");

        var sent = await dialect.SendAsync(
            User("a"), new ChatMessage(ChatRole.User, [image]), User("b"), Assistant("c"), Assistant(new TextContent("d"), Call("x")), Tool(Result("x", "1")), Tool(), User("e"));

        Assert.Equal(["user: a + [image/png] + b", "assistant: c\n\nd + f#x", "tool: x=1", "user: e"], sent.Lines);
        Assert.Contains("Messages of the same speaker in a row were sent as one.", sent.Notes);
    }

    [Fact]
    public async Task Who_said_what_stays_known_when_messages_of_several_users_become_one()
    {
        var dialect = new Dialect("d") { Messages = new() { MustAlternate = true } };
        ChatMessage Named(string name, string text) => new(ChatRole.User, text) { AuthorName = name };

        Assert.Equal(["user: Ann: a\n\nBob: b\n\nAnn: c"], (await dialect.SendAsync(Named("Ann", "a"), Named("Bob", "b"), Named("Ann", "c"))).Lines);
        Assert.Equal(["user(Ann): a\n\nb"], (await dialect.SendAsync(Named("Ann", "a"), Named("Ann", "b"))).Lines);
    }

    [Fact]
    public async Task Names_that_are_not_taken_stand_before_the_users_words_and_nobody_elses()
    {
        var dialect = new Dialect("d") { Messages = new() { TakesAuthorNames = false } };
        ChatMessage Named(ChatRole role, string name, AIContent content) => new(role, [content]) { AuthorName = name };

        var sent = await dialect.SendAsync(
            Named(ChatRole.User, "Ann", new TextContent("a")), Named(ChatRole.Assistant, "bot", new TextContent("b")),
            Named(ChatRole.User, "Bob", new DataContent(new byte[1], "image/png")));

        Assert.Equal(["user: Ann: a", "assistant: b", "user: Bob: + [image/png]"], sent.Lines);
        Assert.Equal(["Names of authors were left out; those of users stand before their words."], sent.Notes);
    }

    [Fact]
    public async Task Where_the_user_must_begin_he_is_made_to()
    {
        var dialect = new Dialect("d") { Messages = new() { MustBeginWithUser = true } };

        Assert.Equal(
            ["system: s", "user: (The user has not spoken yet.)", "assistant: Hello", "user: Hi"],
            (await dialect.SendAsync(BySystem("s"), Assistant("Hello"), User("Hi"))).Lines);
        var onlySystem = await dialect.SendAsync(BySystem("s"));
        Assert.Equal(["system: s", "user: (The user has not spoken yet.)"], onlySystem.Lines);
        Assert.Equal(["A message of the user was put at the beginning, because the conversation has none there."], onlySystem.Notes);
    }

    [Fact]
    public async Task What_says_nothing_is_left_out_where_it_would_be_refused()
    {
        var dialect = new Dialect("d") { Messages = new() { TakesEmptyContent = false } };

        var sent = await dialect.SendAsync(
            User(""), Assistant(new TextContent(" "), Call("a")), Tool(Result("a", "")), Assistant(), new ChatMessage(ChatRole.User, [new TextContent("Hi"), new TextContent("\n")]));

        Assert.Equal(["assistant: f#a", "tool: a=", "user: Hi"], sent.Lines);
        Assert.Equal(["Messages and texts that say nothing were left out."], sent.Notes);
        Assert.Equal(["system: s", "user: (no words)"], (await dialect.SendAsync(BySystem("s"), User(""), User(" "))).Lines);
        Assert.Equal(["user: "], (await Plain.SendAsync(User(""))).Lines);
    }

    [Theory]
    [InlineData(PrefillForm.AsItIs, "assistant: Once upon", 0)]
    [InlineData(PrefillForm.Marked, "assistant: Once upon {\"prefix\":true}", 1)]
    public async Task A_last_message_of_the_assistants_is_marked_where_the_endpoint_wants_it(PrefillForm form, string expected, int notes)
    {
        var dialect = new Dialect("d") { Messages = new() { Prefill = form } };

        var sent = await dialect.SendAsync(User("Tell"), Assistant("Once upon"));

        Assert.Equal(["user: Tell", expected], sent.Lines);
        Assert.Equal(notes, sent.Notes.Count);
    }

    [Theory]
    [InlineData(PrefillForm.AsItIs, "assistant: One,", 1)]
    [InlineData(PrefillForm.Marked, "assistant: One, {\"prefix\":true}", 2)]
    public async Task White_space_at_the_end_of_a_last_message_of_the_assistants_is_cut_off_where_it_is_refused(PrefillForm form, string expected, int notes)
    {
        var dialect = new Dialect("d") { Messages = new() { Prefill = form, PrefillMayEndInSpace = false } };
        foreach (var streaming in (bool[])[false, true])
        {
            var sent = await dialect.SendAsync(streaming, null, User("Count "), Assistant("One,\n "));
            var earlier = await dialect.SendAsync(streaming, null, Assistant("One, "), User("Go on "));

            Assert.Equal(["user: Count ", expected], sent.Lines);
            Assert.Equal(notes, sent.Notes.Count);
            Assert.Equal(["assistant: One, ", "user: Go on "], earlier.Lines);
            Assert.Empty(earlier.Notes);
        }
    }

    [Fact]
    public async Task A_last_message_of_the_assistants_is_refused_where_the_endpoint_does_not_take_it()
    {
        var dialect = new Dialect("d") { Messages = new() { Prefill = PrefillForm.Refused } };

        var refusal = await dialect.RefuseAsync(User("Tell"), Assistant("Once upon"));

        Assert.Equal(
            "The dialect 'd' takes no last message of the assistant's, and messages[1] is one. End with the user's words, or choose an endpoint that continues answers.",
            refusal.Message);
    }

    [Fact]
    public void A_conversation_that_needs_no_change_goes_out_as_the_same_list_with_the_same_options()
    {
        ChatMessage[] messages =
        [
            BySystem("s"), User("Go"), Assistant(new TextReasoningContent("Hm") { ProtectedData = "signed" }, Call("a"), Call("b")),
            Tool(Result("a", "1"), Result("b", "2")), Assistant("Done"), new(ChatRole.User, [new TextContent("See"), new DataContent(new byte[1], "image/png")]),
        ];
        var options = new ChatOptions { Instructions = "i", Tools = [AIFunctionFactory.Create(() => 1, "f")] };
        var given = options;
        foreach (var dialect in (Dialect[])[Plain, new Dialect("strict") { Messages = new() { System = SystemPlacement.Leading, MustAlternate = true, MustBeginWithUser = true, UserMayFollowToolResult = false, TakesEmptyContent = false, TakesAuthorNames = false, Prefill = PrefillForm.Refused } }])
        {
            Assert.Same(messages, ConversationAdapter.Adapt(messages, ref options, To(dialect)));
            Assert.Same(given, options);
        }
    }

    [Fact]
    public void Looking_at_a_conversation_that_needs_no_change_allocates_nothing()
    {
        ChatMessage[] messages = [BySystem("s"), User("Go"), Assistant(Call("a")), Tool(Result("a", "1")), Assistant("Done"), User("Bye")];
        var options = new ChatOptions();
        var destination = To(Plain);
        for (var i = 0; i < 100; i++)
            ConversationAdapter.Adapt(messages, ref options, destination);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            ConversationAdapter.Adapt(messages, ref options, destination);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task A_refusal_lets_another_endpoint_be_tried_and_names_the_one_that_refused()
    {
        var refusing = new Dialect("d") { Messages = new() { Prefill = PrefillForm.Refused } };
        FakeChatClient[] providers = [FakeChatClient.Answering("no"), FakeChatClient.Answering("yes")];
        var catalog = new MeaiRouter.Catalog.ModelCatalog(
            [new MeaiRouter.Catalog.Model("m") { Endpoints = [new("a", "x") { Dialect = refusing, Price = TestPipeline.Price(0) }, new("b", "y") { Price = TestPipeline.Price(1) }] }]);
        var pipeline = new RouterChatClient(
            new MeaiRouter.Fallback.FallbackChatClient(new MeaiRouter.Normalization.NormalizingChatClient(TestPipeline.Endpoint(providers))), catalog, new RoutingOptions { Strategy = new CheapestFirst() });

        var response = await pipeline.GetResponseAsync([User("Tell"), Assistant("Once")], new() { ModelId = "m" });

        Assert.Equal("yes", response.Text);
        Assert.Empty(providers[0].Calls);
        Assert.Equal(["a Failed Unsupported", "b Answered"], response.Trace().Attempts.Told());
    }
}
