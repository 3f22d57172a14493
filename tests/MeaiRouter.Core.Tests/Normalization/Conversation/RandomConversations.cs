using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Conversation;

/// <summary>Conversations in every disorder, in which every word is said once, and dialects of every strictness.</summary>
internal sealed class RandomConversations(int seed)
{
    private static readonly string[] Roles = ["user", "user", "assistant", "assistant", "tool", "tool", "system", "developer"];

    // Few, so that they repeat, and some that no provider takes.
    private static readonly string[] Ids = ["a", "b", "0", "not legal!", "", "abcDEF123", new string('x', 60)];

    private readonly Random _random = new(seed);
    private int _words;

    public List<string> Words { get; } = [];

    public List<ChatMessage> Messages() => [.. Enumerable.Range(0, _random.Next(0, 12)).Select(_ => Message())];

    public ChatOptions Options() => new()
    {
        Instructions = Chance(3) ? Word() : null,
        AdditionalProperties = Chance(5) ? Adapting.Extra("""{"cache_control":{"type":"ephemeral","ttl":"1h"}}""") : null,
        Tools = Chance(4) ? [AIFunctionFactory.Create(() => 1, new AIFunctionFactoryOptions { Name = "f", AdditionalProperties = Marks() })] : null,
    };

    public Dialect Dialect() => new("random")
    {
        Messages = new()
        {
            System = (SystemPlacement)_random.Next(4), TakesDeveloper = Chance(2), MustAlternate = Chance(2), MustBeginWithUser = Chance(2),
            UserMayFollowToolResult = Chance(2), TakesEmptyContent = Chance(2), TakesAuthorNames = Chance(2), Prefill = (PrefillForm)_random.Next(3), PrefillMayEndInSpace = Chance(2),
        },
        Tools = Chance(3)
            ? new() { FixedCallIds = true, MaxCallIdLength = 9, TakesMediaInResults = Chance(2) }
            : new() { TakesMediaInResults = Chance(2), SignatureStandIn = Chance(3) ? "unsigned" : null },
        Caching = new() { Marks = (CacheMarks)_random.Next(4), MaxBreakpoints = _random.Next(1, 4), TakesOneHour = Chance(2) },
    };

    private ChatMessage Message()
    {
        var role = Roles[_random.Next(Roles.Length)];
        var contents = Enumerable.Range(0, _random.Next(0, 4)).Select(_ => Content(role)).ToList();
        return new ChatMessage(new ChatRole(role), contents)
        {
            AuthorName = Chance(4) ? $"n{_random.Next(2)}" : null,
            AdditionalProperties = Chance(8) ? Marks() : null,
        };
    }

    private AIContent Content(string role)
    {
        AIContent content = role switch
        {
            "assistant" when Chance(2) => new FunctionCallContent(Id(), "f"),
            "tool" when !Chance(6) => Result(),
            "user" when Chance(6) => Result(),
            "assistant" when Chance(6) => new TextReasoningContent(Word()) { ProtectedData = "signed" },
            _ when Chance(8) => new DataContent(new byte[] { 1 }, "image/png"),
            _ when Chance(6) => new TextContent(Chance(2) ? "" : " \n"),
            _ => new TextContent(Word() + (Chance(6) ? " " : "")),
        };
        content.AdditionalProperties = Chance(6) ? Marks() : null;
        return content;
    }

    private FunctionResultContent Result() => new(
        Id(),
        _random.Next(4) switch
        {
            0 => new AIContent[] { new TextContent(Word()), new DataContent(new byte[] { 1 }, "image/png") },
            1 => new DataContent(new byte[] { 1 }, "image/png"),
            _ => Word(),
        });

    private string Id() => Ids[_random.Next(Ids.Length)];

    private string Word()
    {
        Words.Add($"<w{_words++}>");
        return Words[^1];
    }

    private AdditionalPropertiesDictionary Marks() =>
        Adapting.Extra(Chance(2) ? """{"cache_control":{"type":"ephemeral","ttl":"1h"},"x":1}""" : """{"prompt_cache_breakpoint":{"mode":"explicit"}}""");

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;
}
