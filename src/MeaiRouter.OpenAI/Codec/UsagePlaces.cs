using System.Text.Json;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Where providers report usage besides the place OpenAI has for it.</summary>
internal static class UsagePlaces
{
    private const string Usage = "usage";
    private const string Groq = "x_groq";

    /// <summary>The usage that an answer or a chunk reports; <see langword="null"/> where it reports none that counts anything.</summary>
    public static CompletionUsage? Find(ChatCompletion completion, Choice? choice)
    {
        if (completion.Usage is { } usage && UsageMapping.HasCounts(usage))
            return usage;

        // Groq: {"x_groq":{"id":...,"usage":{...}}} at the end of a stream. Moonshot: in the choice that ends one.
        return InObject(completion.Extra, Groq) ?? InField(choice?.Extra);
    }

    private static CompletionUsage? InObject(IDictionary<string, JsonElement>? fields, string name) =>
        fields is not null && fields.TryGetValue(name, out var inner) && inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty(Usage, out var usage)
            ? Read(usage)
            : null;

    private static CompletionUsage? InField(IDictionary<string, JsonElement>? fields) =>
        fields is not null && fields.TryGetValue(Usage, out var usage) ? Read(usage) : null;

    private static CompletionUsage? Read(JsonElement usage) =>
        usage.ValueKind == JsonValueKind.Object && usage.Deserialize(WireJson.Tolerant.CompletionUsage) is { } read && UsageMapping.HasCounts(read) ? read : null;
}
