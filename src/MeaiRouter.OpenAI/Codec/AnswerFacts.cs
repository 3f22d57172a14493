using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>
/// Facts about an answer that Microsoft.Extensions.AI has no property for. They travel in <c>AdditionalProperties</c> under the names
/// the wire gives them; fields this library does not know do so too.
/// </summary>
internal static class AnswerFacts
{
    private const string Provider = "provider";
    private const string SystemFingerprint = "system_fingerprint";
    private const string ServiceTier = "service_tier";
    private const string Logprobs = "logprobs";
    private const string OpenRouterMetadata = "openrouter_metadata";

    /// <summary>Adds the facts of a whole answer or of a chunk, which repeats some of those of the chunk before.</summary>
    public static void Read(ChatCompletion completion, ref AdditionalPropertiesDictionary? facts, ChatCompletion? previous = null)
    {
        if (completion.Provider != previous?.Provider)
            Add(ref facts, Provider, completion.Provider);
        if (completion.SystemFingerprint != previous?.SystemFingerprint)
            Add(ref facts, SystemFingerprint, completion.SystemFingerprint);
        if (completion.ServiceTier != previous?.ServiceTier)
            Add(ref facts, ServiceTier, completion.ServiceTier);
        Add(ref facts, OpenRouterMetadata, completion.OpenRouterMetadata);
        Verbatim.Spread(completion.Extra, ref facts);
    }

    public static void Read(Choice choice, ref AdditionalPropertiesDictionary? facts)
    {
        var native = string.IsNullOrEmpty(choice.NativeFinishReason) ? choice.FinishReason : choice.NativeFinishReason;
        Add(ref facts, AnswerProperties.NativeFinishReason, native);
        Add(ref facts, Logprobs, choice.Logprobs);
        Verbatim.Spread(choice.Extra, ref facts);
    }

    public static void Write(AdditionalPropertiesDictionary? facts, ChatCompletion completion, Choice choice)
    {
        if (facts is null)
            return;

        foreach (var (name, value) in facts)
        {
            if (value is string text)
                Write(name, text, completion);
            else if (value is JsonElement json)
                Write(name, json, completion, choice);
        }
    }

    private static void Write(string name, string text, ChatCompletion completion)
    {
        if (Is(name, Provider))
            completion.Provider = text;
        else if (Is(name, SystemFingerprint))
            completion.SystemFingerprint = text;
        else if (Is(name, ServiceTier))
            completion.ServiceTier = text;
    }

    private static void Write(string name, JsonElement json, ChatCompletion completion, Choice choice)
    {
        if (Is(name, OpenRouterMetadata))
            completion.OpenRouterMetadata = json;
        else if (Is(name, Logprobs))
            choice.Logprobs = json;
        else
            (completion.Extra ??= new Dictionary<string, JsonElement>())[name] = json;
    }

    // As the dictionary compares them.
    private static bool Is(string name, string fact) => name.Equals(fact, StringComparison.OrdinalIgnoreCase);

    private static void Add(ref AdditionalPropertiesDictionary? facts, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            (facts ??= [])[name] = value;
    }

    private static void Add(ref AdditionalPropertiesDictionary? facts, string name, JsonElement? value)
    {
        if (value is { } json && json.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            (facts ??= [])[name] = json;
    }
}
