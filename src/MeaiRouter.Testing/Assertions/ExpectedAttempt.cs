using MeaiRouter.Attempts;

namespace MeaiRouter.Testing;

/// <summary>An attempt as a test expects it.</summary>
public sealed record ExpectedAttempt
{
    private ExpectedAttempt(string provider, AttemptOutcome outcome, FailureKind? kind) => (Provider, Outcome, Kind) = (provider, outcome, kind);

    /// <summary>The provider, or the tag of the endpoint. Capitals and small letters are the same.</summary>
    public string Provider { get; }

    /// <summary>How the attempt ends.</summary>
    public AttemptOutcome Outcome { get; }

    /// <summary>Why it fails; <see langword="null"/> where any reason will do.</summary>
    public FailureKind? Kind { get; }

    /// <summary>An attempt that answers.</summary>
    /// <param name="provider">The provider, or the tag of the endpoint.</param>
    public static ExpectedAttempt Answered(string provider) => new(provider, AttemptOutcome.Answered, null);

    /// <summary>An attempt that fails.</summary>
    /// <param name="provider">The provider, or the tag of the endpoint.</param>
    /// <param name="kind">Why; <see langword="null"/> for any reason.</param>
    public static ExpectedAttempt Failed(string provider, FailureKind? kind = null) => new(provider, AttemptOutcome.Failed, kind);

    /// <summary>An attempt that another one was faster than.</summary>
    /// <param name="provider">The provider, or the tag of the endpoint.</param>
    public static ExpectedAttempt Superseded(string provider) => new(provider, AttemptOutcome.Superseded, null);

    /// <summary>An attempt that the caller cancelled.</summary>
    /// <param name="provider">The provider, or the tag of the endpoint.</param>
    public static ExpectedAttempt Cancelled(string provider) => new(provider, AttemptOutcome.Cancelled, null);

    /// <summary>The provider, the outcome and the reason.</summary>
    public override string ToString() => Kind is null ? $"{Provider} {Outcome}" : $"{Provider} {Outcome} ({Kind})";

    internal bool Fits(RouteAttempt attempt) =>
        IsOf(attempt, Provider) && attempt.Outcome == Outcome && (Kind is null || attempt.Failure?.Kind == Kind);

    internal static bool IsOf(RouteAttempt attempt, string provider) =>
        string.Equals(attempt.Provider, provider, StringComparison.OrdinalIgnoreCase)
        || string.Equals(attempt.Endpoint?.Tag, provider, StringComparison.OrdinalIgnoreCase);

    internal static string Describe(RouteAttempt attempt) =>
        attempt.Failure is { } failure ? $"{attempt.Provider} {attempt.Outcome} ({failure.Kind})" : $"{attempt.Provider} {attempt.Outcome}";
}
