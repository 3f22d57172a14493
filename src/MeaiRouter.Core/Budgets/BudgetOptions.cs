namespace MeaiRouter.Budgets;

/// <summary>What all budgets of a <see cref="BudgetBook"/> have in common.</summary>
public sealed class BudgetOptions
{
    /// <summary>
    /// How long a reservation waits for the end of its call. One whose holder died, such as a stream that was neither read to its end nor
    /// disposed, is then booked at what was held, so that nothing spent is forgotten; if the true cost still arrives, it takes its place.
    /// </summary>
    /// <value>Default: 15 minutes, longer than a request may take by default.</value>
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The longest answer, in tokens, of an endpoint for which neither request nor catalogue says how long it may be.</summary>
    /// <value>Default: 32,768.</value>
    public int AssumeMaxOutputTokens { get; set; } = 32_768;

    internal BudgetOptions Validated()
    {
        if (Lease <= TimeSpan.Zero)
            throw new ArgumentException($"{nameof(Lease)} is {Lease}; it must be positive.");
        if (AssumeMaxOutputTokens < 1)
            throw new ArgumentException($"{nameof(AssumeMaxOutputTokens)} is {AssumeMaxOutputTokens}; it must be at least 1.");
        return (BudgetOptions)MemberwiseClone();
    }
}
