using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using MeaiRouter.Attempts;
using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Requests;

/// <summary>Names of tools as an endpoint takes them, and back.</summary>
internal static class ToolNames
{
    private const string Letters = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const int DigestLength = 8;

    // Only names of one or two characters come near it.
    private const int MostAttempts = 1_000;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-");

    /// <summary>A legal name for every illegal one in declarations, choice and conversation; <see langword="null"/> if there is none.</summary>
    /// <remarks>A name becomes part of itself and a digest: the same in every turn, whatever other tools there are, so that prompt caches keep hitting.</remarks>
    public static ToolNameMap? MapOf(IReadOnlyList<ChatMessage> messages, ChatOptions options, ChatToolMode? choice, ToolRules rules) =>
        AreLegal(messages, options, choice, rules) ? null : Map(messages, options, choice, rules);

    /// <summary>The messages with every call under the name that is sent; the same list where none was replaced.</summary>
    public static IReadOnlyList<ChatMessage> Send(IReadOnlyList<ChatMessage> messages, ToolNameMap names)
    {
        List<ChatMessage>? adapted = null;
        for (var i = 0; i < messages.Count; i++)
        {
            if (Renamed(messages[i].Contents, names.Sent) is not { } contents)
                continue;

            adapted ??= [.. messages];
            adapted[i] = messages[i].Clone();
            adapted[i].Contents = contents;
            adapted[i].RawRepresentation = null; // It would be sent instead, with the names that are refused.
        }

        return adapted ?? messages;
    }

    /// <summary>Gives the calls of an answer the caller's names again.</summary>
    public static void Restore(ChatResponse response, ToolNameMap? names)
    {
        if (names is null)
            return;
        foreach (var message in response.Messages)
            message.Contents = Renamed(message.Contents, names.Original) ?? message.Contents;
    }

    /// <summary>The update with the caller's names; the same instance where none was replaced.</summary>
    public static ChatResponseUpdate? Restore(ChatResponseUpdate? update, ToolNameMap? names)
    {
        if (names is null || update is null || Renamed(update.Contents, names.Original) is not { } contents)
            return update;

        var restored = update.Clone();
        restored.Contents = contents;
        return restored;
    }

    private static ToolNameMap Map(IReadOnlyList<ChatMessage> messages, ChatOptions options, ChatToolMode? choice, ToolRules rules)
    {
        // In one order, whatever that of the tools: which of two names keeps its digest must not depend on it.
        var names = NamesIn(messages, options, choice).ToHashSet(StringComparer.Ordinal);
        var taken = names.Where(name => IsLegal(name, rules)).ToHashSet(StringComparer.Ordinal);
        var sent = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names.Where(name => !IsLegal(name, rules)).Order(StringComparer.Ordinal))
            sent[name] = Legal(name, rules, taken);
        return new ToolNameMap(sent);
    }

    private static List<AIContent>? Renamed(IList<AIContent> contents, Func<string, string> rename)
    {
        List<AIContent>? renamed = null;
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is FunctionCallContent call && rename(call.Name) is var name && name != call.Name)
                (renamed ??= [.. contents])[i] = WithName(call, name);
        }

        return renamed;
    }

    private static FunctionCallContent WithName(FunctionCallContent call, string name) => new(call.CallId, name, call.Arguments)
    {
        Exception = call.Exception,
        InformationalOnly = call.InformationalOnly,
        Annotations = call.Annotations,
        RawRepresentation = call.RawRepresentation,
        AdditionalProperties = call.AdditionalProperties,
    };

    // Indexed on purpose: every request comes through here.
    private static bool AreLegal(IReadOnlyList<ChatMessage> messages, ChatOptions options, ChatToolMode? choice, ToolRules rules)
    {
        for (var i = 0; i < options.Tools?.Count; i++)
        {
            if (options.Tools[i] is AIFunctionDeclaration function && !IsLegal(function.Name, rules))
                return false;
        }

        if (choice is RequiredChatToolMode { RequiredFunctionName: { } chosen } && !IsLegal(chosen, rules))
            return false;

        for (var i = 0; i < messages.Count; i++)
        {
            var contents = messages[i].Contents;
            for (var j = 0; j < contents.Count; j++)
            {
                if (contents[j] is FunctionCallContent call && !IsLegal(call.Name, rules))
                    return false;
            }
        }

        return true;
    }

    private static IEnumerable<string> NamesIn(IReadOnlyList<ChatMessage> messages, ChatOptions options, ChatToolMode? choice)
    {
        foreach (var function in options.Tools?.OfType<AIFunctionDeclaration>() ?? [])
            yield return function.Name;
        if (choice is RequiredChatToolMode { RequiredFunctionName: { } chosen })
            yield return chosen;
        foreach (var call in messages.SelectMany(static message => message.Contents).OfType<FunctionCallContent>())
            yield return call.Name;
    }

    private static bool IsLegal(string name, ToolRules rules) =>
        name.Length > 0 && name.Length <= rules.MaxNameLength
        && (!rules.NamesBeginWithLetter || IsBeginning(name[0]))
        && !name.AsSpan().ContainsAnyExcept(Allowed);

    private static string Legal(string name, ToolRules rules, HashSet<string> taken)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var candidate = Candidate(name, attempt, rules);
            if (taken.Add(candidate))
                return candidate;
        }

        throw new RouterException(
            FailureKind.Unsupported, $"The tool '{name}' gets no name of its own within the {rules.MaxNameLength} characters the endpoint takes. Remedy: send fewer tools.");
    }

    private static string Candidate(string name, int attempt, ToolRules rules)
    {
        var digest = Digest(attempt == 0 ? name : $"{name}\n{attempt}");
        var readable = new StringBuilder(name.Length + 1);
        if (rules.NamesBeginWithLetter && (name.Length == 0 || !IsBeginning(name[0])))
            readable.Append('_');
        foreach (var character in name)
            readable.Append(Allowed.Contains(character) ? character : '_');

        var room = rules.MaxNameLength - DigestLength - 1;
        return room <= 0
            ? (rules.NamesBeginWithLetter ? "_" + digest : digest)[..Math.Min(digest.Length, rules.MaxNameLength)]
            : $"{readable.ToString(0, Math.Min(readable.Length, room))}_{digest}";
    }

    private static string Digest(string name) => string.Create(DigestLength, SHA256.HashData(Encoding.UTF8.GetBytes(name)), static (letters, hash) =>
    {
        for (var i = 0; i < letters.Length; i++)
            letters[i] = Letters[hash[i] % Letters.Length];
    });

    private static bool IsBeginning(char character) => char.IsAsciiLetter(character) || character == '_';
}
