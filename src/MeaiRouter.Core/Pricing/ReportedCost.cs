using Microsoft.Extensions.AI;

namespace MeaiRouter.Pricing;

/// <summary>What a provider itself says an attempt cost. It stands beside the cost computed from prices.</summary>
/// <param name="Charged">What the provider charged: OpenRouter's <c>usage.cost</c>.</param>
/// <param name="Upstream">What the provider behind it charged: <c>cost_details.upstream_inference_cost</c>; <see langword="null"/> if it does not say.</param>
/// <param name="IsByok">Whether <paramref name="Charged"/> is only a fee, and <paramref name="Upstream"/> was charged to the account's own key.</param>
public sealed record ReportedCost(NanoUsd Charged, NanoUsd? Upstream = null, bool IsByok = false)
{
    // NanoUsd holds more, but nothing that costs so much is meant.
    private const long Most = 1_000_000_000_000_000;

    /// <summary>What was really spent: the fee and the upstream charge where they are two bills, else the charge alone.</summary>
    /// <remarks>OpenRouter: the two add up only with <c>is_byok</c>; otherwise the charge includes the upstream's.</remarks>
    public NanoUsd Total => IsByok && Upstream is { } upstream ? Charged + upstream : Charged;

    /// <summary>Reads what a client left in the usage; <see langword="null"/> if nothing plausible.</summary>
    internal static ReportedCost? From(UsageDetails usage)
    {
        if (usage.AdditionalCounts is not { } counts || !counts.TryGetValue(UsageCounts.ReportedCost, out var charged) || charged is < 0 or > Most)
            return null;

        return new ReportedCost(
            new NanoUsd(charged),
            counts.TryGetValue(UsageCounts.ReportedUpstreamCost, out var upstream) && upstream is >= 0 and <= Most ? new NanoUsd(upstream) : null,
            counts.TryGetValue(UsageCounts.ReportedByok, out var byok) && byok > 0);
    }
}
