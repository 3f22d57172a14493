using MeaiRouter.Pricing;

namespace MeaiRouter.Costs;

/// <summary>How costs are charged, compared and recorded.</summary>
public sealed class CostTrackingOptions
{
    /// <summary>
    /// How far the computed cost may be from the one the provider reports, as a share of the larger of the two. Beyond this and
    /// <see cref="DriftAmount"/> the attempt is flagged and <see cref="CostTrackingChatClient.CostDrifted"/> raised.
    /// </summary>
    /// <value>Default: 0.01, one percent.</value>
    public decimal DriftShare { get; set; } = 0.01m;

    /// <summary>How far the two may be apart in money, whatever their share, so that roundings raise no alarm.</summary>
    /// <value>Default: 10,000 nano-dollars, a thousandth of a cent.</value>
    public NanoUsd DriftAmount { get; set; } = new(10_000);

    /// <summary>Whether an attempt without a price costs what the provider reports, if it does. Otherwise it is unpriced.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool ChargesReportedCost { get; set; } = true;

    /// <summary>
    /// What an attempt with a key of the caller's own costs here, as a share of what its provider charges to that key. The provider's charge
    /// stands apart (<see cref="AttemptRecord.UpstreamCost"/>); both together are what was spent.
    /// </summary>
    /// <value>Default: 0, nothing. OpenRouter: 0.05 beyond a monthly allowance.</value>
    public decimal CallersKeyFee { get; set; }

    /// <summary>
    /// Whether an attempt that brought the caller nothing, because it failed before any content or its answer was empty, is not charged to
    /// him. What it cost is recorded all the same. OpenRouter: zero-completion insurance.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool WaivesEmptyAnswers { get; set; }

    /// <summary>What becomes of an answer that the ledger cannot record. A failure of the request itself is always passed on as it is.</summary>
    /// <value>Default: <see cref="LedgerFailure.Refuse"/>.</value>
    public LedgerFailure LedgerFailure { get; set; } = LedgerFailure.Refuse;

    /// <exception cref="ArgumentException">A value makes no sense.</exception>
    internal CostTrackingOptions Validated()
    {
        var errors = new List<string>();
        if (DriftShare is < 0 or > 1)
            errors.Add($"{nameof(DriftShare)} is {DriftShare}; it must be from 0 to 1.");
        if (DriftAmount < NanoUsd.Zero)
            errors.Add($"{nameof(DriftAmount)} is {DriftAmount}; it must not be negative.");
        if (CallersKeyFee is < 0 or > 1)
            errors.Add($"{nameof(CallersKeyFee)} is {CallersKeyFee}; it must be from 0 to 1.");
        if (!Enum.IsDefined(LedgerFailure))
            errors.Add($"{nameof(LedgerFailure)} is {LedgerFailure}; it must be {LedgerFailure.Refuse} or {LedgerFailure.Deliver}.");
        return errors.Count == 0 ? (CostTrackingOptions)MemberwiseClone() : throw new ArgumentException(string.Join(" ", errors));
    }
}
