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

        completion.Provider = Text(facts, Provider);
        completion.SystemFingerprint = Text(facts, SystemFingerprint);
        completion.ServiceTier = Text(facts, ServiceTier);
        completion.OpenRouterMetadata = Json(facts, OpenRouterMetadata);
        choice.Logprobs = Json(facts, Logprobs);
        completion.Extra = Verbatim.Gather(facts, [OpenRouterMetadata, Logprobs]);
    }

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

    private static string? Text(AdditionalPropertiesDictionary facts, string name) =>
        facts.TryGetValue(name, out var value) ? value as string : null;

    private static JsonElement? Json(AdditionalPropertiesDictionary facts, string name) =>
        facts.TryGetValue(name, out var value) ? value as JsonElement? : null;
}
