namespace MeaiRouter.Health;

/// <summary>Whether an endpoint's breaker lets requests through.</summary>
public enum BreakerState
{
    /// <summary>Requests go through.</summary>
    Closed,

    /// <summary>The endpoint has failed too often; it is tried only where nothing else is left.</summary>
    Open,

    /// <summary>The pause is over; one request may probe whether the endpoint has recovered.</summary>
    HalfOpen,
}
