using System.Diagnostics;
using MeaiRouter.Diagnostics;

namespace MeaiRouter.Tests.Hosts;

/// <summary>Somebody who traces the pipeline, which then takes another way through its layers.</summary>
internal static class Traced
{
    public static ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == TelemetryNames.ActivitySource,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}

/// <summary>The same where somebody traces.</summary>
public sealed class TracedAnswerTests : AnswerTests, IDisposable
{
    private readonly ActivityListener _listener = Traced.Listen();

    public void Dispose() => _listener.Dispose();
}

/// <summary>The same where somebody traces.</summary>
public sealed class TracedToolLoopTests : ToolLoopTests, IDisposable
{
    private readonly ActivityListener _listener = Traced.Listen();

    public void Dispose() => _listener.Dispose();
}
