using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Affinity;

/// <summary>Tells conversations apart without keeping a word of them.</summary>
/// <param name="Digest">The digest of the session's id, of the prompt cache key, or of how the conversation begins.</param>
/// <param name="IsSession">Whether the caller named the session.</param>
internal readonly record struct ConversationKey(ulong Digest, bool IsSession)
{
    private const string PromptCacheKey = "prompt_cache_key";
    private const string ExtraBody = "extra_body";

    // What is digested; the same text as a session id and as a first message is not the same conversation.
    private const ulong OfSession = 1;
    private const ulong OfPromptCache = 2;
    private const ulong OfBeginning = 3;
    private const ulong OfCaller = 4;

    private static readonly ChatRole Developer = new("developer");

    /// <summary>The key of the conversation a request belongs to.</summary>
    /// <param name="messages">The messages of the request.</param>
    /// <param name="options">The options of the request, which may name a prompt cache key.</param>
    /// <param name="sessionId">The session's id; <see langword="null"/> if the caller gave none.</param>
    /// <param name="caller">On whose behalf the request is made; <see langword="null"/> if it does not say.</param>
    public static ConversationKey Of(IReadOnlyList<ChatMessage> messages, ChatOptions options, string? sessionId, string? caller)
    {
        var key = Of(messages, options, sessionId);
        return caller is null ? key : key with { Digest = DigestOf(key.Digest ^ OfCaller, caller) };
    }

    /// <summary>The key of something within the conversation: a model, a tool call.</summary>
    public ulong With(string name) => DigestOf(Digest, name);

    private static ConversationKey Of(IReadOnlyList<ChatMessage> messages, ChatOptions options, string? sessionId)
    {
        if (sessionId is not null)
            return new(DigestOf(OfSession, sessionId), IsSession: true);
        if (CacheKeyOf(options.AdditionalProperties) is { } cacheKey)
            return new(DigestOf(OfPromptCache, cacheKey), IsSession: false);
        return new(DigestOfBeginning(messages, options), IsSession: false);
    }

    private static ulong DigestOf(ulong seed, string text)
    {
        var digest = new TextDigest(seed);
        digest.Add(text);
        return digest.Value;
    }

    // OpenRouter: the first system or developer message and the first other message.
    private static ulong DigestOfBeginning(IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        var digest = new TextDigest(OfBeginning);
        digest.Add(options.Instructions);

        var hasSystem = false;
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            var isSystem = message.Role == ChatRole.System || message.Role == Developer;
            if (isSystem && hasSystem)
                continue;

            digest.Add(message.Role.Value);
            for (var j = 0; j < message.Contents.Count; j++)
            {
                if (message.Contents[j] is TextContent text)
                    digest.Add(text.Text);
            }

            if (!isSystem)
                break;
            hasSystem = true;
        }

        return digest.Value;
    }

    private static string? CacheKeyOf(AdditionalPropertiesDictionary? properties)
    {
        if (properties is null)
            return null;
        if (properties.TryGetValue(PromptCacheKey, out var own) && TextOf(own) is { } key)
            return key;
        return properties.TryGetValue(ExtraBody, out var body) ? FieldOf(body) : null;
    }

    private static string? FieldOf(object? body) => body switch
    {
        JsonElement { ValueKind: JsonValueKind.Object } json when json.TryGetProperty(PromptCacheKey, out var key) => TextOf(key),
        JsonObject json => TextOf(json[PromptCacheKey]),
        _ => null,
    };

    private static string? TextOf(object? value) => value switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString(),
        JsonValue json when json.TryGetValue<string>(out var text) => text,
        _ => null,
    };
}
