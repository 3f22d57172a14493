using System.Diagnostics;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenTelemetry.Tests;

/// <summary>Where spans stand in their trace, and what is current meanwhile.</summary>
public sealed class ContextTests
{
    private const string Outer = "Experimental.Microsoft.Extensions.AI";

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task The_provider_is_told_the_span_of_its_attempt(bool streaming, bool tracesHttp)
    {
        using var exported = new Exported(tracesHttp ? ["System.Net.Http"] : []);
        await using var router = await Router.StartAsync(Fault.Unavailable(), Router.Answer);

        await router.AskAsync(streaming);

        foreach (var (provider, attempt) in ((ScriptedProvider, Activity)[])[(router.Acme, exported.Attempts[0]), (router.Xai, exported.Attempts[1])])
        {
            var sender = tracesHttp ? Assert.Single(exported.Spans, span => span.ParentSpanId == attempt.SpanId) : attempt;
            Assert.Equal($"00-{attempt.TraceId}-{sender.SpanId}-01", Assert.Single(provider.Requests).Headers["traceparent"]);
        }
    }

    [Fact]
    public async Task The_caller_keeps_his_own_activity_while_he_reads_and_his_baggage_for_himself()
    {
        using var mine = new ActivitySource("mine");
        using var exported = new Exported("mine");
        await using var router = await Router.StartAsync(Router.Answer);
        using var caller = mine.StartActivity("caller");
        Assert.NotNull(caller);
        caller.AddBaggage("customer", "of the house");

        var updates = 0;
        await foreach (var update in router.Client.GetStreamingResponseAsync("A hush question", Router.Options))
        {
            updates++;
            Assert.Same(caller, Activity.Current);
        }

        await router.AskAsync(streaming: false);

        Assert.True(updates > 3);
        Assert.Same(caller, Activity.Current);
        Assert.Equal(2, exported.Spans.Count(span => span.Kind == ActivityKind.Internal && span.ParentSpanId == caller.SpanId));
        Assert.DoesNotContain(router.Acme.Requests[0].Headers, static header => header.Value.Contains("house", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Under_a_chat_span_of_Microsoft_Extensions_AI_nothing_is_claimed_twice(bool streaming)
    {
        using var source = new ActivitySource(Outer);
        using var exported = new Exported(Outer);
        await using var router = await Router.StartAsync(Fault.Unavailable(), Router.Answer);

        using (var outer = source.StartActivity("chat fast", ActivityKind.Client))
        {
            outer!.SetTag("gen_ai.operation.name", "chat");
            await router.AskAsync(streaming);
            Assert.Same(outer, Activity.Current);
            Assert.False(outer.IsStopped);
        }

        Assert.Equal([Outer, "MeaiRouter", "MeaiRouter"], exported.Spans.Select(static span => span.Source.Name));
        var chat = exported.Spans[0];
        Assert.All(exported.Attempts, attempt => Assert.Equal(chat.SpanId, attempt.ParentSpanId));
        Assert.Equal(
            [
                "gen_ai.operation.name=chat", "meairouter.attempts=2", "meairouter.cost.total=4000000", "meairouter.fallback=True", "meairouter.model=acme/large",
                "meairouter.provider=xai", "meairouter.request.id", "meairouter.request.model=fast", "meairouter.request.outcome=answered", "meairouter.strategy=price",
            ],
            chat.Told());
        Assert.Equal(["meairouter.failovers"], chat.Events.Select(static happened => happened.Name));
        Assert.DoesNotContain(exported.Points(), static point => point.Name.StartsWith("gen_ai", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_request_under_the_same_chat_span_has_its_own()
    {
        using var source = new ActivitySource(Outer);
        using var exported = new Exported(Outer);
        await using var router = await Router.StartAsync(Router.Answer);

        using (var outer = source.StartActivity("chat fast", ActivityKind.Client))
        {
            outer!.SetTag("gen_ai.operation.name", "chat");
            await router.AskAsync(streaming: false);
            await router.AskAsync(streaming: true);
        }

        var chat = Assert.Single(exported.Spans, static span => span.Source.Name == Outer);
        Assert.Equal(chat.SpanId, exported.Request.ParentSpanId);
        Assert.Equal([chat.SpanId, exported.Request.SpanId], exported.Attempts.Select(static attempt => attempt.ParentSpanId));
    }

    [Theory]
    [InlineData("invoke_agent")]
    [InlineData("embeddings")]
    public async Task A_span_of_another_operation_is_left_alone(string operation)
    {
        using var source = new ActivitySource(Outer);
        using var exported = new Exported(Outer);
        await using var router = await Router.StartAsync(Router.Answer);

        using (var outer = source.StartActivity(operation, ActivityKind.Client))
        {
            outer!.SetTag("gen_ai.operation.name", operation);
            await router.AskAsync(streaming: false);
        }

        Assert.Equal([$"gen_ai.operation.name={operation}"], exported.Spans.Single(static span => span.Source.Name == Outer).Told());
        Assert.Equal("chat fast", exported.Request.DisplayName);
    }
}
