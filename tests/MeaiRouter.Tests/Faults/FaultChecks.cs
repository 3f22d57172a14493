using MeaiRouter.Attempts;
using MeaiRouter.Costs;
using MeaiRouter.Health;
using MeaiRouter.Pricing;
using MeaiRouter.Testing;

namespace MeaiRouter.Tests.Faults;

/// <summary>What must hold after a fault wherever the caller stood.</summary>
internal static class FaultChecks
{
    /// <summary>How long a silent provider is borne in these tests.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(300);

    // A busy machine has time, and yet it is half of what waiting for anything else than the deadline would take.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public static void AssertHeard(FaultCase fault, Heard heard)
    {
        if (fault is { MayLoseBytes: true, End: FaultEnd.BrokenOff })
            Assert.True(heard.Begins(fault.Heard), $"{heard} is no beginning of {fault.Heard}");
        else
            Assert.Equal(fault.Heard, heard);
    }

    public static async Task AssertRequestsAsync(FaultCase fault, ScriptedProvider first, ScriptedProvider second, TimeSpan elapsed)
    {
        Assert.Equal((fault.AttemptsAtFirst, fault.AttemptsAtSecond), (first.RequestCount, second.RequestCount));
        Assert.All(first.Requests.Concat(second.Requests), request => Assert.Equal(fault.Streaming, request.Streamed));
        Assert.InRange(elapsed, fault.IsSilent ? Deadline : TimeSpan.Zero, Longest);

        // Whoever was given up on is told, and holds no connection any more.
        if (fault.IsSilent)
            await first.Requests.Single().ClientAborted.WaitAsync(Longest);
    }

    public static void AssertRecord(FaultCase fault, GenerationRecord record, Price first, Price second)
    {
        var expected = Enumerable.Repeat(("first", AttemptOutcome.Failed, (FailureKind?)fault.Kind), fault.AttemptsAtFirst).ToList();
        if (fault.AttemptsAtSecond > 0)
        {
            expected.Add(fault.End == FaultEnd.BrokenOff
                ? ("second", AttemptOutcome.Failed, FailureKind.ContinuationFailed)
                : ("second", AttemptOutcome.Answered, null));
        }

        Assert.Equal(expected, record.Attempts.Select(attempt => (attempt.Provider, attempt.Outcome, attempt.FailureKind)));

        var total = NanoUsd.Zero;
        foreach (var attempt in record.Attempts)
        {
            var (billed, price) = attempt.Provider == "first" ? (fault.Billed, first) : (fault.BilledAtSecond, second);
            if (fault.MayLoseBytes && attempt.Provider == "first" && billed is { } most)
                Assert.InRange(attempt.Usage.Output, 0, most.Output);
            else
                Assert.Equal(billed.GetValueOrDefault(), attempt.Usage);
            Assert.Equal(attempt.Usage.Requests == 0 ? NanoUsd.Zero : CostOf(attempt.Usage, price), attempt.Cost);
            total += attempt.Cost!.Value;
        }

        Assert.Equal(total, record.Cost);
        Assert.Equal(fault.Streaming, record.IsStreamed);
    }

    public static void AssertHealth(FaultCase fault, HealthSnapshot first, HealthSnapshot second)
    {
        // A refused key rests, and a 429 rests the quota; neither says anything about the endpoint.
        var rests = fault.Kind is FailureKind.RateLimited or FailureKind.Unauthorized or FailureKind.PaymentRequired or FailureKind.PermissionDenied;
        var failed = !rests && fault.Kind.Consequences().CountsAgainstHealth ? fault.AttemptsAtFirst : 0;
        var limited = fault.Kind == FailureKind.RateLimited ? fault.AttemptsAtFirst : 0;

        Assert.Equal((0L, failed, limited, 0, BreakerState.Closed), (first.Answered, first.Failed, first.RateLimited, first.InFlight, first.Breaker));
        if (!fault.Name.StartsWith("429 for a moment", StringComparison.Ordinal))
            Assert.Equal(rests, first.AvailableIn > TimeSpan.Zero);

        var answered = fault.AttemptsAtSecond > 0 && fault.End != FaultEnd.BrokenOff ? 1 : 0;
        Assert.Equal((answered, 0L, 0L, 0, TimeSpan.Zero), (second.Answered, second.Failed, second.RateLimited, second.InFlight, second.AvailableIn));
    }

    // By hand, so that the prices' own arithmetic is not what checks itself.
    private static NanoUsd CostOf(in TokenUsage usage, Price price) => NanoUsd.FromUsd(
        (usage.Input * price.Prompt + usage.Output * price.Completion + usage.Reasoning * (price.Reasoning ?? price.Completion)) / 1_000_000m);
}
