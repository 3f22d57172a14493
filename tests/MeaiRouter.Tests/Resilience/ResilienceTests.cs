using System.ComponentModel.DataAnnotations;
using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Fallback;
using MeaiRouter.Health;
using MeaiRouter.Resilience;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace MeaiRouter.Tests.Resilience;

public sealed class ResilienceTests
{
    private static readonly TimeSpan Two = TimeSpan.FromSeconds(2);

    private readonly ManualTimeProvider _time = new();
    private readonly InMemoryLedger _ledger = new();
    private readonly RoutingOptions _routing = TestPipeline.Routing;

    public ResilienceTests() => _routing.Health = new HealthBoard(_time);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_exceeds_the_timeout_of_its_pipeline_is_answered_by_the_next_endpoint(bool streaming)
    {
        var (silent, answering) = (FakeChatClient.Playing(Step.Silence), FakeChatClient.Answering("Hello"));
        var pipeline = With(resilience => resilience.ForProvider("a", builder => builder.AddTimeout(Two)), silent, answering);

        var asked = pipeline.AskAsync(streaming);
        await _time.ArmedAsync(Two);
        _time.Advance(Two);

        var response = await asked;
        Assert.Equal("Hello", response.Text);
        var attempts = response.Trace().Attempts;
        Assert.Equal(["a Failed Timeout", "b Answered"], attempts.Told());
        Assert.Equal(
            ("No answer within 2 s, the timeout of the endpoint's resilience pipeline.", "a", "a", Two),
            (attempts[0].Failure!.Message, attempts[0].Failure!.Provider, attempts[0].Failure!.Endpoint, attempts[0].Duration));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_call_that_a_retry_makes_is_an_attempt_of_its_own(bool streaming)
    {
        var flaky = new FakeChatClient(
            [new RouterException(FailureKind.ServerError, "First.")],
            ["", new RouterException(FailureKind.Truncated, "Second.")],
            FakeChatClient.Answer("Hello", new UsageDetails { InputTokenCount = 10, OutputTokenCount = 5, TotalTokenCount = 15 }));
        var pipeline = With(resilience => resilience.ForEndpoint("acme/large@a", Retry(2)), flaky, FakeChatClient.Answering("other"));

        var response = await pipeline.AskAsync(streaming);

        Assert.Equal("Hello", response.Text);
        var trace = response.Trace();
        Assert.Equal(["a Failed ServerError", "a Failed Truncated", "a Answered"], trace.Attempts.Told());
        Assert.Equal([0, 1, 2], trace.Attempts.Select(attempt => attempt.Index));
        Assert.Equal(3, flaky.Calls.Count);
        var record = Assert.Single(_ledger.Records);
        Assert.Equal(3, record.Attempts.Count);
        Assert.True(record.Attempts[1].Usage.IsEstimated, "The call that broke off may have cost something.");
        Assert.Equal(trace.Cost, record.Cost);
        var health = HealthOf(0);
        Assert.Equal((1L, 2L, 0), (health.Answered, health.Failed, health.InFlight));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_the_retries_are_used_up_the_next_endpoint_answers(bool streaming)
    {
        var (down, answering) = (FakeChatClient.Playing(new HttpRequestException("Reset.")), FakeChatClient.Answering("Hello"));

        var response = await With(resilience => resilience.ForAll(Retry(1)), down, answering).AskAsync(streaming);

        Assert.Equal(["a Failed ConnectionFailed", "a Failed ConnectionFailed", "b Answered"], response.Trace().Attempts.Told());
        Assert.Equal((2, 1, 0), (down.Calls.Count, answering.Calls.Count, HealthOf(0).InFlight));
    }

    [Theory]
    [InlineData(FailureKind.InvalidRequest, false)]
    [InlineData(FailureKind.InvalidRequest, true)]
    [InlineData(FailureKind.Unauthorized, false)]
    [InlineData(FailureKind.RateLimited, true)]
    public async Task What_a_second_call_would_not_mend_is_not_called_twice(FailureKind kind, bool streaming)
    {
        var failing = FakeChatClient.Playing(new RouterException(kind, "No."));

        var failure = await With(resilience => resilience.ForAll(Retry(3)), failing).AskInVainAsync(streaming);

        Assert.Equal([$"a Failed {kind}"], failure.Attempts.Told());
        Assert.Single(failing.Calls);
    }

    [Fact]
    public async Task Once_the_caller_has_content_nothing_is_repeated()
    {
        var broken = FakeChatClient.Playing("Hel", new HttpRequestException("Reset."));

        var (updates, exception) = await With(resilience => resilience.ForAll(Retry(3)), broken).ReadAsync();

        Assert.Equal("Hel", updates.Text());
        Assert.Equal(["a Failed Truncated"], Assert.IsType<RouterException>(exception).Attempts.Told());
        Assert.Single(broken.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_open_breaker_sends_requests_elsewhere_and_is_not_held_against_the_endpoint_again(bool streaming)
    {
        var (down, answering) = (FakeChatClient.Playing(new RouterException(FailureKind.ServerError, "Down.")), FakeChatClient.Answering("Hello"));
        var pipeline = With(resilience => resilience.ForProvider("a", builder => builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 1, MinimumThroughput = 2, BreakDuration = TimeSpan.FromSeconds(20), ShouldHandle = new PredicateBuilder().HandleEndpointFailures(),
        })), down, answering);
        await pipeline.AskAsync(streaming);
        await pipeline.AskAsync(streaming);

        var response = await pipeline.AskAsync(streaming, new ChatOptions().WithRouting(new() { Order = ["a", "b"] }));

        var attempts = response.Trace().Attempts;
        Assert.Equal(["a Failed CircuitOpen", "b Answered"], attempts.Told());
        Assert.StartsWith("The circuit breaker of the endpoint's resilience pipeline is open.", attempts[0].Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(20), attempts[0].Failure!.RetryAfter);
        Assert.Equal((2, 2L, 0m), (down.Calls.Count, HealthOf(0).Failed, attempts[0].Cost!.Value.ToUsd()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_who_cancels_between_two_calls_ends_both(bool streaming)
    {
        var down = FakeChatClient.Playing(new RouterException(FailureKind.ServerError, "Down."));
        using var cancellation = new CancellationTokenSource();
        var pipeline = With(
            resilience => resilience.ForAll(builder => builder.AddRetry(new RetryStrategyOptions { Delay = TimeSpan.FromSeconds(77), MaxRetryAttempts = 1 })),
            down);

        var asked = pipeline.AskAsync(streaming, token: cancellation.Token);
        await _time.ArmedAsync(TimeSpan.FromSeconds(77));
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.Equal((1, 0), (down.Calls.Count, HealthOf(0).InFlight));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Repeated_calls_keep_the_room_of_their_attempt_and_give_it_back_once(bool streaming)
    {
        var flaky = new FakeChatClient([new HttpRequestException("Reset.")], FakeChatClient.Answer("one"), [new HttpRequestException("Reset.")], FakeChatClient.Answer("two"));
        var options = new FallbackOptions { Load = new() { MaxConcurrency = 1, QueueLimit = 0 } };
        var pipeline = With(options, resilience => resilience.ForAll(Retry(1)), flaky);

        Assert.Equal("one", (await pipeline.AskAsync(streaming)).Text);
        Assert.Equal("two", (await pipeline.AskAsync(streaming)).Text);
    }

    [Fact]
    public async Task An_endpoint_has_the_strategies_of_all_of_its_provider_and_its_own_the_widest_outermost()
    {
        var order = new List<string>();
        var pipeline = With(
            resilience => resilience
                .ForEndpoint("ACME/large@a", Saying("endpoint")).ForEndpoint("acme/large@b", Saying("alone"), inherit: false)
                .ForProvider("A", Saying("provider")).ForProvider("c", Saying("provider"), inherit: false)
                .ForAll(Saying("all")),
            FakeChatClient.Playing(new HttpRequestException("Reset.")), FakeChatClient.Playing(new HttpRequestException("Reset.")), FakeChatClient.Answering("Hello"));

        await pipeline.AskAsync(streaming: true);

        Assert.Equal(["all", "provider", "endpoint", "alone", "provider"], order);

        Action<ResiliencePipelineBuilder> Saying(string name) => builder => builder.AddStrategy(_ => new Saying(() => order.Add(name)), new Nothing());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_catalogue_pipelines_are_found_by_the_names_of_the_clients(bool streaming)
    {
        var flaky = new FakeChatClient([new HttpRequestException("Reset.")], FakeChatClient.Answer("Hello")) { Metadata = new("acme") };
        var options = new FallbackOptions();
        options.UseResilience(resilience => resilience.ForProvider("acme", Retry(1)));
        using var client = new FallbackChatClient(flaky, [FakeChatClient.Answering("backup")], options, _time);

        var response = await client.AskAsync(streaming);

        Assert.Equal("Hello", response.Text);
        Assert.Equal(["acme Failed ConnectionFailed", "acme Answered"], response.Trace().Attempts.Told());
    }

    [Theory]
    [InlineData("provider", "acne", "Resilience is set up for 'acne', which is no provider of the pipeline. Did you mean 'acme'?")]
    [InlineData("endpoint", "m@acne", "Resilience is set up for 'm@acne', which is no endpoint of the pipeline. Did you mean 'm@acme'?")]
    public void A_name_that_is_not_in_the_catalogue_fails_when_the_pipeline_is_built(string scope, string name, string expected)
    {
        var options = new FallbackOptions();
        options.UseResilience(resilience => _ = scope == "provider" ? resilience.ForProvider(name, Retry(1)) : resilience.ForEndpoint(name, Retry(1)));
        var catalog = new MeaiRouter.Catalog.ModelCatalog([new("m") { Endpoints = [new("acme", "x")] }]);
        var fallback = new FallbackChatClient(new FakeChatClient(), options);

        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => new RouterChatClient(fallback, catalog)).Message);
    }

    [Fact]
    public void Mistakes_in_a_strategy_or_in_a_name_are_found_at_once()
    {
        var options = new ResilienceOptions();

        Assert.Throws<ValidationException>(() => options.ForAll(builder => builder.AddTimeout(TimeSpan.Zero)));
        Assert.StartsWith(
            "'acme/large' is not an endpoint. Name it by its model's id and its tag, such as acme/large@acme-eu.",
            Assert.Throws<ArgumentException>(() => options.ForEndpoint("acme/large", Retry(1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => options.ForProvider(" ", Retry(1)));
    }

    [Fact]
    public void With_nothing_said_no_policy_is_set()
    {
        var options = new FallbackOptions { AttemptPolicy = new ResiliencePolicy(new ResilienceOptions()) };

        Assert.Null(options.UseResilience(_ => { }).AttemptPolicy);
    }

    private static Action<ResiliencePipelineBuilder> Retry(int retries) => builder => builder.AddRetry(new RetryStrategyOptions
    {
        MaxRetryAttempts = retries, Delay = TimeSpan.Zero, ShouldHandle = new PredicateBuilder().HandleTransientFailures(),
    });

    private CostTrackingChatClient With(Action<ResilienceOptions> configure, params FakeChatClient[] providers) => With(new FallbackOptions(), configure, providers);

    private CostTrackingChatClient With(FallbackOptions options, Action<ResilienceOptions> configure, params FakeChatClient[] providers)
    {
        // No attempt to spare for the engine's own retry, so that only Polly's are seen.
        options.MaxAttempts = providers.Length;
        options.UseResilience(resilience =>
        {
            resilience.TimeProvider = _time;
            configure(resilience);
        });
        return new CostTrackingChatClient(
            new RouterChatClient(
                new FallbackChatClient(TestPipeline.Endpoint(providers), options, _time), TestPipeline.Catalog(providers.Length), _routing, _time),
            _ledger, null, _time);
    }

    private HealthSnapshot HealthOf(int endpoint)
    {
        var model = TestPipeline.Model(endpoint + 1);
        return _routing.Health.For(model, model.Endpoints[endpoint]).Snapshot();
    }

    private sealed class Nothing : ResilienceStrategyOptions;

    private sealed class Saying(Action say) : ResilienceStrategy
    {
        protected override ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
        {
            say();
            return callback(context, state);
        }
    }
}
