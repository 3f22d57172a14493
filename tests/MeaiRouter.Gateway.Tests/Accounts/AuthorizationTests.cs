using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using MeaiRouter.Gateway.Tests.Running;

namespace MeaiRouter.Gateway.Tests.Accounts;

/// <summary>Keys for applications by OAuth PKCE.</summary>
public sealed class AuthorizationTests : AccountTest
{
    private const string Verifier = "a-verifier-that-nobody-guesses-0123456789";

    private static readonly string Challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Verifier)));

    [Theory, InlineData("S256", false), InlineData("plain", false), InlineData("S256", true), InlineData("plain", true)]
    public async Task An_application_gets_a_key_with_the_limit_it_was_given_for_its_code_once(string method, bool durable)
    {
        FirstScript.Always(Answer);
        await using var gateway = await (durable ? StartAsync(Ledger) : StartAsync());

        var given = await ManageAsync(gateway, HttpMethod.Post, "/auth/keys/code", new
        {
            callback_url = "https://app.example/back?state=1", code_challenge = method == "plain" ? Verifier : Challenge, code_challenge_method = method, key_label = "the app", limit = 2,
        });
        var code = (string)given.Json["data"]!["id"]!;
        Assert.Equal($"https://app.example/back?state=1&code={code}", (string)given.Json["data"]!["redirect_url"]!);

        var exchanged = await ExchangeAsync(gateway, new { code, code_verifier = Verifier, code_challenge_method = method });
        Assert.Equal(200, exchanged.Status);
        var key = (string)exchanged.Json["key"]!;
        Assert.Equal("Hello there", (await gateway.PostAsync(Hello(streaming: false), key)).Text);
        Assert.Equal(2, Number((await OwnAsync(gateway, key))["limit"]));

        var again = await ExchangeAsync(gateway, new { code, code_verifier = Verifier });
        Assert.Equal((403, "The code is unknown, was used already, or has expired. Ask for another."), (again.Status, (string)again.Error["message"]!));
        Assert.DoesNotContain(key, gateway.Log.Text, StringComparison.Ordinal);
    }

    [Theory, InlineData("S256"), InlineData("plain")]
    public async Task A_code_outlives_the_gateway_that_gave_it_and_is_taken_once(string method)
    {
        var challenge = method == "plain" ? Verifier : Challenge;
        string code;
        await using (var gateway = await StartAsync(Ledger))
        {
            var given = await ManageAsync(gateway, HttpMethod.Post, "/auth/keys/code", new { code_challenge = challenge, code_challenge_method = method, key_label = "the app", limit = 2 });
            code = (string)given.Json["data"]!["id"]!;
            Assert.DoesNotContain(code, EverythingOnDisk, StringComparison.Ordinal);
            Assert.DoesNotContain(Verifier, EverythingOnDisk, StringComparison.Ordinal);
        }

        await using var again = await StartAsync(Ledger);
        var body = new { code, code_verifier = Verifier };
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ExchangeAsync(again, body)));

        var taken = Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(5, answers.Count(answer => answer.Status == 403));
        Assert.Equal(2, Number((await OwnAsync(again, (string)taken.Json["key"]!))["limit"]));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_code_is_lost_with_a_wrong_answer_and_after_ten_minutes(bool durable)
    {
        await using var gateway = await (durable ? StartAsync(Ledger) : StartAsync());

        var guessed = await CodeAsync(gateway);
        var wrong = await ExchangeAsync(gateway, new { code = guessed, code_verifier = "a guess" });
        var afterwards = await ExchangeAsync(gateway, new { code = guessed, code_verifier = Verifier });
        var old = await CodeAsync(gateway);
        Time.Shift += TimeSpan.FromMinutes(10);
        var late = await ExchangeAsync(gateway, new { code = old, code_verifier = Verifier });

        Assert.Equal((403, 403, 403), (wrong.Status, afterwards.Status, late.Status));
        Assert.Equal("'code_verifier' does not belong to the code's challenge. Ask for another code.", (string)wrong.Error["message"]!);
    }

    [Fact]
    public async Task Only_the_management_key_gives_out_codes_and_never_to_addresses_that_others_could_read()
    {
        await using var gateway = await StartAsync();
        var (team, _) = await CreateAsync(gateway, new { name = "team" });

        var stranger = await gateway.SendAsync(HttpMethod.Post, "/v1/auth/keys/code", JsonContent.Create(new { code_challenge = Challenge }), team);
        Assert.Equal(403, stranger.Status);
        foreach (var address in new[] { "http://app.example/", "https://user:pw@app.example/", "https://app.example/#here", "app" })
        {
            var refused = await ManageAsync(gateway, HttpMethod.Post, "/auth/keys/code", new { code_challenge = Challenge, callback_url = address });
            Assert.Equal(400, refused.Status);
            Assert.StartsWith("'callback_url' must be an https address", (string)refused.Error["message"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_page_names_the_application_and_lets_no_script_in_but_its_own()
    {
        await using var gateway = await StartAsync();

        var page = await gateway.GetAsync("/auth?callback_url=http%3A%2F%2Flocalhost%3A3000%2Fback&code_challenge=abc", key: null);
        var without = await gateway.GetAsync("/auth?callback_url=http%3A%2F%2Flocalhost%3A3000%2Fback", key: null);

        Assert.Equal((200, "text/html; charset=utf-8"), (page.Status, page.ContentType));
        Assert.Contains("The application at <strong>localhost:3000</strong> asks for a key", page.Body, StringComparison.Ordinal);
        Assert.Matches("default-src 'none'; script-src 'nonce-[0-9a-f]{32}'", page.Headers["Content-Security-Policy"]);
        Assert.Equal(400, without.Status);
    }

    private static Task<HttpAnswer> ExchangeAsync(RunningGateway gateway, object body) =>
        gateway.SendAsync(HttpMethod.Post, "/api/v1/auth/keys", JsonContent.Create(body), key: null);

    private static async Task<string> CodeAsync(RunningGateway gateway) =>
        (string)(await ManageAsync(gateway, HttpMethod.Post, "/auth/keys/code", new { code_challenge = Challenge })).Json["data"]!["id"]!;
}
