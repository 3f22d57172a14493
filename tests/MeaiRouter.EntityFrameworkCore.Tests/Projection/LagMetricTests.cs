using System.Diagnostics.Metrics;
using MeaiRouter.Diagnostics;
using MeaiRouter.EntityFrameworkCore.Tests.Running;

namespace MeaiRouter.EntityFrameworkCore.Tests.Projection;

public sealed class LagMetricTests
{
    [Fact]
    public async Task What_waits_in_the_journal_is_measured_until_the_ledger_is_closed()
    {
        using var test = new TestLedger(Database.Sqlite);

        // The journal is flushed by nobody, so that nothing is taken over; and so long an age is no other test's.
        var time = new SteppedTime();
        test.Options = test.Options with { Journal = test.Options.Journal! with { FlushInterval = TimeSpan.FromDays(1) }, ClosingTime = TimeSpan.FromMilliseconds(1) };
        var ledger = test.Open(time);
        await ledger.AppendAsync(Records.Of("a"));
        await ledger.AppendAsync(Records.Of("b"));

        Assert.Equal((2, 0), (Read(TelemetryNames.LedgerWaiting).Max(), Read(TelemetryNames.LedgerAge).Max()));
        await ledger.DisposeAsync();

        Assert.DoesNotContain(2, Read(TelemetryNames.LedgerWaiting));
    }

    private static List<double> Read(string name)
    {
        var values = new List<double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == TelemetryNames.Meter && instrument.Name == name)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => values.Add(value));
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => values.Add(value));
        listener.Start();
        listener.RecordObservableInstruments();
        return values;
    }
}
