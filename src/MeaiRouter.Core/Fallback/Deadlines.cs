namespace MeaiRouter.Fallback;

/// <summary>How long an attempt may show nothing before something happens; <see cref="TimeSpan.MaxValue"/> for ever.</summary>
/// <param name="Soft">Until it counts as silent, and the next one is started beside it.</param>
/// <param name="Hedge">Until it is slower than usual, and a hedge may be started.</param>
internal readonly record struct Deadlines(TimeSpan Soft, TimeSpan Hedge)
{
    /// <summary>The next of them.</summary>
    public TimeSpan First => Hedge < Soft ? Hedge : Soft;
}
