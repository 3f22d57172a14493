using System.Text.Json;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.OpenAI.Wire;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Responses;

/// <summary>OpenAI's envelope: words for what OpenRouter numbers, and <c>error_type</c> beside the error.</summary>
internal sealed class ResponseErrorEnvelope : IErrorEnvelope
{
    public static ResponseErrorEnvelope Instance { get; } = new();

    public async Task AnswerAsync(HttpResponse response, GatewayError error, JsonElement? metadata)
    {
        var errorType = ResponseErrorCodes.TypeOf(error);
        await using var json = new Utf8JsonWriter(response.Body, new JsonWriterOptions { Encoder = WireJson.Strict.Options.Encoder });
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", error.Body.Message);
        json.WriteString("type", ClassOf(error.Status));
        json.WriteString("param", error.Parameter);
        json.WriteString("code", ResponseErrorCodes.Of(errorType));
        if (error.Body.Metadata is { } details)
            Write(json, "metadata", details);
        foreach (var (name, value) in error.Body.Extra ?? new Dictionary<string, JsonElement>())
            Write(json, name, value);
        json.WriteEndObject();
        json.WriteString("error_type", errorType);
        if (metadata is { } route)
            Write(json, "openrouter_metadata", route);
        json.WriteEndObject();
        await json.FlushAsync();
    }

    private static void Write(Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        value.WriteTo(json);
    }

    private static string ClassOf(int status) => status switch
    {
        401 => "authentication_error",
        402 => "insufficient_quota",
        403 => "permission_error",
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };
}
