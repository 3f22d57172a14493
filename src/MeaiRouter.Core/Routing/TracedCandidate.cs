using MeaiRouter.Attempts;

namespace MeaiRouter.Routing;

/// <summary>A candidate of the plan and what became of it.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="Attempt">The last attempt at it; <see langword="null"/> if there was none.</param>
public sealed record TracedCandidate(Candidate Candidate, RouteAttempt? Attempt)
{
    /// <summary>Why a later candidate was tried in its place, as a phrase; <see langword="null"/> if none was.</summary>
    internal string? Unfit { get; init; }

    /// <summary>What became of the candidate, as a phrase.</summary>
    public string Fate => Attempt switch
    {
        null when Unfit is not null => $"not tried, {Unfit}",
        null => "not tried, an earlier one settled the request",
        _ => FateOf(Attempt),
    };

    /// <summary>How an attempt ended, as a phrase.</summary>
    internal static string FateOf(RouteAttempt attempt) => attempt switch
    {
        { Outcome: AttemptOutcome.Answered } => "answered",
        { Outcome: AttemptOutcome.Failed, Failure: { } failure } => $"failed, {failure.Kind}: {failure.Message}",
        { Outcome: AttemptOutcome.Superseded } => "cancelled, another one answered first",
        { Outcome: AttemptOutcome.Cancelled } => "cancelled by the caller",
        _ => "still running",
    };
}
