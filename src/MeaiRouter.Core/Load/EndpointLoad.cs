using MeaiRouter.Attempts;

namespace MeaiRouter.Load;

/// <summary>The gates before an endpoint: its own, its provider's, or both.</summary>
internal sealed class EndpointLoad(LoadGate? endpoint, LoadGate? provider) : IHeldUntilEnd
{
    public bool HasRoom => endpoint?.HasRoom != false && provider?.HasRoom != false;

    /// <summary>Comes back once there is room for the attempt, which holds it until it ends.</summary>
    /// <exception cref="RouterException">The line is full, or the wait took too long.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the attempt ended, before there was room.</exception>
    public async ValueTask EnterAsync(RouteAttempt attempt, RequestPriority priority, string caller, CancellationToken cancellationToken)
    {
        if (endpoint is not null)
            await QueueAsync(endpoint).ConfigureAwait(false);

        try
        {
            // Always in this order, so that two attempts never wait for what the other one holds.
            if (provider is not null)
                await QueueAsync(provider).ConfigureAwait(false);
        }
        catch
        {
            endpoint?.Leave(held: null);
            throw;
        }

        if (!attempt.HoldUntilEnd(this))
            throw new OperationCanceledException(cancellationToken);

        ValueTask QueueAsync(LoadGate gate)
        {
            var entry = gate.EnterAsync(priority, caller, cancellationToken);
            if (!entry.IsCompleted)
                attempt.BeginWait();
            return entry;
        }
    }

    public void Release(RouteAttempt attempt)
    {
        var held = attempt.Outcome is AttemptOutcome.Answered or AttemptOutcome.Failed ? attempt.Duration : default(TimeSpan?);
        provider?.Leave(held);
        endpoint?.Leave(held);
    }
}
