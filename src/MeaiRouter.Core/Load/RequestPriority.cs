namespace MeaiRouter.Load;

/// <summary>Who goes first where requests wait for an endpoint.</summary>
/// <remarks>
/// While requests of several priorities wait, each priority gets eight times the room of the one below: the higher goes first, and the
/// lower still moves. When the queue is full, a request takes the place of one of a lower priority.
/// </remarks>
public enum RequestPriority
{
    /// <summary>Work that nobody waits for, such as a nightly batch.</summary>
    Low = -1,

    /// <summary>What is said of no request in particular.</summary>
    Normal = 0,

    /// <summary>Somebody sits and waits.</summary>
    High = 1,
}
