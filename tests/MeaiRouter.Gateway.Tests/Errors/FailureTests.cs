using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Errors;

/// <summary>What the caller sees when every provider has failed, before any content.</summary>
public sealed class FailureTests : GatewayTest
{
    /// <summary>What a provider does, and with what the caller is answered when the fallback does the same.</summary>
    private static readonly Dictionary<string, (ScriptStep Step, int Status, string ErrorType, int? ProviderStatus)> Faults = new()
    {
        ["400"] = (Fault.BadRequest(), 400, "invalid_request", 400),
        ["400 context"] = (Fault.ContextLengthExceeded(), 400, "context_length_exceeded", 400),
        ["400 filtered"] = (Fault.ContentFiltered(), 400, "content_policy_violation", 400),
        ["401"] = (Fault.Unauthorized(), 502, "provider_unavailable", 401),
        ["402"] = (Fault.PaymentRequired(), 502, "provider_unavailable", 402),
        ["403"] = (Fault.Forbidden(), 502, "provider_unavailable", 403),
        ["404"] = (Fault.ModelNotFound(), 404, "not_found", 404),
        ["408"] = (Fault.Status(408), 504, "timeout", 408),
        ["413"] = (Fault.TooLarge(), 413, "payload_too_large", 413),
        ["418"] = (Fault.Status(418), 400, "invalid_request", 418),
        ["429"] = (Fault.RateLimited(), 429, "rate_limit_exceeded", 429),
        ["500"] = (Fault.InternalError(), 502, "provider_unavailable", 500),
        ["502"] = (Fault.BadGateway(), 503, "provider_unavailable", 502),
        ["503"] = (Fault.Unavailable(), 503, "provider_unavailable", 503),
        ["504"] = (Fault.Status(504), 504, "timeout", 504),
        ["529"] = (Fault.Overloaded(), 503, "provider_overloaded", 529),
        ["503 page"] = (Fault.Html(503), 503, "provider_unavailable", 503),
        ["200 page"] = (Fault.Html(), 502, "provider_unavailable", 200),
        ["200 error"] = (Fault.ErrorWith200(429, "rate_limit_exceeded"), 429, "rate_limit_exceeded", 429),
        ["200 empty body"] = (Fault.EmptyBody(), 502, "provider_unavailable", null),
        ["200 empty answer"] = (Reply.Empty, 502, "provider_unavailable", null),
        ["200 broken JSON"] = (Reply.Text("Hello").MalformedAfter(0), 502, "provider_unavailable", null),
        ["reset"] = (Fault.Reset(), 502, "provider_unavailable", null),
        ["closed"] = (Fault.Closed(), 502, "provider_unavailable", null),
        ["cut"] = (Reply.Text("Hello").CutAfter(0), 502, "provider_unavailable", null),
        ["in-band error"] = (Reply.Text("Hello").ErrorAfter(0), 503, "provider_unavailable", 502),
        ["ended early"] = (Reply.Text("Hello").EndAfter(0), 502, "provider_unavailable", null),
    };

    public static TheoryData<string, bool> EveryFaultInBothModes()
    {
        var data = new TheoryData<string, bool>();
        foreach (var name in Faults.Keys)
        {
            data.Add(name, false);
            data.Add(name, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryFaultInBothModes))]
    public async Task When_all_providers_fail_alike_the_error_has_the_status_of_their_failure_and_says_who_said_what(string name, bool streaming)
    {
        var (step, status, errorType, providerStatus) = Faults[name];
        FirstScript.Always(step);
        SecondScript.Always(step);

        var answer = await Gateway.PostAsync(Hello(streaming));

        Assert.Equal((status, "application/json"), (answer.Status, answer.ContentType));
        Assert.Equal((status, errorType), ((int)answer.Error["code"]!, (string)answer.Error["metadata"]!["error_type"]!));
        Assert.Equal(["error"], answer.Json.AsObject().Select(member => member.Key));

        var previous = answer.Error["metadata"]!["previous_errors"]!.AsArray();
        var tried = First.Requests.Concat(Second.Requests).Select(request => request.Provider);
        Assert.Equal(tried, previous.Select(error => (string)error!["provider"]!));
        Assert.All(previous, error =>
        {
            Assert.Equal((Model, providerStatus, errorType), ((string)error!["model"]!, (int?)error["status"], (string)error["code"]!));
            Assert.Contains((string)error["message"]!, (string)answer.Error["message"]!, StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(EveryFaultInBothModes))]
    public async Task A_failure_tells_the_id_under_which_the_ledger_keeps_it(string name, bool streaming)
    {
        FirstScript.Always(Faults[name].Step);
        SecondScript.Always(Faults[name].Step);

        var answer = await Gateway.PostAsync(Hello(streaming));

        var record = await Gateway.Ledger.SingleAsync();
        Assert.Equal(record.Id, answer.Headers.GetValueOrDefault("X-Generation-Id"));
        Assert.Equal(First.RequestCount + Second.RequestCount, record.Attempts.Count);
        Assert.All(record.Attempts, attempt => Assert.Equal(AttemptOutcome.Failed, attempt.Outcome));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_providers_fail_differently_the_error_is_503_and_says_which_provider_said_what(bool streaming)
    {
        FirstScript.Always(Fault.Status(502, message: "My disk is full."));
        SecondScript.Always(Fault.Status(401, message: "I do not know you."));

        var answer = await Gateway.PostAsync(Hello(streaming));

        Assert.Equal(503, answer.Status);
        HttpAnswer.AssertJson(
            """
            { "error_type": "provider_unavailable",
              "previous_errors": [
                { "provider": "first", "model": "acme/small", "code": "provider_unavailable", "status": 502, "message": "first answered 502: first: My disk is full." },
                { "provider": "second", "model": "acme/small", "code": "provider_unavailable", "status": 401, "message": "second answered 401: second: I do not know you." } ] }
            """,
            answer.Error["metadata"]!);
        Assert.Equal(
            "All 2 attempts failed. 1. first/small-1: Unavailable (HTTP 502), first answered 502: first: My disk is full. "
            + "2. second/small-2: Unauthorized (HTTP 401), second answered 401: second: I do not know you.",
            (string)answer.Error["message"]!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_single_attempt_tells_the_providers_own_code_and_request_id(bool streaming)
    {
        FirstScript.Always(Fault.Status(503, "out_of_gpus").WithHeader("x-request-id", "req-77"));

        var answer = await Gateway.PostAsync(Hello(streaming, ("provider", new { only = new[] { "first" } })));

        var metadata = answer.Error["metadata"]!;
        Assert.Equal(
            ("first", "out_of_gpus", "req-77"),
            ((string)metadata["provider_name"]!, (string)metadata["provider_code"]!, (string)metadata["provider_request_id"]!));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Retry_After_is_the_soonest_of_the_providers_hints(bool streaming)
    {
        FirstScript.Always(Fault.RateLimited(TimeSpan.FromSeconds(40)));
        SecondScript.Always(Fault.RateLimited(TimeSpan.FromSeconds(7.2)));

        var answer = await Gateway.PostAsync(Hello(streaming));

        Assert.Equal((429, "8"), (answer.Status, answer.Headers["Retry-After"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Retry_After_is_not_invented_where_one_provider_gave_no_hint(bool streaming)
    {
        FirstScript.Always(Fault.RateLimited(TimeSpan.FromSeconds(40)));
        SecondScript.Always(Fault.RateLimited());

        var answer = await Gateway.PostAsync(Hello(streaming));

        Assert.Equal(429, answer.Status);
        Assert.DoesNotContain("Retry-After", answer.Headers.Keys);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_deadline_of_the_whole_request_is_answered_with_504(bool streaming)
    {
        FirstScript.Always(Fault.Silence());
        SecondScript.Always(Fault.Silence());
        await using var gateway = await StartGatewayAsync(("MeaiRouter:Fallback:Total", "0:00:00.3"));

        var answer = await gateway.PostAsync(Hello(streaming));

        Assert.Equal((504, "timeout"), (answer.Status, (string?)answer.Error["metadata"]!["error_type"]));
        await First.Requests[0].ClientAborted.WaitAsync(AtOnce);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_provider_that_nobody_listens_at_is_502_and_names_it(bool streaming)
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();

        var answer = await Gateway.PostAsync(Hello(streaming));

        Assert.Equal((502, "provider_unavailable"), (answer.Status, (string?)answer.Error["metadata"]!["error_type"]));
        Assert.Equal(["first", "first", "second"], answer.Error["metadata"]!["previous_errors"]!.AsArray().Select(error => (string)error!["provider"]!));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_unknown_model_is_400_and_the_nearest_name_is_told(bool streaming)
    {
        var answer = await Gateway.PostAsync(Hello(streaming, ("model", "acme/smal")));

        Assert.Equal((400, "application/json"), (answer.Status, answer.ContentType));
        HttpAnswer.AssertJson(
            """
            { "error": { "code": 400, "message": "'acme/smal' is not a model of the catalogue. Did you mean 'acme/small'?",
              "metadata": { "error_type": "invalid_request" },
              "availability": { "code": "model_not_found", "retryable": false, "requested_models": ["acme/smal"], "docs_url": "https://openrouter.ai/docs/errors#model_not_found" } } }
            """,
            answer.Json);
        Assert.Empty(Gateway.Ledger.Records);
        Assert.Equal(0, First.RequestCount + Second.RequestCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_breaks_after_content_ends_with_the_error_and_without_done(bool resets)
    {
        var answer = Reply.Chunks("one ", "two ", "three");
        FirstScript.Always(resets ? answer.ResetAfter(2) : answer.CutAfter(2));

        var broken = await Gateway.PostAsync(Alone);

        await AssertBrokenAsync(broken, "one two ", 502, "provider_unavailable", FailureKind.Truncated);
    }

    [Fact]
    public async Task A_stream_with_an_in_band_error_after_content_passes_the_error_on()
    {
        FirstScript.Always(Reply.Chunks("one ", "two").ErrorAfter(1, 429, "rate_limit_exceeded"));

        await AssertBrokenAsync(await Gateway.PostAsync(Alone), "one ", 429, "rate_limit_exceeded", FailureKind.RateLimited);
    }

    [Fact]
    public async Task A_stream_that_ends_without_a_finish_reason_after_content_is_no_success()
    {
        FirstScript.Always(Reply.Chunks("one ", "two").EndAfter(1));

        await AssertBrokenAsync(await Gateway.PostAsync(Alone), "one ", 502, "provider_unavailable", FailureKind.Incomplete);
    }

    [Fact]
    public async Task A_stream_that_stalls_after_content_ends_with_a_timeout()
    {
        FirstScript.Always(Reply.Chunks("one ", "two").StallAfter(1));
        await using var gateway = await StartGatewayAsync(("MeaiRouter:Fallback:Idle", "0:00:00.2"));

        await AssertBrokenAsync(await gateway.PostAsync(Alone), "one ", 504, "timeout", FailureKind.Stalled, gateway);
        await First.Requests[0].ClientAborted.WaitAsync(AtOnce);
    }

    /// <summary>A request that nobody else could go on with.</summary>
    private static Dictionary<string, object?> Alone => Hello(streaming: true, ("provider", new { allow_fallbacks = false }));

    private async Task AssertBrokenAsync(HttpAnswer answer, string text, int code, string errorType, FailureKind kind, RunningGateway? gateway = null)
    {
        Assert.Equal((200, "text/event-stream"), (answer.Status, answer.ContentType));
        Assert.Equal(text, answer.Text);
        Assert.DoesNotContain("[DONE]", answer.Events);

        var last = answer.Chunks[^1];
        HttpAnswer.AssertJson(
            """[ { "index": 0, "delta": { "content": "" }, "finish_reason": "error" } ]""", last["choices"]!);
        Assert.Equal(
            (answer.Id, "chat.completion.chunk", Model, "first", code, errorType),
            ((string)last["id"]!, (string)last["object"]!, (string)last["model"]!, (string)last["provider"]!,
                (int)last["error"]!["code"]!, (string)last["error"]!["metadata"]!["error_type"]!));
        Assert.All(answer.Chunks.SkipLast(1), chunk => Assert.Null(chunk["error"]));

        // What was delivered was paid for, and nothing was begun again.
        var record = await (gateway ?? Gateway).Ledger.SingleAsync();
        var attempt = Assert.Single(record.Attempts);
        Assert.Equal((answer.Id, AttemptOutcome.Failed, kind), (record.Id, attempt.Outcome, attempt.FailureKind!.Value));
        Assert.True(attempt.Usage is { IsEstimated: true, TotalOutput: > 0 });
        Assert.Equal(0, Second.RequestCount);
    }
}
