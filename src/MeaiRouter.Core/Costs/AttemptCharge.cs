using MeaiRouter.Attempts;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Costs;

/// <summary>Works out what one attempt cost: its usage or an estimate of it, the price that applied, and who pays.</summary>
internal readonly struct AttemptCharge(PriceBook prices, CostTrackingOptions settings, string? requestedModel, IReadOnlyList<ChatMessage> messages, ChatOptions options)
{
    public void Settle(RouteAttempt attempt)
    {
        if (attempt.IsCacheHit)
        {
            attempt.Usage = default(TokenUsage);
            attempt.Cost = NanoUsd.Zero;
            return;
        }

        if (attempt.Usage is null)
            attempt.Usage = MayHaveCost(attempt) ? UsageEstimate.Of(attempt, messages, options) : null;
        else if (attempt.Outcome != AttemptOutcome.Answered && attempt.Failure?.Kind != FailureKind.SchemaMismatch)
            attempt.Usage = UsageEstimate.AtLeast(attempt.Usage.Value, attempt);

        if (attempt.Usage is { } usage)
            Charge(attempt, usage);
        else
            attempt.Cost = NanoUsd.Zero;
    }

    private void Charge(RouteAttempt attempt, TokenUsage usage)
    {
        var price = PriceOf(attempt, usage);
        if (price is { Image: > 0 } && UsageEstimate.Images(messages) is > 0 and var images)
            attempt.Usage = usage = usage with { Images = images };

        var computed = price?.CostOf(usage);
        var spent = computed ?? (settings.ChargesReportedCost ? attempt.ReportedCost?.Total : null);
        attempt.Price = price;
        attempt.Cost = attempt.IsByok ? Fee(spent) : spent;
        attempt.HasCostDrift = !usage.IsEstimated && Drifts(computed, attempt.ReportedCost?.Total);
        attempt.IsWaived = settings.WaivesEmptyAnswers && BroughtNothing(attempt, usage, EmbeddingCall.From(options) is not null);
    }

    private Price? PriceOf(RouteAttempt attempt, in TokenUsage usage)
    {
        if (prices.PriceOf(attempt, requestedModel) is not { } list)
            return null;

        return list.For(new PriceConditions
        {
            PromptTokens = usage.TotalInput,
            At = attempt.StartedAt,
            ServiceTier = TierOf(attempt, list),
            Regions = attempt.Endpoint?.Regions,
        });
    }

    // The whole price list of a tier's own endpoint is that of the tier.
    private string? TierOf(RouteAttempt attempt, Price list)
    {
        if (attempt.Endpoint is { } endpoint && EndpointSlugs.TierOf(endpoint) != ServiceTiers.None)
            return null;
        if (attempt.ServiceTier is { } served)
            return ServiceTierNames.Canonical(served);

        // Many providers ignore the tier asked for without a word, so that only a list which knows it is believed to apply it.
        return list.Overrides.Count > 0 && ServiceTierNames.Of(RequestParameters.TierOf(options)) is { } asked && HasTier(list, asked) ? asked : null;
    }

    private static bool HasTier(Price list, string tier)
    {
        foreach (var change in list.Overrides)
        {
            if (tier.Equals(change.ServiceTier, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private NanoUsd? Fee(NanoUsd? spent) => spent is { } amount ? NanoUsd.FromFraction(amount.Value * settings.CallersKeyFee) : null;

    private bool Drifts(NanoUsd? computed, NanoUsd? reported)
    {
        if (computed is not { } ours || reported is not { } theirs)
            return false;

        var apart = Math.Abs(ours.Value - theirs.Value);
        return apart > settings.DriftAmount.Value && apart > Math.Max(ours.Value, theirs.Value) * settings.DriftShare;
    }

    private static bool BroughtNothing(RouteAttempt attempt, in TokenUsage usage, bool isEmbedding) => attempt.OutputCharacters == 0
        && (attempt.Outcome == AttemptOutcome.Failed
            || (attempt.Outcome == AttemptOutcome.Answered && !isEmbedding && usage is { TotalOutput: 0, IsEstimated: false }));

    private static bool MayHaveCost(RouteAttempt attempt) =>
        attempt.OutputCharacters > 0 || attempt.ReportedCost is not null
        || (attempt.WasSent && (attempt.Failure is not { } failure || failure.Kind.Consequences().MayHaveCost));
}
