using System.Diagnostics.Metrics;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Core.Tests.Health;
using MeaiRouter.Diagnostics;
using MeaiRouter.Health;
using MeaiRouter.Load;

namespace MeaiRouter.Core.Tests.Load;

/// <summary>Two boards of which one has taken the other's place while requests still use both.</summary>
public sealed class LoadBoardTests
{
    // Everything in the process is measured, so the name must be nobody else's.
    private static readonly Model Model = new("waited-for");
    private static readonly ModelEndpoint Endpoint = new("acme", "m1") { MaxConcurrency = 1 };

    private readonly ManualTimeProvider _time = new();
    private readonly LoadBoard _before;
    private readonly LoadBoard _after;

    public LoadBoardTests()
    {
        _before = new LoadBoard(new LoadOptions(), _time);
        _after = new LoadBoard(new LoadOptions(), _time, _before);
    }

    [Fact]
    public async Task Who_waits_is_counted_once_however_many_boards_know_the_line()
    {
        LoadMetrics.Boards.Add(_before);
        LoadMetrics.Boards.Add(_after);
        try
        {
            await EnterAsync(_before);
            var waiting = EnterAsync(_after);

            Assert.False(waiting.IsCompleted);
            Assert.Equal([1], Waiting());
        }
        finally
        {
            LoadMetrics.Boards.Remove(_before);
            LoadMetrics.Boards.Remove(_after);
        }
    }

    [Fact]
    public async Task A_board_whose_place_was_taken_does_not_bring_its_limit_back()
    {
        await EnterAsync(_before);
        var raised = Endpoint with { MaxConcurrency = 2 };
        Assert.True(_after.HasRoom(Model, raised));

        // As a retry of a request under way asks.
        Assert.True(_before.HasRoom(Model, Endpoint));

        var lowered = new LoadBoard(new LoadOptions(), _time, _after);
        Assert.False(lowered.HasRoom(Model, Endpoint));
        Assert.False(_after.HasRoom(Model, raised));
    }

    private static Task EnterAsync(LoadBoard board) => board.Of(Model, Endpoint)!
        .EnterAsync(Observed.Begin(new HealthBoard().For(Model, Endpoint)), RequestPriority.Normal, "", CancellationToken.None).AsTask();

    private static List<int> Waiting()
    {
        var seen = new List<int>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter == Telemetry.Meter && instrument.Name == TelemetryNames.QueueWaiting)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((_, measured, tags, _) =>
        {
            if (tags.Contains(KeyValuePair.Create<string, object?>(TelemetryNames.Model, Model.Id)))
                seen.Add(measured);
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }
}
