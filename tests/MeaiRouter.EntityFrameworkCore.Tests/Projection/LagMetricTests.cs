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

        // The journal is flushed by nobody, so that nothing is taken over. Other tests have ledgers too, but none with so many records, or so old ones.
        const int Records = 37;
        var (time, wait) = (new SteppedTime(), TimeSpan.FromSeconds(12_345));
        test.Options = test.Options with { Journal = test.Options.Journal! with { FlushInterval = TimeSpan.FromDays(1) } };
        var ledger = test.Open(time);
        for (var i = 0; i < Records; i++)
            await ledger.AppendAsync(Running.Records.Of($"r{i}"));
        time.Advance(wait);

        Assert.Contains(Records, Read(TelemetryNames.LedgerWaiting));
        Assert.Contains(wait.TotalSeconds, Read(TelemetryNames.LedgerAge));
        await ledger.DisposeAsync();

        Assert.DoesNotContain(Records, Read(TelemetryNames.LedgerWaiting));
        Assert.DoesNotContain(wait.TotalSeconds, Read(TelemetryNames.LedgerAge));
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
