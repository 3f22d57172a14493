using System.Text.RegularExpressions;
using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Conversation;

/// <summary>Reads a conversation as a provider with a dialect would, on its own and from the rules alone, and says what it would refuse.</summary>
internal static class StrictProvider
{
    public static void Check(Dialect dialect, IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        var rules = dialect.Messages;
        var roles = messages.Select(message => message.Role.Value).ToList();
        var isSystem = roles.ConvertAll(role => role is "system" or "developer");
        var talk = messages.Where((_, i) => !isSystem[i]).ToList();
        var talkers = talk.ConvertAll(message => message.Role.Value);

        Assert.True(rules.TakesDeveloper || !roles.Contains("developer"), "unknown role developer");
        if (rules.System != SystemPlacement.Anywhere)
            Assert.False(isSystem.SkipWhile(system => system).Contains(true), "system in the middle");
        if (rules.System == SystemPlacement.OneLeading)
            Assert.InRange(isSystem.Count(system => system) + (string.IsNullOrWhiteSpace(options.Instructions) ? 0 : 1), 0, 1);
        if (rules.System == SystemPlacement.Nowhere)
            Assert.True(!isSystem.Contains(true) && string.IsNullOrWhiteSpace(options.Instructions), "unknown role system");

        if (rules.MustBeginWithUser)
            Assert.Equal("user", talkers[0]);
        for (var i = 1; i < talkers.Count; i++)
        {
            Assert.False(rules.MustAlternate && talkers[i] == talkers[i - 1] && talkers[i] != "tool", "turns");
            Assert.False(!rules.UserMayFollowToolResult && talkers[i - 1] == "tool" && talkers[i] == "user", "user after tool");
        }

        Assert.True(rules.TakesAuthorNames || messages.All(message => message.AuthorName is null), "names");
        if (!rules.TakesEmptyContent)
        {
            Assert.All(messages, message => Assert.NotEmpty(message.Contents));
            Assert.DoesNotContain(messages.SelectMany(message => message.Contents), content => content is TextContent text && text.Text.Trim() == "");
        }

        if (messages is [.., { } last] && last.Role == ChatRole.Assistant)
        {
            Assert.NotEqual(PrefillForm.Refused, rules.Prefill);
            Assert.Equal(rules.Prefill == PrefillForm.Marked, Adapting.Lines([last])[0].Contains("\"prefix\":true"));
        }

        if (!rules.PrefillMayEndInSpace && messages is [.., { } end] && end.Role == ChatRole.Assistant && end.Contents is [.., TextContent ending])
            Assert.Equal(ending.Text.TrimEnd(), ending.Text);

        CheckTools(dialect, messages);
        CheckMarks(dialect, messages, options);
    }

    private static void CheckTools(Dialect dialect, IReadOnlyList<ChatMessage> messages)
    {
        var legal = dialect.Tools.FixedCallIds ? $"^[a-zA-Z0-9]{{{dialect.Tools.MaxCallIdLength}}}$" : $"^[a-zA-Z0-9_-]{{1,{dialect.Tools.MaxCallIdLength}}}$";
        var awaited = new Queue<string>();
        var seen = new HashSet<string>();
        foreach (var message in messages)
        {
            if (message.Role != ChatRole.Tool)
                Assert.Empty(awaited);
            else
                Assert.NotEmpty(message.Contents);
            foreach (var content in message.Contents)
            {
                if (message.Role == ChatRole.Tool)
                    Assert.IsType<FunctionResultContent>(content);
                if (content is FunctionResultContent result)
                {
                    Assert.Equal(ChatRole.Tool, message.Role);
                    Assert.Equal(awaited.Dequeue(), result.CallId);
                    Assert.False(!dialect.Tools.TakesMediaInResults && HoldsData(result.Result), "media in a result");
                }
                else if (content is FunctionCallContent call)
                {
                    if (ReferenceEquals(call, message.Contents.OfType<FunctionCallContent>().First()))
                        Assert.Equal(dialect.Tools.SignatureStandIn is not null, Adapting.Lines([message])[0].Contains("thought_signature"));
                    Assert.Matches(legal, call.CallId);
                    Assert.True(seen.Add(call.CallId), "an id twice");
                    awaited.Enqueue(call.CallId);
                }
            }
        }

        Assert.Empty(awaited);
    }

    private static bool HoldsData(object? result) => result is DataContent || (result is IEnumerable<AIContent> parts && parts.OfType<DataContent>().Any());

    private static void CheckMarks(Dialect dialect, IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        var onTools = Adapting.Extras(new ChatOptions { Tools = options.Tools });
        var whole = string.Concat(Adapting.Lines(messages)) + onTools;
        Assert.DoesNotContain("cache", Adapting.Extras(new ChatOptions { AdditionalProperties = options.AdditionalProperties }));
        Assert.DoesNotContain("cache", string.Concat(messages.Select(message => Adapting.Lines([new ChatMessage { AdditionalProperties = message.AdditionalProperties }])[0])));

        var marks = Regex.Count(whole, "cache_control");
        var breakpoints = Regex.Count(whole, "prompt_cache_breakpoint");
        Assert.InRange(marks, 0, dialect.Caching.Marks switch { CacheMarks.OnParts => dialect.Caching.MaxBreakpoints, CacheMarks.LastPart => 1, _ => 0 });
        Assert.InRange(breakpoints, 0, dialect.Caching.Marks == CacheMarks.Breakpoints ? dialect.Caching.MaxBreakpoints : 0);
        Assert.True(dialect.Caching.TakesOneHour || !whole.Contains("ttl"), "ttl");
        Assert.True(dialect.Caching.Marks == CacheMarks.OnParts || !onTools.Contains("cache"), "a mark on a tool");
    }
}
