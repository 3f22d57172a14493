using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Fallback;
using MeaiRouter.Health;
using MeaiRouter.Resilience;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using Polly;
using Polly.Simmy;
using Polly.Simmy.Behavior;
using Polly.Simmy.Fault;

namespace MeaiRouter.Tests.Resilience;

/// <summary>Polly's chaos strikes endpoints at random, and fallback still gives every caller the right answer.</summary>
public sealed class ChaosTests
{
    private const int Callers = 300;

    private static readonly TimeSpan Latency = TimeSpan.FromSeconds(15);

    // After it an endpoint that failed is asked first again, or nothing would strike any more.
    private static readonly TimeSpan Forgetting = TimeSpan.FromMinutes(31);

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public async Task While_faults_strike_two_of_three_endpoints_every_caller_gets_the_whole_answer_and_every_attempt_is_booked(bool streaming, int seed)
    {
        var stage = new Stage();
        var random = new Random(seed);
        var options = new FallbackOptions();
        options.UseResilience(resilience =>
        {
            resilience.TimeProvider = stage.Time;
            foreach (var provider in (string[])["a", "b"])
            {
                resilience.ForProvider(provider, builder => builder
                    .AddChaosFault(new ChaosFaultStrategyOptions
                    {
                        InjectionRate = 0.5,
                        Randomizer = random.NextDouble,
                        FaultGenerator = _ => ValueTask.FromResult(Fault(random)),
                    })
                    .AddChaosBehavior(new ChaosBehaviorStrategyOptions
                    {
                        InjectionRate = 0.2,
                        Randomizer = random.NextDouble,
                        BehaviorGenerator = static _ => throw new IOException("Chaos: the cable."),
                    }));
            }
        });
        var pipeline = stage.Build(options);

        // One after the other, so that the random numbers fall the same way in every run.
        var responses = new List<ChatResponse>();
        for (var i = 0; i < Callers; i++)
        {
            responses.Add(await pipeline.AskAsync(streaming));
            stage.Time.Advance(Forgetting);
        }

        AssertAllAnswered(stage, responses);
        Assert.Contains(responses, response => response.Trace().Attempts.Count == 3);
        Assert.Equal(
            [FailureKind.ConnectionFailed, FailureKind.Overloaded, FailureKind.Timeout],
            responses.SelectMany(response => response.Trace().Attempts).Select(attempt => attempt.Failure?.Kind).OfType<FailureKind>().Distinct().Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_latency_strikes_the_next_endpoint_answers_after_the_soft_deadline(bool streaming)
    {
        var stage = new Stage();
        var options = new FallbackOptions { FirstContent = TimeSpan.FromSeconds(10), WholeAnswer = TimeSpan.FromSeconds(10) };
        options.UseResilience(resilience =>
        {
            resilience.TimeProvider = stage.Time;
            resilience.ForProvider("a", builder => builder.AddChaosLatency(1, Latency));
        });
        var pipeline = stage.Build(options);

        var asked = pipeline.AskAsync(streaming);
        await stage.Time.ArmedAsync(TimeSpan.FromSeconds(10));
        await stage.Time.ArmedAsync(Latency);
        stage.Time.Advance(TimeSpan.FromSeconds(10));

        var response = await asked;
        Assert.Equal("Hello", response.Text);
        Assert.Equal(["a Failed Timeout", "b Answered"], response.Trace().Attempts.Told());
        Assert.Equal((0, 1), (stage.Providers[0].Calls.Count, stage.Providers[1].Calls.Count));
        stage.AssertNothingInFlight();
    }

    [Fact]
    public async Task Two_hundred_callers_at_once_under_chaos_and_retries_leave_nothing_in_flight()
    {
        var stage = new Stage();
        var options = new FallbackOptions { Load = new() { MaxConcurrency = 20, QueueLimit = 500, MaxWait = Timeout.InfiniteTimeSpan } };
        options.UseResilience(resilience =>
        {
            resilience.TimeProvider = stage.Time;
            var settings = new ResilienceSettings
            {
                Retry = new() { MaxRetryAttempts = 2, Delay = TimeSpan.Zero, ShouldHandle = new PredicateBuilder<object>().HandleTransientFailures() },
                Chaos = new() { FaultRate = 0.3, OutcomeRate = 0.2, Seed = 11 },
            };
            resilience.ForProvider("a", settings.AddTo).ForProvider("b", settings.AddTo);
        });
        var pipeline = stage.Build(options);

        var responses = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => pipeline.AskAsync(i % 2 == 0))));

        AssertAllAnswered(stage, responses);
    }

    [Fact]
    public async Task The_same_seed_strikes_the_same_calls_and_each_endpoint_has_its_own()
    {
        var (first, again) = (await StrikesAsync(seed: 5), await StrikesAsync(seed: 5));
        var other = await StrikesAsync(seed: 6);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Contains("a Failed ServerError, b Answered", first);
        Assert.Contains("a Failed ServerError, b Failed ServerError, c Answered", first);
        Assert.Contains("a Failed EmptyAnswer, b Answered", first);
        Assert.Contains("a Answered", first);

        static async Task<List<string>> StrikesAsync(int seed)
        {
            var stage = new Stage();
            var chaos = new ChaosSettings { FaultRate = 0.4, OutcomeRate = 0.3, Seed = seed };
            var options = new FallbackOptions();
            options.UseResilience(resilience => resilience.ForProvider("a", chaos.AddTo).ForProvider("b", chaos.AddTo));
            var pipeline = stage.Build(options);
            var strikes = new List<string>();
            for (var i = 0; i < 60; i++)
            {
                strikes.Add(string.Join(", ", (await pipeline.AskAsync(streaming: i % 2 == 0)).Trace().Attempts.Told()));
                stage.Time.Advance(Forgetting);
            }

            return strikes;
        }
    }

    // Polly's own generator draws among its faults with a chance that cannot be seeded.
    private static Exception? Fault(Random random) => random.Next(3) switch
    {
        0 => new HttpRequestException("Chaos: reset."),
        1 => new TimeoutException("Chaos: too slow."),
        _ => new RouterException(FailureKind.Overloaded, "Chaos: busy."),
    };

    private static void AssertAllAnswered(Stage stage, IReadOnlyList<ChatResponse> responses)
    {
        Assert.All(responses, response =>
        {
            Assert.Equal(("Hello", ChatFinishReason.Stop), (response.Text, response.FinishReason));
            var attempts = response.Trace().Attempts;
            Assert.Equal(AttemptOutcome.Answered, attempts[^1].Outcome);
            Assert.All(attempts.SkipLast(1), attempt => Assert.Equal(AttemptOutcome.Failed, attempt.Outcome));
        });

        // What the providers saw is what the traces say: every call is an attempt, and nobody was called behind the ledger's back.
        var told = responses.SelectMany(response => response.Trace().Attempts).ToList();
        Assert.Equal(responses.Count, stage.Providers.Sum(provider => provider.Calls.Count));
        Assert.Equal(responses.Count, told.Count(attempt => attempt.Outcome == AttemptOutcome.Answered));
        Assert.Equal(told.Count, stage.Ledger.Records.Sum(record => record.Attempts.Count));
        Assert.True(told.Count > responses.Count, "No fault ever struck.");
        stage.AssertNothingInFlight();
    }

    /// <summary>Three endpoints that answer, and what is known about them afterwards.</summary>
    private sealed class Stage
    {
        private readonly RoutingOptions _routing = TestPipeline.Routing;

        public Stage() => _routing.Health = new HealthBoard(Time);

        public ManualTimeProvider Time { get; } = new();

        public InMemoryLedger Ledger { get; } = new();

        public FakeChatClient[] Providers { get; } = [.. Enumerable.Range(0, 3).Select(_ => FakeChatClient.Answering("Hello"))];

        public CostTrackingChatClient Build(FallbackOptions options) => new CostTrackingChatClient(
            new RouterChatClient(new FallbackChatClient(TestPipeline.Endpoint(Providers), options, Time), TestPipeline.Catalog(3), _routing, Time), Ledger, null, Time);

        public void AssertNothingInFlight()
        {
            foreach (var endpoint in TestPipeline.Model(3).Endpoints)
                Assert.Equal(0, _routing.Health.For(TestPipeline.Model(3), endpoint).InFlight);
        }
    }
}
