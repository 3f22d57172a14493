using MeaiRouter.Attempts;
using MeaiRouter.Pricing;
using MeaiRouter.Testing;

namespace MeaiRouter.Tests.Faults;

/// <summary>One fault of the first provider in one mode, and all that must come of it.</summary>
internal sealed record FaultCase
{
    /// <summary>The fault, where it strikes, and in which mode.</summary>
    public required string Name { get; init; }

    /// <summary>What the first provider does with every request.</summary>
    public required ScriptStep First { get; init; }

    /// <summary>What the second one does.</summary>
    public ScriptStep Second { get; init; } = FaultTable.Answer;

    public required bool Streaming { get; init; }

    /// <summary>As what each attempt at the first provider is recorded.</summary>
    public required FailureKind Kind { get; init; }

    public required FaultEnd End { get; init; }

    /// <summary>How often the first provider is asked.</summary>
    public int AttemptsAtFirst { get; init; } = 1;

    /// <summary>What the caller has in the end; where bytes may be overtaken by a reset, at most.</summary>
    public Heard Heard { get; init; } = FaultTable.Whole;

    /// <summary>What each attempt at the first provider is billed for; <see langword="null"/> for nothing.</summary>
    public TokenUsage? Billed { get; init; }

    /// <summary>What the attempt at the second provider is billed for.</summary>
    public TokenUsage BilledAtSecond { get; init; } = FaultTable.Usage;

    /// <summary>Whether the end of the connection may overtake the last bytes.</summary>
    public bool MayLoseBytes { get; init; }

    /// <summary>Whether the first provider falls silent, so that only a deadline ends the attempt.</summary>
    public bool IsSilent { get; init; }

    public int AttemptsAtSecond => End == FaultEnd.Refused ? 0 : 1;
}
