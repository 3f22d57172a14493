using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Attempts;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>Fields of the wire without a word in Microsoft.Extensions.AI, in the <c>AdditionalProperties</c> of options, contents and tools.</summary>
internal static class ContentProperties
{
    /// <summary>Fields to send as they are, as a <c>JsonElement</c> or <c>JsonObject</c>; the same key as MeaiRouter.OpenAI's.</summary>
    public const string ExtraBody = "extra_body";

    /// <summary>Whether a tool must be held to its schema, as MeaiRouter.OpenAI names it.</summary>
    public const string Strict = "strict";

    /// <summary><see langword="true"/> on the result of a tool that failed.</summary>
    public const string IsError = "is_error";

    /// <summary>The stop sequence that ended the answer (<see cref="string"/>), on the response or the update with the finish reason.</summary>
    public const string StopSequence = "stop_sequence";

    /// <summary>The provider's id of the request (<see cref="string"/>), on the response or the first update.</summary>
    public const string RequestId = "request_id";

    /// <summary>The fields under <see cref="ExtraBody"/>; <see langword="null"/> where there are none.</summary>
    /// <exception cref="RouterException">What stands there is no JSON object.</exception>
    public static JsonElement? Fields(IReadOnlyDictionary<string, object?>? properties)
    {
        if (properties is null || !properties.TryGetValue(ExtraBody, out var bundle) || bundle is null)
            return null;

        return bundle switch
        {
            JsonElement { ValueKind: JsonValueKind.Object } json => json,
            JsonObject json => JsonSerializer.SerializeToElement(json, MessagesJson.Wire.JsonObject),
            _ => throw new RouterException(
                FailureKind.InvalidRequest, $"AdditionalProperties[\"{ExtraBody}\"] must be a JSON object: a JsonElement or a JsonObject."),
        };
    }
}
