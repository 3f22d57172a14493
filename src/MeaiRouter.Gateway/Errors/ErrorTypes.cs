using System.Collections.Frozen;
using MeaiRouter.Attempts;

namespace MeaiRouter.Gateway.Errors;

/// <summary>OpenRouter's <c>error_type</c>, which says more than our kinds of failure where the provider's own code does.</summary>
internal static class ErrorTypes
{
    // On the left the words of OpenAI, Anthropic and those who follow them, and OpenRouter's own.
    private static readonly FrozenDictionary<string, string> ByCode = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["context_length_exceeded"] = "context_length_exceeded",
        ["max_tokens_exceeded"] = "max_tokens_exceeded",
        ["token_limit_exceeded"] = "token_limit_exceeded",
        ["string_above_max_length"] = "string_too_long",
        ["string_too_long"] = "string_too_long",
        ["invalid_prompt"] = "invalid_prompt",
        ["refusal"] = "refusal",
        ["invalid_image"] = "invalid_image",
        ["image_parse_error"] = "invalid_image",
        ["invalid_base64_image"] = "invalid_image",
        ["image_too_large"] = "image_too_large",
        ["image_file_too_large"] = "image_too_large",
        ["image_too_small"] = "image_too_small",
        ["invalid_image_format"] = "unsupported_image_format",
        ["unsupported_image_media_type"] = "unsupported_image_format",
        ["unsupported_image_format"] = "unsupported_image_format",
        ["invalid_image_url"] = "image_download_failed",
        ["failed_to_download_image"] = "image_download_failed",
        ["image_download_failed"] = "image_download_failed",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static string Of(RouterException failure)
    {
        // Only within a status: the type must not say other than the status does.
        var general = failure.Kind.Consequences();
        return general.HttpStatus == 400 && failure.ProviderCode is { } code && ByCode.TryGetValue(code, out var known) ? known : general.ErrorType;
    }
}
