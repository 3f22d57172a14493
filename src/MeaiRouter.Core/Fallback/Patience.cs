using MeaiRouter.Health;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback;

/// <summary>How long an endpoint may show nothing for one request: from what was configured, and from how long its answers take.</summary>
internal struct Patience(RaceSettings settings, IReadOnlyList<ChatMessage> messages, ChatOptions options, bool streaming)
{
    // Of the answers to a request of this kind one in twenty takes longer than expected, and is given a quarter more.
    private const double UsualShare = 0.95;
    private const double Allowance = 1.25;

    // One answer says nothing; waiting for more than two would pay for a needless second endpoint each time.
    private const int AnswersToStretch = 2;

    // With fewer there is no telling the slowest one in twenty from the others.
    private const int AnswersToHedge = 20;

    private long _promptTokens = -1;

    /// <summary>The deadlines of an attempt; <see cref="TimeSpan.MaxValue"/> where there is none.</summary>
    public Deadlines For(EndpointHealth health)
    {
        var configured = settings.Options.SoftDeadline(streaming);
        if (configured == Timeout.InfiniteTimeSpan)
            configured = TimeSpan.MaxValue;
        else if (health.Expectations.Expect(streaming, PromptTokens(), UsualShare, AnswersToStretch) is { } usual && usual * Allowance > configured)
            configured = usual * Allowance;

        var hedge = settings.Options.Hedging is { } hedging
            ? health.Expectations.Expect(streaming, PromptTokens(), hedging.Quantile, AnswersToHedge)
            : null;
        return new Deadlines(configured, hedge ?? TimeSpan.MaxValue);
    }

    /// <summary>Teaches an endpoint's expectations how long an answer took.</summary>
    public void Learn(EndpointHealth health, TimeSpan wait) => health.Expectations.Observe(streaming, PromptTokens(), wait);

    private long PromptTokens()
    {
        if (_promptTokens < 0)
            _promptTokens = PromptFacts.Of(messages, options).Estimate;
        return _promptTokens;
    }
}
