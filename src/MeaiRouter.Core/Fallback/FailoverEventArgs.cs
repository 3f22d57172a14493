using MeaiRouter.Attempts;

namespace MeaiRouter.Fallback;

/// <summary>Tells that a request goes on with another attempt, or that a stream broke and nobody could go on.</summary>
/// <param name="requestId">The id of the request, under which the ledger keeps it.</param>
/// <param name="from">The attempt before.</param>
/// <param name="to">The attempt that begins; <see langword="null"/> if a stream broke and there is none.</param>
public sealed class FailoverEventArgs(string requestId, RouteAttempt from, RouteAttempt? to) : EventArgs
{
    /// <summary>The id of the request, under which the ledger keeps it.</summary>
    public string RequestId { get; } = requestId;

    /// <summary>The attempt before: the last that failed, or where none has, the one that is silent and goes on beside the next.</summary>
    public RouteAttempt From { get; } = from;

    /// <summary>The attempt that begins; <see langword="null"/> if a stream broke after the caller had seen content, and nobody could go on.</summary>
    public RouteAttempt? To { get; } = to;

    /// <summary>Whether the caller has seen part of an answer, which the attempt is to continue.</summary>
    public bool IsContinuation { get; init; }
}
