using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.ChatCompletions;

/// <summary>For whom and for what a request is made, and where it is found again.</summary>
public sealed class AttributionTests : GatewayTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Session_and_trace_are_kept_with_the_record_and_no_provider_sees_them(bool streaming)
    {
        FirstScript.Answers("Hello");

        await Gateway.PostAsync(Hello(streaming, ("session_id", "s-1"), ("trace", new { trace_id = "t-1", trace_name = "checkout", retries = 3, @null = (string?)null })));

        var record = await Gateway.Ledger.SingleAsync();
        Assert.Equal("s-1", record.SessionId);
        Assert.Equal(new Dictionary<string, string> { ["trace_id"] = "t-1", ["trace_name"] = "checkout", ["retries"] = "3" }, record.TraceLabels);
        Assert.DoesNotContain("t-1", First.Requests.Single().Body.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("s-1", First.Requests.Single().Body.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("body", "header", "cache", "body")]
    [InlineData(null, "header", "cache", "header")]
    [InlineData(null, null, "cache", "cache")]
    [InlineData(null, null, null, null)]
    public async Task The_session_is_the_bodys_or_the_headers_or_the_caches(string? body, string? header, string? cache, string? session)
    {
        FirstScript.Answers("Hello");

        await Gateway.PostWithAsync(Hello(streaming: false, ("session_id", body), ("prompt_cache_key", cache)), Key, header is null ? [] : [("x-session-id", header)]);

        Assert.Equal(session, (await Gateway.Ledger.SingleAsync()).SessionId);
    }

    [Fact]
    public async Task A_session_that_is_too_long_is_refused_by_the_name_it_came_under()
    {
        var tooLong = new string('s', 257);

        var body = await Gateway.PostAsync(Hello(streaming: false, ("session_id", tooLong)));
        var header = await Gateway.PostWithAsync(Hello(streaming: false), Key, ("x-session-id", tooLong));

        Assert.Equal(
            ["'session_id' is blank or too long; it may have at most 256 characters.", "'x-session-id' is blank or too long; it may have at most 256 characters."],
            new[] { body, header }.Select(answer => (string)answer.Error["message"]!));
    }

    [Theory]
    [InlineData("X-OpenRouter-Title", "Notes", "app:Notes")]
    [InlineData("X-Title", "Notes", "app:Notes")]
    [InlineData("HTTP-Referer", "https://notes.example.com/start?x=1", "app:notes.example.com")]
    [InlineData("X-OpenRouter-Categories", "cli-agent, cloud-agent,third", "category:cli-agent category:cloud-agent")]
    public async Task Headers_about_the_application_become_tags(string header, string value, string tags)
    {
        FirstScript.Answers("Hello");

        await Gateway.PostWithAsync(Hello(streaming: false), Key, (header, value));

        Assert.Equal(tags.Split(' '), (await Gateway.Ledger.SingleAsync()).Tags);
    }

    [Theory]
    [InlineData("least-busy")]
    [InlineData("weighted")]
    [InlineData("usage")]
    [InlineData("Price-Weighted")]
    public async Task Sort_takes_our_strategies_too(string name)
    {
        var plan = await Gateway.PostAsync(Hello(streaming: false, ("provider", new { sort = name })), path: "/v1/route");
        var inObject = await Gateway.PostAsync(Hello(streaming: false, ("provider", new { sort = new { by = name } })), path: "/v1/route");

        Assert.Equal([name.ToLowerInvariant(), name.ToLowerInvariant()], new[] { plan, inObject }.Select(answer => (string)answer.Json["strategy"]!));
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("true", null, "MISS")]
    [InlineData("true", "false", null)]
    [InlineData("false", "true", null)]
    [InlineData(null, "true", "MISS")]
    public async Task A_preset_switches_the_cache_and_one_that_switches_it_off_wins(string? preset, string? header, string? status)
    {
        FirstScript.Always(Reply.Text("Hello"));
        await using var gateway = await StartGatewayAsync(
            ("MeaiRouter:Presets:support:System", "Be kind."), ("MeaiRouter:Presets:support:CacheEnabled", preset), ("MeaiRouter:Presets:support:CacheTtl", "00:00:42"));

        foreach (var (model, named) in new[] { ("acme/small@preset/Support", (string?)null), ("acme/small", "support") })
        {
            var answer = await gateway.PostWithAsync(
                Hello(streaming: false, ("model", model), ("preset", named), ("user", model)), Key, header is null ? [] : [("X-OpenRouter-Cache", header)]);

            Assert.Equal("Hello", answer.Text);
            Assert.Equal((status, status is null ? null : "42"), (answer.Headers.GetValueOrDefault("X-OpenRouter-Cache-Status"), answer.Headers.GetValueOrDefault("X-OpenRouter-Cache-TTL")));
        }
    }
}
