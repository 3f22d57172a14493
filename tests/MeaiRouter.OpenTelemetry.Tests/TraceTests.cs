using System.Diagnostics;
using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenTelemetry.Tests;

public sealed class TraceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_is_a_span_and_its_attempt_one_inside(bool streaming)
    {
        using var exported = new Exported();
        await using var router = await Router.StartAsync(Router.Answer);

        await router.AskAsync(streaming);

        var request = exported.Request;
        Assert.Equal(("chat fast", ActivityStatusCode.Unset, null), (request.DisplayName, request.Status, request.Parent));
        Assert.Equal(
            [
                "meairouter.attempts=1", "meairouter.cost.total=1820000", "meairouter.fallback=False", "meairouter.model=acme/large", "meairouter.provider=acme",
                "meairouter.request.id", "meairouter.request.model=fast", "meairouter.request.outcome=answered", "meairouter.strategy=price",
            ],
            request.Told());
        Assert.Empty(request.Happened());

        var attempt = Assert.Single(exported.Attempts);
        Assert.Equal(("chat large-a", ActivityStatusCode.Unset, request.SpanId), (attempt.DisplayName, attempt.Status, attempt.ParentSpanId));
        string[] streamed = streaming ? ["gen_ai.request.stream=True", "meairouter.time_to_first_content"] : [];
        Assert.Equal(
            ((string[])
            [
                "gen_ai.operation.name=chat", "gen_ai.provider.name=acme", "gen_ai.request.max_tokens=500", "gen_ai.request.model=large-a", "gen_ai.request.temperature=0.5",
                "gen_ai.response.finish_reasons=stop", "gen_ai.response.id", "gen_ai.response.model=large-a", "gen_ai.usage.cache_read.input_tokens=200",
                "gen_ai.usage.input_tokens=1000", "gen_ai.usage.output_tokens=100", "gen_ai.usage.reasoning.output_tokens=50", "meairouter.attempt.index=0",
                "meairouter.attempt.outcome=answered", "meairouter.attempt.reason=first", "meairouter.cost=1820000", "meairouter.endpoint=acme",
                "server.address=127.0.0.1", "server.port", .. streamed,
            ]).Order(StringComparer.Ordinal),
            attempt.Told());
        Assert.Equal(router.Acme.BaseUrl.Port, attempt.GetTagItem("server.port"));
        Assert.InRange(attempt.Duration, TimeSpan.FromTicks(1), request.Duration);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failover_is_told_with_its_reason_and_both_attempts(bool streaming)
    {
        using var exported = new Exported();
        await using var router = await Router.StartAsync(Fault.Status(503, "busy", "No room for: a hush question"), Router.Answer);

        await router.AskAsync(streaming);

        Assert.Equal(
            ["meairouter.failovers error.type=provider_unavailable meairouter.failure.kind=unavailable meairouter.from=acme meairouter.to=x_ai"],
            exported.Request.Happened());
        exported.Request.Tells("meairouter.attempts=2", "meairouter.fallback=True", "meairouter.provider=xai", "meairouter.request.outcome=answered");
        var (failed, answered) = (exported.Attempts[0], exported.Attempts[1]);
        Assert.Equal((ActivityStatusCode.Error, null), (failed.Status, failed.StatusDescription));
        failed.Tells(
            "error.type=provider_unavailable", "http.response.status_code=503", "meairouter.attempt.outcome=failed", "meairouter.attempt.reason=first", "meairouter.cost=0", "meairouter.failure.kind=unavailable");
        answered.Tells("gen_ai.provider.name=x_ai", "meairouter.attempt.index=1", "meairouter.attempt.reason=fallback", "meairouter.endpoint=xai");
        Assert.All(exported.Attempts, attempt => Assert.Equal(exported.Request.SpanId, attempt.ParentSpanId));
        Assert.DoesNotContain(Router.Secret, exported.Everything());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_nobody_answers_has_the_kind_of_its_failure_and_no_message(bool streaming)
    {
        using var exported = new Exported();
        var fault = Fault.Status(400, "invalid", "Bad: a hush question");
        await using var router = await Router.StartAsync(fault, fault);

        await Assert.ThrowsAsync<RouterException>(() => router.AskAsync(streaming));

        Assert.Equal((ActivityStatusCode.Error, null), (exported.Request.Status, exported.Request.StatusDescription));
        exported.Request.Tells("error.type=invalid_request", "meairouter.failure.kind=invalid_request", "meairouter.request.outcome=failed", "meairouter.attempts=1");
        Assert.Equal(["error.type=invalid_request"], Assert.Single(exported.Attempts).Told().Where(static tag => tag.StartsWith("error", StringComparison.Ordinal)));
        Assert.DoesNotContain(Router.Secret, exported.Everything());
    }

    [Fact]
    public async Task A_retry_at_the_same_endpoint_says_how_long_it_waited()
    {
        using var exported = new Exported();
        await using var router = await Router.StartAsync(Router.Answer);
        router.Acme.ForModel("large-a").Next(Fault.InternalError()).Then(Router.Answer);

        await router.AskAsync(streaming: false);

        Assert.Equal(["first", "retry"], exported.Attempts.Select(static attempt => attempt.GetTagItem("meairouter.attempt.reason")));
        Assert.Contains("meairouter.attempt.backoff", exported.Attempts[1].Told());
        Assert.Empty(exported.Request.Happened());
    }

    [Fact]
    public async Task A_hedge_is_told_and_the_superseded_attempt_ends()
    {
        using var exported = new Exported();
        var time = new ManualTimeProvider();
        await using var router = await Router.StartAsync(Fault.Silence(), Router.Answer, """{ "Fallback": { "FirstContent": "00:00:07" } }""", time);

        var asking = router.AskAsync(streaming: true);
        await router.Acme.WaitForRequestsAsync(1).Soon();
        await time.ArmedAsync(TimeSpan.FromSeconds(7));
        time.Advance(TimeSpan.FromSeconds(7));
        await asking;

        Assert.Equal(["meairouter.hedges meairouter.from=acme meairouter.to=x_ai"], exported.Request.Happened());
        Assert.Equal(
            ["first failed timeout", "hedge answered "],
            exported.Attempts.Select(static attempt => $"{attempt.GetTagItem("meairouter.attempt.reason")} {attempt.GetTagItem("meairouter.attempt.outcome")} {attempt.GetTagItem("error.type")}"));
        Assert.All(exported.Attempts, attempt => Assert.Equal(exported.Request.SpanId, attempt.ParentSpanId));
    }

    [Fact]
    public async Task A_stream_that_another_endpoint_continues_has_both_attempts()
    {
        using var exported = new Exported();
        var text = string.Join(' ', Enumerable.Range(1, 60));
        await using var router = await Router.StartAsync(Reply.Text(text).ResetAfter(20), Reply.Text(text), """{ "Fallback": { "HoldCharacters": 0 } }""");

        var response = await router.AskAsync(streaming: true);

        Assert.Equal(text, response.Text);
        Assert.Equal(
            ["meairouter.continuations error.type=provider_unavailable meairouter.failure.kind=truncated meairouter.from=acme meairouter.to=x_ai"],
            exported.Request.Happened());
        Assert.Equal(
            ["first failed", "continuation answered"],
            exported.Attempts.Select(static attempt => $"{attempt.GetTagItem("meairouter.attempt.reason")} {attempt.GetTagItem("meairouter.attempt.outcome")}"));
        Assert.Contains("meairouter.usage.estimated=True", exported.Attempts[0].Told());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_budget_that_refuses_is_told_by_its_scope_and_not_by_the_user(bool streaming)
    {
        using var exported = new Exported();
        await using var router = await Router.StartAsync(Router.Answer, Router.Answer, """{ "Budgets": [ { "Scope": "user:*", "LimitUsd": 0.000001, "Window": "monthly" } ] }""");

        await Assert.ThrowsAsync<RouterException>(() => router.AskAsync(streaming, Router.Options.WithUser("hush-bob")));

        const string Refusal = "meairouter.budget.refusals meairouter.budget.measure=usd meairouter.budget.scope=user:* meairouter.budget.window=monthly";
        Assert.Equal(
            [Refusal, "meairouter.failovers error.type=payment_required meairouter.failure.kind=budget_exceeded meairouter.from=acme meairouter.to=x_ai", Refusal],
            exported.Request.Happened());
        exported.Request.Tells("error.type=payment_required", "meairouter.failure.kind=budget_exceeded");
        Assert.Equal(["meairouter.budget.refusals meairouter.budget.measure=usd meairouter.budget.scope=user:* meairouter.budget.window=monthly 2"], exported.Points("meairouter.budget.refusals"));
        Assert.Empty(exported.Points("meairouter.budget.spent"));
        Assert.DoesNotContain(Router.Secret, exported.Everything());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_from_the_cache_has_no_attempt_and_costs_nothing(bool streaming)
    {
        await using var router = await Router.StartAsync(Router.Answer, more: """{ "ResponseCache": { "Enabled": true } }""");
        await router.AskAsync(streaming);
        using var exported = new Exported();

        await router.AskAsync(streaming);

        Assert.Empty(exported.Attempts);
        Assert.Equal(["meairouter.cache.hit meairouter.cache.result=hit"], exported.Request.Happened());
        Assert.Equal(
            ["meairouter.attempts=0", "meairouter.cache.hit=True", "meairouter.cost.total=0", "meairouter.request.id", "meairouter.request.model=fast", "meairouter.request.outcome=answered"],
            exported.Request.Told());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_request_ends_both_spans_and_is_no_error(bool streaming)
    {
        using var exported = new Exported();
        await using var router = await Router.StartAsync(Fault.Silence());
        using var cancellation = new CancellationTokenSource();

        var asking = router.AskAsync(streaming, token: cancellation.Token);
        await router.Acme.WaitForRequestsAsync(1).Soon();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        Assert.Contains("meairouter.request.outcome=cancelled", exported.Request.Told());
        var attempt = Assert.Single(exported.Attempts);
        Assert.Contains("meairouter.attempt.outcome=cancelled", attempt.Told());
        Assert.All(exported.Spans, static span => Assert.Equal((ActivityStatusCode.Unset, null), (span.Status, span.GetTagItem("error.type"))));
    }

    [Fact]
    public async Task A_stream_that_nobody_reads_on_ends_both_spans()
    {
        using var exported = new Exported();
        await using var router = await Router.StartAsync(Reply.Text("one two three four").StallAfter(2));

        await foreach (var update in router.Client.GetStreamingResponseAsync("A hush question", Router.Options))
        {
            if (update.Text.Length > 0)
                break;
        }

        Assert.Contains("meairouter.request.outcome=cancelled", exported.Request.Told());
        var attempt = Assert.Single(exported.Attempts);
        attempt.Tells("meairouter.attempt.outcome=cancelled", "meairouter.usage.estimated=True");
        Assert.Equal(exported.Request.SpanId, attempt.ParentSpanId);
    }

    [Fact]
    public async Task Embeddings_are_told_as_such()
    {
        using var exported = new Exported();
        await using var router = await Router.StartAsync(Reply.Embeddings());

        await router.Embeddings.GenerateAsync(["hush"], new EmbeddingGenerationOptions { ModelId = "acme/embed" });

        Assert.Equal("embeddings acme/embed", exported.Request.DisplayName);
        var attempt = Assert.Single(exported.Attempts);
        Assert.Equal("embeddings embed-a", attempt.DisplayName);
        attempt.Tells("gen_ai.operation.name=embeddings", "meairouter.endpoint=acme");
        Assert.DoesNotContain(Router.Secret, exported.Everything());
    }
}
