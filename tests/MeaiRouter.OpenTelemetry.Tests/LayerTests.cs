using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Fallback;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenTelemetry.Tests;

/// <summary>Layers that stand alone around clients of any origin.</summary>
public sealed class LayerTests
{
    private static readonly Step[] Failing = [new RouterException(FailureKind.Unavailable, "Down.")];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_fallback_layer_alone_tells_each_client_it_tried(bool streaming)
    {
        using var exported = new Exported();
        var primary = new FakeChatClient(Failing) { Metadata = new("mistral", new Uri("https://api.example.com/v1"), "small") };
        var backup = new FakeChatClient(FakeChatClient.Answer("Hello", new() { InputTokenCount = 7, OutputTokenCount = 2 })) { Metadata = new("own", null, "tiny") };
        using var client = new FallbackChatClient(primary, [backup], new() { Hold = TimeSpan.Zero });

        await client.AskAsync(streaming, new() { ModelId = "asked" });

        Assert.Equal("chat asked", exported.Request.DisplayName);
        Assert.Equal(["chat asked", "chat tiny"], exported.Attempts.Select(static attempt => attempt.DisplayName));
        exported.Attempts[0].Tells("gen_ai.provider.name=mistral_ai", "server.address=api.example.com", "server.port", "meairouter.attempt.outcome=failed");
        Assert.Equal(443, exported.Attempts[0].GetTagItem("server.port"));
        exported.Attempts[1].Tells("gen_ai.provider.name=own", "gen_ai.request.model=tiny", "gen_ai.usage.input_tokens=7", "gen_ai.usage.output_tokens=2", "meairouter.attempt.reason=fallback");
        Assert.Null(exported.Attempts[1].GetTagItem("meairouter.cost"));
        Assert.Contains("meairouter.tokens gen_ai.provider.name=own meairouter.token.bucket=input 7", exported.Points("meairouter.tokens"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cost_layer_alone_makes_the_one_attempt_and_prices_it(bool streaming)
    {
        using var exported = new Exported();
        var prices = new PriceBook(new Dictionary<string, Price> { ["m"] = Price.PerMillion(1, 10) });
        using var client = new CostTrackingChatClient(
            new FakeChatClient(FakeChatClient.Answer("Hello", new() { InputTokenCount = 7, OutputTokenCount = 2 }, "m")) { Metadata = new("own") }, null, prices);

        await client.AskAsync(streaming, new() { ModelId = "m" });

        var attempt = Assert.Single(exported.Attempts);
        Assert.Equal(exported.Request.SpanId, attempt.ParentSpanId);
        attempt.Tells("gen_ai.request.model=m", "gen_ai.response.model=m", "meairouter.attempt.reason=first", "meairouter.cost=27000");
        exported.Request.Tells("meairouter.cost.total=27000", "meairouter.provider=own", "meairouter.fallback=False");
    }

    [Fact]
    public async Task The_attempt_at_a_client_that_may_have_recovered_is_a_probe()
    {
        using var exported = new Exported();
        var time = new ManualTimeProvider();
        var fake = new FakeChatClient([.. Enumerable.Repeat(Failing, 5), FakeChatClient.Answer("Well again")]) { Metadata = new("first") };
        using var client = new FallbackChatClient(fake, new FallbackOptions { Hold = TimeSpan.Zero }, time);
        for (var i = 0; i < 5; i++)
            await client.AskInVainAsync(streaming: false);

        time.Advance(TimeSpan.FromMinutes(4));
        var response = await client.AskAsync(streaming: false);

        Assert.Equal("Well again", response.Text);
        Assert.Equal(AttemptReason.Probe, Assert.Single(response.Trace().Attempts).Reason);
        exported.Attempts[^1].Tells("meairouter.attempt.reason=probe", "gen_ai.provider.name=first");
        Assert.All(exported.Spans, static span => Assert.Empty(span.Happened()));
    }

    [Fact]
    public async Task Pipelines_as_clients_of_a_pipeline_tell_their_own_requests()
    {
        using var exported = new Exported();
        using var inner = new FallbackChatClient(FakeChatClient.Answering("Hello"), new FallbackOptions { Hold = TimeSpan.Zero });
        using var outer = new FallbackChatClient(inner, [FakeChatClient.Answering("Not asked")], new() { Hold = TimeSpan.Zero });

        await outer.AskAsync(streaming: true, new() { ModelId = "m" });

        // Each the parent of the next.
        Assert.Equal(4, exported.Spans.Count);
        Assert.Equal(exported.Spans.SkipLast(1).Select(static span => span.SpanId), exported.Spans.Skip(1).Select(static span => span.ParentSpanId));
    }
}
