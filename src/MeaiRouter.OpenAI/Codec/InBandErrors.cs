using System.Text.Json;
using MeaiRouter.OpenAI.Errors;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Errors inside answers whose status was a success.</summary>
internal static class InBandErrors
{
    private const string Success = "success";

    /// <summary>The error that the answer, or the choice that is read of it, holds is thrown, with what the answer used.</summary>
    public static void ThrowIfAny(ChatCompletion completion, Choice? choice, AnswerSource source)
    {
        var error = completion.Error ?? choice?.Error;
        if (error is null && completion.Kind == FinishReasons.Error)
            error = ErrorBody.FromFields(completion.Extra);
        if (error is null && completion.Extra is { } fields)
            error = MiniMaxErrors.Find(fields) ?? (SaysItFailed(fields) ? ErrorBody.FromFields(fields) : null);
        if (error is null && choice?.FinishReason == FinishReasons.Error)
            error = new WireError { Code = choice.NativeFinishReason, Type = "server_error" };
        if (error is not null)
            throw ProviderErrors.InBand(error, source, UsageMapping.Read(UsagePlaces.Find(completion, choice)));
    }

    // Cloudflare's envelope around every answer of its API.
    private static bool SaysItFailed(IDictionary<string, JsonElement> fields) =>
        fields.TryGetValue(Success, out var success) && success.ValueKind == JsonValueKind.False;
}
