using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Accounts;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Authorization;

/// <summary>
/// Keys for applications by OAuth PKCE: whoever holds the management key gives out a code, on the page <c>/auth</c> or by <c>POST /auth/keys/code</c>,
/// and the application that asked for it gets a key for it by <c>POST /auth/keys</c>.
/// </summary>
internal sealed class AuthorizationEndpoints(AuthorizationCodes codes, KeyAccounts accounts, TimeProvider time)
{
    private const int LongestText = 256;

    private static readonly string[] CodeFields = ["callback_url", "code_challenge", "code_challenge_method", "key_label"];

    /// <summary><c>POST /auth/keys/code</c>: the fields of a challenge, and those of the key, as at <c>POST /keys</c>.</summary>
    public async Task GiveAsync(HttpContext http, Caller caller)
    {
        var body = await AccountBody.ReadAsync(http);
        var callback = CallbackAddress.Read(Text(body, "callback_url"));
        var challenge = Challenge.Of(
            Text(body, "code_challenge") ?? throw GatewayException.Invalid("'code_challenge' is missing. Send the base64url of the SHA-256 of your verifier."),
            IsHashed(body) ?? true);
        var now = time.GetUtcNow();
        var code = await codes.GiveAsync(challenge, KeyFields.Create(KeyBody(body, callback), now), http.RequestAborted);
        await AccountBody.WriteDataAsync(http, new JsonObject
        {
            ["id"] = code,
            ["app_id"] = 0,
            ["created_at"] = now.UtcDateTime,
            ["redirect_url"] = callback is null ? null : CallbackAddress.With(callback, code),
        });
    }

    /// <summary><c>POST /auth/keys</c>: a code and the answer to its challenge for a key. Nobody needs a key to get one.</summary>
    public async Task ExchangeAsync(HttpContext http, Caller caller)
    {
        var body = await AccountBody.ReadAsync(http);
        var code = Text(body, "code") ?? throw GatewayException.Invalid("'code' is missing.");
        var verifier = Text(body, "code_verifier") ?? throw GatewayException.Invalid("'code_verifier' is missing.");
        var key = await codes.TakeAsync(code, verifier, IsHashed(body), http.RequestAborted);
        var (_, secret) = await accounts.CreateAsync(key, http.RequestAborted);
        await AccountBody.WriteAsync(http, new JsonObject { ["key"] = secret, ["user_id"] = null });
    }

    private static JsonElement KeyBody(JsonElement body, Uri? callback)
    {
        var key = new JsonObject();
        foreach (var field in body.EnumerateObject().Where(field => !CodeFields.Contains(field.Name)))
            key[field.Name] = JsonNode.Parse(field.Value.GetRawText());
        key["name"] ??= Text(body, "key_label") ?? $"{callback?.Host ?? "app"} {Guid.NewGuid().ToString("n")[..8]}";
        return JsonSerializer.SerializeToElement(key, OpenAI.Wire.WireJson.Strict.JsonObject);
    }

    private static bool? IsHashed(JsonElement body) => Text(body, "code_challenge_method") switch
    {
        null => null,
        Challenge.Hashed => true,
        Challenge.Plain => false,
        var other => throw GatewayException.Invalid($"'code_challenge_method' is '{other}'; it must be '{Challenge.Hashed}' or '{Challenge.Plain}'."),
    };

    private static string? Text(JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= LongestText } text
            ? text
            : throw ProviderObject.Wrong(name, value, $"a string of 1 to {LongestText} characters");
    }
}
