using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Hosting;

/// <summary>Web pages may call if the configuration names them, and otherwise learn nothing.</summary>
public sealed class CorsTests : GatewayTest
{
    private const string Page = "https://app.example.com";

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["MeaiRouter:Gateway:Cors:Origins:0"] = Page,
        ["MeaiRouter:Gateway:Cors:MaxAge"] = "00:05:00",
    };

    [Theory]
    [InlineData(Page, true)]
    [InlineData("https://evil.example.com", false)]
    [InlineData("https://app.example.com.evil.com", false)]
    [InlineData("null", false)]
    public async Task A_browser_that_asks_first_is_told_what_a_page_may(string origin, bool may)
    {
        var answer = await AskAsync(Gateway, HttpMethod.Options, origin, null, ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization, x-stainless-os"));

        Assert.Equal((204, "Origin"), (answer.Status, answer.Headers["Vary"]));
        Assert.Equal(
            may ? (Page, "GET, POST, PATCH, DELETE, OPTIONS", "authorization, x-stainless-os", "300") : (null, null, null, null),
            (Header(answer, "Allow-Origin"), Header(answer, "Allow-Methods"), Header(answer, "Allow-Headers"), Header(answer, "Max-Age")));
        Assert.Null(Header(answer, "Allow-Credentials"));
    }

    [Theory]
    [InlineData(Key, 200)]
    [InlineData("wrong", 401)]
    public async Task A_page_that_may_call_can_read_the_answer_and_the_error(string key, int status)
    {
        FirstScript.Always(Reply.Text("Hello"));

        var answer = await AskAsync(Gateway, HttpMethod.Post, Page, key);
        var other = await AskAsync(Gateway, HttpMethod.Post, "https://evil.example.com", key);

        Assert.Equal((status, Page), (answer.Status, Header(answer, "Allow-Origin")));
        Assert.Contains("X-Generation-Id", Header(answer, "Expose-Headers"), StringComparison.Ordinal);
        Assert.Equal((status, null, "Origin"), (other.Status, Header(other, "Allow-Origin"), other.Headers["Vary"]));
    }

    [Fact]
    public async Task All_pages_may_call_where_the_configuration_says_so()
    {
        await using var gateway = await StartGatewayAsync(("MeaiRouter:Gateway:Cors:Origins:0", "*"));

        var answer = await AskAsync(gateway, HttpMethod.Options, "https://anything.example.com", null, ("Access-Control-Request-Method", "POST"));

        Assert.Equal((204, "*"), (answer.Status, Header(answer, "Allow-Origin")));
    }

    [Fact]
    public async Task Without_configuration_no_page_may()
    {
        FirstScript.Always(Reply.Text("Hello"));
        await using var gateway = await StartGatewayAsync(("MeaiRouter:Gateway:Cors:Origins:0", null), ("MeaiRouter:Gateway:Cors:MaxAge", null));

        var answer = await AskAsync(gateway, HttpMethod.Post, Page, Key);

        Assert.Equal((200, null), (answer.Status, Header(answer, "Allow-Origin")));
        Assert.False(answer.Headers.ContainsKey("Vary"));
        Assert.Equal(405, (await AskAsync(gateway, HttpMethod.Options, Page, Key)).Status);
    }

    private static string? Header(HttpAnswer answer, string name) => answer.Headers.GetValueOrDefault("Access-Control-" + name);

    private static async Task<HttpAnswer> AskAsync(RunningGateway gateway, HttpMethod method, string origin, string? key, params (string Name, string Value)[] headers)
    {
        using var content = System.Net.Http.Json.JsonContent.Create(Hello(streaming: false));
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("Origin", origin), .. headers])
            content.Headers.TryAddWithoutValidation(name, value);
        return await gateway.SendAsync(method, "/v1/chat/completions", content, key);
    }
}
