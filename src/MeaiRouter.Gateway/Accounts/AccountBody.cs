using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.OpenAI.Wire;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Accounts;

/// <summary>Reads and writes the bodies of the account paths.</summary>
internal static class AccountBody
{
    /// <summary>The largest body, in bytes; a key with a long policy has a few thousand.</summary>
    public const long MaxBytes = 256 * 1024;

    public static async Task<JsonElement> ReadAsync(HttpContext http)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw GatewayException.Invalid($"The body is {JsonKind.Of(document.RootElement)}; it must be an object.");
        }
        catch (JsonException)
        {
            // The parser's message would quote the body.
            throw GatewayException.Invalid("The body is not JSON.");
        }
    }

    public static Task WriteDataAsync(HttpContext http, JsonNode data, int status = StatusCodes.Status200OK) =>
        WriteAsync(http, new JsonObject { ["data"] = data }, status);

    public static Task WriteAsync(HttpContext http, JsonObject body, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";

        // Who spent what, and at creation a secret, is nothing for a cache.
        http.Response.Headers.CacheControl = "no-store";
        return JsonSerializer.SerializeAsync(http.Response.Body, body, WireJson.Strict.JsonObject, http.RequestAborted);
    }
}
