using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.Dialects;

/// <summary>A conversation goes from provider to provider, between turns and in the middle of a tool loop, and none of them refuses it.</summary>
public sealed class HoppingTests
{
    // Who answers the question, and who goes on once the tools have run; '!' is down for that request, so that the next one answers.
    private static readonly (string Text, string First, string Second)[] Turns =
    [
        ("About Rome", "alpha", "alpha"),
        ("About Oslo", "beta", "beta"),
        ("About Lima", "gamma", "gamma"),
        ("About Bern", "delta", "delta"),
        ("Thanks for Bern", "alpha", "alpha"),
        ("About Kyiv", "beta", "gamma"),
        ("About Cork", "!alpha delta", "beta"),
        ("About Nice", "gamma", "!gamma alpha"),
        ("About Bonn", "delta", "!beta gamma"),
        ("About Graz", "!beta !gamma alpha", "delta"),
    ];

    [Theory, InlineData(false), InlineData(true)]
    public async Task Ten_turns_with_tools_and_reasoning_hop_between_four_dialects_and_every_server_takes_every_request(bool streaming)
    {
        await using var conversation = await Conversation.StartAsync(streaming);
        var (said, expected) = (new List<string>(), new List<string>());

        foreach (var (text, first, second) in Turns)
        {
            var (city, answering) = (text.Split(' ')[^1], second.Split(' ')[^1]);
            expected.Add(text.StartsWith("About", StringComparison.Ordinal)
                ? $"{answering}: weather of {city} and population of {city}"
                : $"{answering}: you said {text}");
            said.Add((await conversation.TurnAsync(text, first, second)).Trim());
        }

        Assert.Empty(Refusals(conversation));
        Assert.Equal(expected, said);
        Assert.Equal(10, conversation.History.Count(static message => message.Role == ChatRole.User));
        AssertSignaturesStayHome(conversation);
    }

    [Theory]
    [MemberData(nameof(Hops))]
    public async Task A_tool_loop_that_moves_in_its_middle_is_taken_by_the_next(string from, string to, bool streaming)
    {
        await using var conversation = await Conversation.StartAsync(streaming);

        var said = await conversation.TurnAsync("About Rome", from, to);

        Assert.Empty(Refusals(conversation));
        Assert.Equal($"{to}: weather of Rome and population of Rome", said.Trim());
        AssertSignaturesStayHome(conversation);
    }

    public static TheoryData<string, string, bool> Hops()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var from in Conversation.Names)
        {
            foreach (var to in Conversation.Names)
            {
                data.Add(from, to, false);
                data.Add(from, to, true);
            }
        }

        return data;
    }

    private static IEnumerable<string> Refusals(Conversation conversation) =>
        conversation.Servers.Values.SelectMany(static server => server.Refused.Select(request => $"{server.Name} #{request.Number} {request.Refusal!.Rule}: {request.Refusal.Message}"));

    private static void AssertSignaturesStayHome(Conversation conversation)
    {
        foreach (var (name, server) in conversation.Servers)
        {
            Assert.All(server.Requests, request => Assert.All(
                Conversation.Names.Where(other => other != name),
                other => Assert.DoesNotContain($"sig-{other}-", request.Body.GetRawText(), StringComparison.Ordinal)));
        }
    }
}
