using MeaiRouter.Dialects;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Normalization.Conversation.Adapting;

namespace MeaiRouter.Core.Tests.Normalization.Conversation;

/// <summary>An endpoint that wants signatures on tool calls gets a stand-in for those that another model made.</summary>
public sealed class CallSignatureTests
{
    private const string StandIn = """{"extra_content":{"google":{"thought_signature":"none"}}}""";
    private const string Note = "Tool calls without a signature, which the endpoint wants, were given the stand-in for calls of other models.";

    private static readonly Dialect Signing = new("signing") { Tools = new() { SignatureStandIn = "none" } };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_first_call_of_each_message_gets_the_stand_in_unless_it_is_signed(bool streaming)
    {
        const string Own = """{"extra_content":{"google":{"thought_signature":"own"}}}""";
        var (signed, half) = (Call("c"), Call("e"));
        signed.AdditionalProperties = Extra(Own);
        half.AdditionalProperties = Extra("""{"extra_content":{"google":{"x":1}},"y":2}""");

        var sent = await Signing.SendAsync(
            streaming, null, User("Go"), Assistant(new TextContent("So"), Call("a"), Call("b")), Tool(Result("a", "1"), Result("b", "2")),
            Assistant(signed, Call("d")), Tool(Result("c", "3"), Result("d", "4")), Assistant(half), Tool(Result("e", "5")));

        Assert.Equal(
            [
                "user: Go", $"assistant: So + f#a {StandIn} + f#b", "tool: a=1 + b=2", $"assistant: f#c {Own} + f#d", "tool: c=3 + d=4",
                """assistant: f#e {"y":2,"extra_content":{"google":{"x":1,"thought_signature":"none"}}}""", "tool: e=5",
            ],
            sent.Lines);
        Assert.Equal([Note], sent.Notes.Distinct());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_signature_of_another_provider_is_replaced(bool streaming)
    {
        var call = Call("a");
        call.AdditionalProperties = Extra("""{"extra_content":{"google":{"thought_signature":"theirs"}}}""");
        var own = Signing with { Reasoning = new() { OwnFormats = [] } };

        var sent = await own.SendAsync(streaming, null, User("Go"), Assistant(call), Tool(Result("a", "1")));

        Assert.Equal($"assistant: f#a {StandIn}", sent.Lines[1]);
        Assert.Equal(["Signatures of another provider on tool calls were left out.", Note], sent.Notes);
    }

    [Fact]
    public async Task Endpoints_that_want_none_and_conversations_without_calls_are_left_alone()
    {
        var plain = await Plain.SendAsync(User("Go"), Assistant(Call("a")), Tool(Result("a", "1")));
        var silent = await Signing.SendAsync(User("Go"), Assistant("Yes"), User("On"));

        Assert.Equal(["user: Go", "assistant: f#a", "tool: a=1"], plain.Lines);
        Assert.Empty(plain.Notes.Concat(silent.Notes));
    }
}
