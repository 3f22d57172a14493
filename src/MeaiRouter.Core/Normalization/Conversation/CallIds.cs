using System.Security.Cryptography;
using System.Text;
using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>The ids of tool calls as a dialect takes them.</summary>
internal static class CallIds
{
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static bool IsLegal(string id, Dialect dialect)
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

    /// <summary>A legal id that nobody has yet, always the same for the same id at the same place: a prompt cache keeps hitting.</summary>
    public static string Replace(string id, Dialect dialect, HashSet<string> taken)
    {
        var replacement = Digest(id, dialect);
        for (var i = 2; !taken.Add(replacement); i++)
            replacement = Digest($"{id}#{i}", dialect);
        return replacement;
    }

    public static FunctionCallContent WithId(FunctionCallContent call, string id) => new(id, call.Name, call.Arguments)
    {
        Exception = call.Exception,
        InformationalOnly = call.InformationalOnly,
        Annotations = call.Annotations,
        RawRepresentation = call.RawRepresentation,
        AdditionalProperties = call.AdditionalProperties,
    };

    private static string Digest(string id, Dialect dialect)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(id));
        return string.Create(Math.Min(dialect.Tools.MaxCallIdLength, hash.Length), hash, static (letters, hash) =>
        {
            for (var i = 0; i < letters.Length; i++)
                letters[i] = Letters[hash[i] % Letters.Length];
        });
    }
}
