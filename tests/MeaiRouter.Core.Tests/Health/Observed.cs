using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Health;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Health;

/// <summary>Attempts as an endpoint's health observes them. They are timed by a clock of their own, so that the health's stands still.</summary>
internal static class Observed
{
    public static RouteAttempt Begin(EndpointHealth health, TimeProvider? time = null) => new(0, "p", null, null, health, null, time ?? new ManualTimeProvider());

    /// <summary>A streamed answer: so many seconds until its first content, so many in all, so many tokens.</summary>
    public static void Answer(
        this EndpointHealth health, double wait = 0.5, double total = 1, long output = 100, long input = 1000, long cached = 0, bool tools = false,
        bool badTools = false)
    {
        var time = new ManualTimeProvider();
        var attempt = Begin(health, time);
        time.Advance(TimeSpan.FromSeconds(wait));
        attempt.Observe(new ChatResponseUpdate(ChatRole.Assistant, [Content(tools, badTools)]));
        time.Advance(TimeSpan.FromSeconds(total - wait));
        var usage = new UsageDetails { InputTokenCount = input, CachedInputTokenCount = cached, OutputTokenCount = output };
        attempt.Observe(new ChatResponseUpdate(null, [new UsageContent(usage)]));
        attempt.End(AttemptOutcome.Answered);
    }

    public static void Fail(this EndpointHealth health, FailureKind kind = FailureKind.Unavailable, TimeSpan? retryAfter = null) =>
        Begin(health).Fail(kind, retryAfter);

    public static void Fail(this RouteAttempt attempt, FailureKind kind, TimeSpan? retryAfter = null) =>
        attempt.End(AttemptOutcome.Failed, new RouterException(kind, "Failed.") { RetryAfter = retryAfter });

    public static void Times(this int count, Action action)
    {
        for (var i = 0; i < count; i++)
            action();
    }

    public static void Times(this int count, Action<int> action)
    {
        for (var i = 0; i < count; i++)
            action(i);
    }

    private static AIContent Content(bool tools, bool badTools) => tools || badTools
        ? new FunctionCallContent("1", "weather") { Exception = badTools ? new FormatException("No JSON.") : null }
        : new TextContent("Hello");
}
