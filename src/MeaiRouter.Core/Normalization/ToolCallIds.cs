using System.Security.Cryptography;
using System.Text;
using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization;

/// <summary>Makes the ids of tool calls acceptable to the endpoint.</summary>
internal static class ToolCallIds
{
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>The messages with every id the endpoint would refuse replaced; the same list if it would refuse none.</summary>
    /// <remarks>An id becomes a digest of itself: a call and its result keep matching, and a prompt cache keeps hitting.</remarks>
    public static IReadOnlyList<ChatMessage> Adapt(IReadOnlyList<ChatMessage> messages, Dialect dialect, RouteNotes notes)
    {
        List<ChatMessage>? adapted = null;
        for (var i = 0; i < messages.Count; i++)
        {
            if (!HasIllegalId(messages[i].Contents, dialect))
                continue;

            adapted ??= [.. messages];
            adapted[i] = messages[i].Clone();
            adapted[i].Contents = [.. messages[i].Contents.Select(content => Adapt(content, dialect))];
        }

        if (adapted is null)
            return messages;

        notes.Add($"Tool-call ids that the dialect '{dialect.Name}' does not take were rewritten.");
        return adapted;
    }

    private static AIContent Adapt(AIContent content, Dialect dialect) => content switch
    {
        FunctionCallContent call when !IsLegal(call.CallId, dialect) => WithId(call, Digest(call.CallId, dialect)),
        FunctionResultContent result when !IsLegal(result.CallId, dialect) => WithId(result, Digest(result.CallId, dialect)),
        _ => content,
    };

    private static bool HasIllegalId(IList<AIContent> contents, Dialect dialect)
    {
        for (var i = 0; i < contents.Count; i++)
        {
            var isIllegal = contents[i] switch
            {
                FunctionCallContent call => !IsLegal(call.CallId, dialect),
                FunctionResultContent result => !IsLegal(result.CallId, dialect),
                _ => false,
            };
            if (isIllegal)
                return true;
        }

        return false;
    }

    private static bool IsLegal(string id, Dialect dialect)
    {
        if (dialect.Tools.FixedCallIds ? id.Length != dialect.Tools.MaxCallIdLength : id.Length > dialect.Tools.MaxCallIdLength)
            return false;
        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && (dialect.Tools.FixedCallIds || c is not ('_' or '-')))
                return false;
        }

        return id.Length > 0;
    }

    private static string Digest(string id, Dialect dialect)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(id));
        return string.Create(Math.Min(dialect.Tools.MaxCallIdLength, hash.Length), hash, static (letters, hash) =>
        {
            for (var i = 0; i < letters.Length; i++)
                letters[i] = Letters[hash[i] % Letters.Length];
        });
    }

    private static FunctionCallContent WithId(FunctionCallContent call, string id) => new(id, call.Name, call.Arguments)
    {
        Exception = call.Exception,
        InformationalOnly = call.InformationalOnly,
        Annotations = call.Annotations,
        RawRepresentation = call.RawRepresentation,
        AdditionalProperties = call.AdditionalProperties,
    };

    private static FunctionResultContent WithId(FunctionResultContent result, string id) => new(id, result.Result)
    {
        Exception = result.Exception,
        Annotations = result.Annotations,
        RawRepresentation = result.RawRepresentation,
        AdditionalProperties = result.AdditionalProperties,
    };
}
