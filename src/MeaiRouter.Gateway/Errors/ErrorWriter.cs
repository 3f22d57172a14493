using System.Globalization;
using System.Text.Json;
using MeaiRouter.OpenAI.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace MeaiRouter.Gateway.Errors;

/// <summary>Answers with an error while the status line is still unsent.</summary>
internal static class ErrorWriter
{
    public static async Task WriteAsync(HttpResponse response, GatewayError error)
    {
        response.Clear();
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        if (error.Status == StatusCodes.Status401Unauthorized)
            response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        if (error.RetryAfter is { } wait)
            response.Headers[HeaderNames.RetryAfter] = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);

        await JsonSerializer.SerializeAsync(response.Body, new ChatCompletion { Error = error.Body }, WireJson.Strict.ChatCompletion);
    }
}
