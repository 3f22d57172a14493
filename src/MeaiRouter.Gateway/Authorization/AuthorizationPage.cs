using System.Security.Cryptography;
using System.Text.Encodings.Web;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Authorization;

/// <summary><c>GET /auth</c>: where a person who holds the management key lets an application have a key.</summary>
internal static class AuthorizationPage
{
    private const string Styles = """
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 28rem; margin: 4rem auto; padding: 0 1rem; color: #222; }
        label { display: block; margin: 1rem 0 0.25rem; } input, select, button { font: inherit; width: 100%; padding: 0.5rem; box-sizing: border-box; }
        button { margin-top: 1.5rem; } output { display: block; margin-top: 1rem; overflow-wrap: anywhere; }
        """;

    // The key goes nowhere but into the header of one request to this gateway.
    private const string Script = """
        const form = document.querySelector('form'), output = document.querySelector('output');
        form.addEventListener('submit', async event => {
          event.preventDefault();
          const asked = new URLSearchParams(location.search), given = new FormData(form);
          const body = { code_challenge: asked.get('code_challenge'), code_challenge_method: asked.get('code_challenge_method') ?? 'S256',
            callback_url: asked.get('callback_url'), key_label: given.get('name') || null };
          if (given.get('limit')) { body.limit = Number(given.get('limit')); body.limit_reset = given.get('reset') || null; }
          const answer = await fetch('api/v1/auth/keys/code', { method: 'POST', body: JSON.stringify(body),
            headers: { 'Authorization': 'Bearer ' + given.get('key'), 'Content-Type': 'application/json' } });
          const said = await answer.json();
          if (!answer.ok) output.textContent = said.error.message;
          else if (said.data.redirect_url) location.assign(said.data.redirect_url);
          else output.textContent = 'Copy this code into the application: ' + said.data.id;
        });
        """;

    public static Task WriteAsync(HttpContext http, Caller caller)
    {
        var query = http.Request.Query;
        var callback = CallbackAddress.Read(query["callback_url"]);
        if (string.IsNullOrEmpty(query["code_challenge"]))
            throw GatewayException.Invalid("'code_challenge' is missing. Open this page as /auth?callback_url=...&code_challenge=...&code_challenge_method=S256.");

        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var who = callback is null ? "An application" : $"The application at <strong>{HtmlEncoder.Default.Encode(callback.Authority)}</strong>";
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync($$"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A key for an application</title>
            <style nonce="{{nonce}}">{{Styles}}</style></head><body>
            <h1>A key for an application</h1>
            <p>{{who}} asks for a key to this gateway. Whoever holds the management key can give it one.</p>
            <form>
            <label for="key">Management key</label><input id="key" name="key" type="password" required autocomplete="off">
            <label for="name">Name of the new key</label><input id="name" name="name" maxlength="100">
            <label for="limit">Limit in US dollars</label><input id="limit" name="limit" type="number" min="0" step="0.01">
            <label for="reset">The limit begins anew</label>
            <select id="reset" name="reset"><option value="">never</option><option>daily</option><option>weekly</option><option>monthly</option></select>
            <button>Give it a key</button>
            </form><output></output>
            <script nonce="{{nonce}}">{{Script}}</script></body></html>
            """, http.RequestAborted);
    }
}
