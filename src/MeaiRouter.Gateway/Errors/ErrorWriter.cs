using System.Globalization;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace MeaiRouter.Gateway.Errors;

/// <summary>Answers with an error while the status line is still unsent.</summary>
internal static class ErrorWriter
{
    public static async Task WriteAsync(HttpResponse response, GatewayError error, JsonElement? metadata)
    {
        Clear(response);
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        if (error.Status == StatusCodes.Status401Unauthorized)
            response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        if (error.EndsConnection)
            response.Headers[HeaderNames.Connection] = "close";
        if (error.RetryAfter is { } wait)
            response.Headers[HeaderNames.RetryAfter] = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (error.Refusal is { } refusal)
            WriteLimit(response.Headers, refusal);

        if (response.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IErrorEnvelope>() is { } envelope)
            await envelope.AnswerAsync(response, error, metadata);
        else
            await JsonSerializer.SerializeAsync(response.Body, new ChatCompletion { Error = error.Body, OpenRouterMetadata = metadata }, WireJson.Strict.ChatCompletion);
    }

    // The ids under which logs and ledger keep the request outlive the headers of the answer that was not to be, and so does the browser's leave to read it.
    private static void Clear(HttpResponse response)
    {
        var kept = response.Headers.Where(static header => IsKept(header.Key)).ToArray();
        response.Clear();
        foreach (var (name, value) in kept)
            response.Headers[name] = value;
    }

    private static bool IsKept(string name) =>
        name is "X-Generation-Id" or "x-request-id" or "Vary" or "Allow" || name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase);

    // OpenRouter: the moment of the reset is in Unix milliseconds.
    private static void WriteLimit(IHeaderDictionary headers, BudgetRefusal refusal)
    {
        if (refusal.Measure is not (BudgetMeasure.RequestsPerMinute or BudgetMeasure.TokensPerMinute))
            return;

        headers["X-RateLimit-Limit"] = refusal.Limit.ToString("0", CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = Math.Max(0, refusal.Limit - refusal.Spent - refusal.Reserved).ToString("0", CultureInfo.InvariantCulture);
        if (refusal.ResetsAt is { } resets)
            headers["X-RateLimit-Reset"] = resets.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
    }
}
