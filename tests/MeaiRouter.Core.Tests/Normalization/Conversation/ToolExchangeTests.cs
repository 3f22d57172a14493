using MeaiRouter.Dialects;
using MeaiRouter.Normalization.Conversation;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Normalization.Conversation.Adapting;

namespace MeaiRouter.Core.Tests.Normalization.Conversation;

/// <summary>Histories as callers really have them, and what a strict provider is sent of them.</summary>
public sealed class ToolExchangeTests
{
    private const string Moved = "Results of tools were put directly after their calls, in the order of these.";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Results_in_another_order_and_behind_other_words_are_put_after_their_calls(bool streaming)
    {
        var sent = await Plain.SendAsync(
            streaming, null, User("Go"), Assistant(Call("a", "f"), Call("b", "g")), User("Hurry"), Tool(Result("b", "2")), Tool(Result("a", "1")), Assistant("Done"));

        Assert.Equal(["user: Go", "assistant: f#a + g#b", "tool: a=1", "tool: b=2", "user: Hurry", "assistant: Done"], sent.Lines);
        Assert.Equal([Moved], sent.Notes);
    }

    [Fact]
    public async Task A_result_before_its_call_is_put_after_it()
    {
        var sent = await Plain.SendAsync(User("Go"), Tool(Result("a", "1")), Assistant(Call("a")));

        Assert.Equal(["user: Go", "assistant: f#a", "tool: a=1"], sent.Lines);
        Assert.Equal([Moved], sent.Notes);
    }

    [Fact]
    public async Task Results_in_one_message_stay_in_one()
    {
        ChatMessage[] messages = [User("Go"), Assistant(Call("a"), Call("b")), Tool(Result("a", "1"), Result("b", "2"))];

        var sent = await Plain.SendAsync(messages);

        Assert.Equal(messages, sent.Messages);
        Assert.Empty(sent.Notes);
    }

    [Fact]
    public async Task Results_beside_the_words_of_the_user_become_messages_of_tools()
    {
        var sent = await Plain.SendAsync(User("Go"), Assistant(Call("a")), new ChatMessage(ChatRole.User, [Result("a", "1"), new TextContent("And now?")]));

        Assert.Equal(["user: Go", "assistant: f#a", "tool: a=1", "user: And now?"], sent.Lines);
        Assert.Equal([Moved], sent.Notes);
    }

    [Fact]
    public async Task A_call_without_a_result_gets_one_that_says_so()
    {
        var sent = await Plain.SendAsync(User("Go"), Assistant(Call("a"), Call("b"), Call("c")), Tool(Result("b", "2")), User("Never mind"), Assistant(Call("d")));

        Assert.Equal(
            [
                "user: Go", "assistant: f#a + f#b + f#c", "tool: a=No result was given for this call.", "tool: b=2 + c=No result was given for this call.",
                "user: Never mind", "assistant: f#d", "tool: d=No result was given for this call.",
            ],
            sent.Lines);
        Assert.Equal(["Calls of tools without a result were given one that says so: 3."], sent.Notes);
    }

    [Fact]
    public async Task What_a_result_without_a_call_says_becomes_the_users_words()
    {
        var sent = await Plain.SendAsync(
            Tool(Result("gone", "1")), Tool(Result("json", new { x = 1 })), Tool(Result("rich", new AIContent[] { new TextContent("t"), new DataContent(new byte[1], "image/png") })), User("Go"));

        Assert.Equal(
            [
                "user: Result of a tool call that is not part of this conversation (gone):\n1",
                "user: Result of a tool call that is not part of this conversation (json):\n{\"x\":1}",
                "user: Result of a tool call that is not part of this conversation (rich): + t + [image/png]",
                "user: Go",
            ],
            sent.Lines);
        Assert.Equal(["Results of tool calls that the conversation does not hold became the user's words: 3."], sent.Notes);
    }

    [Fact]
    public async Task A_further_result_of_a_call_becomes_the_users_words_unless_it_says_the_same()
    {
        var sent = await Plain.SendAsync(User("Go"), Assistant(Call("a", "weather")), Tool(Result("a", "1")), Tool(Result("a", "1")), Tool(Result("a", "2")));

        Assert.Equal(["user: Go", "assistant: weather#a", "tool: a=1", "user: A further result of the tool weather:\n2"], sent.Lines);
        Assert.Equal(["Further results of tool calls that had one became the user's words, or were left out where they said the same: 2."], sent.Notes);
    }

    [Fact]
    public async Task Ids_that_repeat_from_turn_to_turn_are_told_apart_and_each_result_stays_with_its_call()
    {
        ChatMessage[] turn = [Assistant(Call("0", "f"), Call("0", "g")), Tool(Result("0", "1")), Tool(Result("0", "2"))];

        var sent = await Plain.SendAsync([User("Go"), .. turn, User("Again"), Assistant(Call("0", "h")), Tool(Result("0", "3"))]);

        var calls = sent.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
        var results = sent.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().ToList();
        Assert.Equal(["f", "g", "h"], calls.Select(call => call.Name));
        Assert.Equal(["1", "2", "3"], results.Select(result => result.Result));
        Assert.Equal(calls.Select(call => call.CallId), results.Select(result => result.CallId));
        Assert.Equal("0", calls[0].CallId);
        Assert.Equal(3, calls.Select(call => call.CallId).Distinct().Count());
        Assert.Equal(["Tool calls with the id of an earlier one got ids of their own."], sent.Notes);

        // A growing conversation keeps its beginning to the letter, and with it the provider's prompt cache.
        var grown = await Plain.SendAsync([User("Go"), .. turn, User("Again"), Assistant(Call("0", "h")), Tool(Result("0", "3")), Assistant("Done"), User("Bye")]);
        Assert.Equal(sent.Lines, grown.Lines[..sent.Lines.Length]);
    }

    [Fact]
    public async Task Messages_of_tools_without_a_result_are_the_users()
    {
        var sent = await Plain.SendAsync(User("Go"), Tool(new TextContent("42")), Tool());

        Assert.Equal(["user: Go", "user: 42"], sent.Lines);
        Assert.Equal(["Messages of tools without a result were sent as the user's, or left out where they were empty: 2."], sent.Notes);
    }

    [Fact]
    public async Task Nothing_is_put_in_order_around_messages_that_only_the_providers_client_understands()
    {
        ChatMessage[] messages = [User("Go"), new ChatMessage { Role = ChatRole.Assistant, RawRepresentation = "calls a" }, Tool(Result("a", "1"))];

        Assert.Equal(messages, (await Plain.SendAsync(messages)).Messages);
    }

    [Fact]
    public async Task The_copy_of_a_changed_message_does_not_carry_the_providers_own_form_of_it()
    {
        var message = Assistant(Call("not legal!"));
        message.RawRepresentation = "verbatim";

        var sent = await Plain.SendAsync(User("Go"), message, Tool(Result("not legal!", "1")));

        Assert.Null(sent.Messages[1].RawRepresentation);
        Assert.Equal("verbatim", message.RawRepresentation);
    }

    [Fact]
    public async Task Where_the_user_may_not_follow_a_result_the_assistant_acknowledges_it()
    {
        var mistral = new Dialect("mistral") { Messages = new() { UserMayFollowToolResult = false } };

        var sent = await mistral.SendAsync(User("Go"), Assistant(Call("a")), Tool(Result("a", "1")), User("And?"));

        Assert.Equal(["user: Go", "assistant: f#a", "tool: a=1", "assistant: I have the results.", "user: And?"], sent.Lines);
        Assert.Equal(["Between the results of tools and the user's words the assistant was made to acknowledge them."], sent.Notes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Media_in_results_follow_in_a_message_of_the_user_where_results_are_text(bool taken)
    {
        var dialect = new Dialect("d") { Tools = new() { TakesMediaInResults = taken } };
        var image = new DataContent(new byte[1], "image/png");
        ChatMessage[] messages =
        [
            User("Go"), Assistant(Call("a", "shot"), Call("b", "read")), Tool(Result("a", new AIContent[] { new TextContent("t"), image })), Tool(Result("b", image)), Assistant("Done"),
        ];

        var sent = await dialect.SendAsync(messages);

        if (taken)
        {
            Assert.Equal(messages, sent.Messages);
            return;
        }

        const string Follows = "(What else the tool returned follows in the user's message.)";
        Assert.Equal(
            [
                "user: Go", "assistant: shot#a + read#b", $"tool: a=[t, {Follows}]", $"tool: b={Follows}",
                "user: The tool shot returned: + [image/png] + The tool read returned: + [image/png]", "assistant: Done",
            ],
            sent.Lines);
        Assert.Equal(["Media in the results of tools were sent in a message of the user that follows."], sent.Notes);
    }
}
