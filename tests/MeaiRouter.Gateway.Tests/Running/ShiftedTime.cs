namespace MeaiRouter.Gateway.Tests.Running;

/// <summary>The system's clock, put forward by a test; timers run as they do.</summary>
public sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
