using System.Collections.Frozen;
using System.Text.Json;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.Gateway.Requests;

/// <summary>
/// The types of those fields that travel on as they came. One with another type could only be refused by a provider, in words of its own or after
/// others have been tried; fields that nobody knows are nobody's business.
/// </summary>
internal static class FieldTypes
{
    // OpenAI: top_logprobs is 0 to 20; metadata has at most 16 pairs, names of 64 and values of 512 characters.
    private const int MostLogprobs = 20;
    private const int MostPairs = 16;
    private const int LongestName = 64;
    private const int LongestValue = 512;

    private static readonly FrozenDictionary<string, (Func<JsonElement, bool> Fits, string Expected)> Known =
        new Dictionary<string, (Func<JsonElement, bool> Fits, string Expected)>
        {
            ["audio"] = Object,
            ["cache_control"] = Object,
            ["function_call"] = (static value => value.ValueKind is JsonValueKind.String or JsonValueKind.Object, "a string or an object that names a function"),
            ["functions"] = Array,
            ["image_config"] = Object,
            ["include_reasoning"] = Flag,
            ["logit_bias"] = Object,
            ["logprobs"] = Flag,
            ["max_tool_calls"] = Count,
            ["metadata"] = Object,
            ["min_p"] = Number,
            ["modalities"] = Texts,
            ["prediction"] = Object,
            ["prompt_cache_key"] = Text,
            ["prompt_cache_options"] = Object,
            ["repetition_penalty"] = Number,
            ["safety_identifier"] = Text,
            ["service_tier"] = Text,
            ["stop_server_tools_when"] = Array,
            ["store"] = Flag,
            ["top_a"] = Number,
            ["top_logprobs"] = (static value => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number is >= 0 and <= MostLogprobs, "a whole number from 0 to 20"),
            ["user"] = Text,
            ["verbosity"] = Text,
            ["web_search_options"] = Object,
        }.ToFrozenDictionary();

    private static (Func<JsonElement, bool> Fits, string Expected) Object => (static value => value.ValueKind == JsonValueKind.Object, "an object");

    private static (Func<JsonElement, bool> Fits, string Expected) Array => (static value => value.ValueKind == JsonValueKind.Array, "an array");

    private static (Func<JsonElement, bool> Fits, string Expected) Text => (static value => value.ValueKind == JsonValueKind.String, "a string");

    private static (Func<JsonElement, bool> Fits, string Expected) Flag => (static value => value.ValueKind is JsonValueKind.True or JsonValueKind.False, "true or false");

    private static (Func<JsonElement, bool> Fits, string Expected) Number => (static value => value.ValueKind == JsonValueKind.Number, "a number");

    private static (Func<JsonElement, bool> Fits, string Expected) Count =>
        (static value => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0, "a whole number of at least 0");

    private static (Func<JsonElement, bool> Fits, string Expected) Texts =>
        (static value => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String), "an array of strings");

    /// <exception cref="GatewayException">A field has the wrong type.</exception>
    public static void Check(ChatCompletionRequest request)
    {
        CheckOwn("trace", request.Trace);
        CheckOwn("usage", request.Usage);
        CheckOwn("debug", request.Debug);
        foreach (var (name, value) in request.Extra ?? FrozenDictionary<string, JsonElement>.Empty)
        {
            if (value.ValueKind == JsonValueKind.Null || !Known.TryGetValue(name, out var type))
                continue;
            if (!type.Fits(value))
                throw ProviderObject.Wrong(name, value, type.Expected);
            if (name == "metadata")
                CheckPairs(value);
        }
    }

    private static void CheckOwn(string name, JsonElement? value)
    {
        if (value is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.Object) } given)
            throw ProviderObject.Wrong(name, given, "an object");
    }

    private static void CheckPairs(JsonElement metadata)
    {
        var count = 0;
        foreach (var pair in metadata.EnumerateObject())
        {
            if (++count > MostPairs)
                throw GatewayException.Invalid($"'metadata' has more than {MostPairs} pairs. Send fewer.");
            if (pair.Name.Length > LongestName)
                throw GatewayException.Invalid($"'metadata' has a name of {pair.Name.Length} characters; it may have at most {LongestName}.");
            if (pair.Value.ValueKind == JsonValueKind.String && pair.Value.GetString()!.Length > LongestValue)
                throw GatewayException.Invalid($"'metadata.{pair.Name}' has {pair.Value.GetString()!.Length} characters; it may have at most {LongestValue}.");
        }
    }
}
