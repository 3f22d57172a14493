using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.ChatCompletions;

/// <summary>OpenRouter's response cache over HTTP: off unless a header or the configuration says otherwise.</summary>
public sealed class ResponseCacheTests : GatewayTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_header_switches_the_cache_on_and_a_hit_costs_nothing(bool streaming)
    {
        FirstScript.Always(Reply.Text("Hello to you").WithUsage(prompt: 12, completion: 3));

        await Gateway.PostAsync(Hello(streaming));
        var miss = await Gateway.PostWithAsync(Hello(streaming), Key, [("X-OpenRouter-Cache", "true"), ("X-OpenRouter-Cache-TTL", "60 seconds")]);
        var hit = await Gateway.PostWithAsync(Hello(!streaming), Key, [("X-OpenRouter-Cache", "true"), ("X-OpenRouter-Cache-TTL", "60")]);

        Assert.Equal(2, First.Requests.Count);
        Assert.Equal(("MISS", "60"), (miss.Headers["X-OpenRouter-Cache-Status"], miss.Headers["X-OpenRouter-Cache-TTL"]));
        Assert.False(miss.Headers.ContainsKey("X-OpenRouter-Cache-Age"));
        Assert.Equal(("HIT", "60", miss.Id), (hit.Headers["X-OpenRouter-Cache-Status"], hit.Headers["X-OpenRouter-Cache-TTL"], hit.Headers["X-OpenRouter-Cache-Source-Id"]));
        Assert.InRange(int.Parse(hit.Headers["X-OpenRouter-Cache-Age"], System.Globalization.CultureInfo.InvariantCulture), 0, 59);
        Assert.Equal((200, "Hello to you", "stop", "first", 0m), (hit.Status, hit.Text, hit.FinishReason, hit.Provider, hit.Cost));
        Assert.Equal((0, 0), ((int)hit.Usage["prompt_tokens"]!, (int)hit.Usage["completion_tokens"]!));
        Assert.NotEqual(miss.Id, hit.Id);
    }

    [Fact]
    public async Task Configuration_switches_the_cache_on_and_a_header_off_or_renews_it()
    {
        FirstScript.Always(Reply.Text("Hello"));
        await using var gateway = await StartGatewayAsync(("MeaiRouter:ResponseCache:TimeToLive", "00:01:00"));

        string[] statuses =
        [
            await StatusOf(gateway),
            await StatusOf(gateway),
            await StatusOf(gateway, ("X-OpenRouter-Cache", "false")),
            await StatusOf(gateway, ("X-OpenRouter-Cache-Clear", "true")),
        ];

        Assert.Equal(["MISS", "HIT", "", "MISS"], statuses);
        Assert.Equal(3, First.Requests.Count);
    }

    [Fact]
    public async Task What_one_key_was_told_another_is_not()
    {
        FirstScript.Always(Reply.Text("Hello"));
        await using var gateway = await StartGatewayAsync(
            ("MeaiRouter:ResponseCache:Enabled", "true"), ("MeaiRouter:Gateway:Keys:9:Name", "other"), ("MeaiRouter:Gateway:Keys:9:Key", "sk-other-0123456789"));

        Assert.Equal("MISS", await StatusOf(gateway));
        Assert.Equal("MISS", (await gateway.PostWithAsync(Hello(streaming: false), "sk-other-0123456789")).Headers["X-OpenRouter-Cache-Status"]);
    }

    private static async Task<string> StatusOf(RunningGateway gateway, params (string Name, string Value)[] headers) =>
        (await gateway.PostWithAsync(Hello(streaming: false), Key, headers)).Headers.GetValueOrDefault("X-OpenRouter-Cache-Status", "");
}
