namespace MeaiRouter.Pricing;

/// <summary>What did not add up in the usage that a provider reported, and was therefore clamped.</summary>
[Flags]
public enum UsageDiscrepancies : byte
{
    /// <summary>Every number fits the others.</summary>
    None = 0,

    /// <summary>The parts of the input exceed it, such as more cached tokens than input. They were cut to fit.</summary>
    Input = 1,

    /// <summary>The parts of the output exceed it, such as more reasoning than output. They were cut to fit.</summary>
    Output = 2,

    /// <summary>The total is not the sum of input and output, and no part that was counted beside them explains the difference.</summary>
    Total = 4,

    /// <summary>A count is negative or beyond two billion tokens or a thousand runs of tools.</summary>
    Implausible = 8,
}
