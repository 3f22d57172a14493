using MeaiRouter.Attempts;

namespace MeaiRouter.Health;

/// <summary>Hears of turns in an endpoint's health: the first of each kind, not every failure.</summary>
internal interface IHealthWatch
{
    /// <summary>The endpoint rests, or has returned.</summary>
    void Turned(EndpointRest? rest);

    /// <summary>One of its keys was refused, or accepted again.</summary>
    void KeyTurned(string key, FailureKind? why, TimeSpan availableIn);
}
