using System.Diagnostics.Metrics;

namespace MeaiRouter.Testing;

/// <summary>Finds the meter that Kestrel makes for itself outside a host and never disposes: a test run with a thousand providers would measure by a thousand of them.</summary>
internal static class OwnMeter
{
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel";

    /// <summary>Makes a server, and tells by what it measures.</summary>
    public static (T Server, Meter? Meter) Of<T>(Func<T> make)
    {
        // Instruments are published on the thread that makes them; those that were there before are told of first.
        Meter? own = null;
        var thread = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (Environment.CurrentManagedThreadId == thread && instrument.Meter.Name == Kestrel)
                own = instrument.Meter;
        };
        listener.Start();
        thread = Environment.CurrentManagedThreadId;
        return (make(), own);
    }
}
