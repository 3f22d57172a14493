using System.Diagnostics;
using System.Diagnostics.Metrics;
using MeaiRouter.Attempts;
using MeaiRouter.Diagnostics;

namespace MeaiRouter.Routing;

/// <summary>Traces and measures one request: an internal span around its attempts, with what routing made of it.</summary>
/// <remarks>
/// It is no inference of its own, so it claims none of the conventions' names for one: those are its attempts'. Where a span for the same operation is
/// current already, Microsoft.Extensions.AI's by <c>UseOpenTelemetry</c>, that one takes the tags and events instead, and is left for its owner to end.
/// </remarks>
internal sealed class RequestTelemetry : IDisposable
{
    private static readonly Histogram<double> Duration =
        Telemetry.CreateDuration(TelemetryNames.RequestDuration, "Requests, from their beginning to the end of their answer.");

    private static readonly Counter<long> Failovers =
        Telemetry.Meter.CreateCounter<long>(TelemetryNames.Failover, "{failover}", "Turns from an endpoint that failed to another.");

    private static readonly Counter<long> Hedges =
        Telemetry.Meter.CreateCounter<long>(TelemetryNames.Hedge, "{attempt}", "Attempts beside one that is slow.");

    private static readonly Counter<long> Continuations =
        Telemetry.Meter.CreateCounter<long>(TelemetryNames.Continuation, "{attempt}", "Attempts to continue a stream that broke.");

    private readonly RouteContext _context;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Activity? _activity;
    private readonly bool _isOwn;
    private AttemptOutcome _outcome = AttemptOutcome.Cancelled;
    private FailureKind? _failure;

    /// <summary>Begins, and makes the span current for the method that calls this.</summary>
    /// <param name="context">The request.</param>
    /// <param name="time">The clock.</param>
    public RequestTelemetry(RouteContext context, TimeProvider time)
    {
        _context = context;
        _time = time;
        _started = time.GetTimestamp();
        if (IsOfSameOperation(Activity.Current))
        {
            _activity = Activity.Current;
        }
        else
        {
            _activity = Telemetry.Source.StartActivity(AttemptTelemetry.SpanName(Operation, context.RequestedModel), ActivityKind.Internal);
            _isOwn = true;
        }

        _activity?.SetTag(TelemetryNames.RequestId, context.Id);
        context.Activity = _activity;
    }

    /// <summary>Whether anybody listens to what is known only once a request is over.</summary>
    public static bool IsOn => Telemetry.Source.HasListeners() || Duration.Enabled || AttemptTelemetry.IsSettledForSomebody;

    private string Operation => _context.WantsEmbeddings ? TelemetryNames.Embeddings : TelemetryNames.Chat;

    /// <summary>Tells why the request turns to another endpoint.</summary>
    public static void Turn(RouteContext context, RouteAttempt attempt)
    {
        switch (attempt.Reason)
        {
            case AttemptReason.Fallback or AttemptReason.Probe when attempt.Index > 0:
                Turn(context, attempt, TelemetryNames.Failover, Failovers, static earlier => earlier.Failure is not null);
                break;
            case AttemptReason.Continuation:
                Turn(context, attempt, TelemetryNames.Continuation, Continuations, static earlier => earlier.Failure is not null);
                break;
            case AttemptReason.Hedge:
                Turn(context, attempt, TelemetryNames.Hedge, Hedges, static earlier => earlier.Outcome == AttemptOutcome.Running);
                break;
        }
    }

    /// <summary>Goes on in the request's span after something was handed to the caller, with whose context an iterator continues (dotnet/runtime#47802).</summary>
    public void Reenter()
    {
        if (_activity is not null)
            Activity.Current = _activity;
    }

    /// <summary>The answer is whole.</summary>
    public void Answer() => _outcome = AttemptOutcome.Answered;

    /// <summary>There is none.</summary>
    /// <param name="exception">What the caller gets instead.</param>
    /// <param name="caller">The caller's cancellation.</param>
    public void Fail(Exception exception, CancellationToken caller)
    {
        if (caller.IsCancellationRequested)
            return;

        _outcome = AttemptOutcome.Failed;
        _failure = FailureClassifier.Read(exception, provider: "").Kind;
    }

    /// <summary>Ends it: as cancelled, unless it was answered or has failed.</summary>
    public void Dispose()
    {
        using var current = new CurrentActivity(_activity);
        var trace = _context.ToTrace();
        for (var i = 0; i < trace.Attempts.Count; i++)
            AttemptTelemetry.Settle(trace.Attempts[i]);
        if (Duration.Enabled)
            Duration.Record(_time.GetElapsedTime(_started).TotalSeconds, Tags(trace));
        if (_activity is not { } activity)
            return;

        if (activity.IsAllDataRequested)
            Describe(activity, trace);
        if (!_isOwn)
            return;

        if (_failure is { } kind)
        {
            activity.SetTag(TelemetryNames.ErrorType, kind.Consequences().ErrorType);
            activity.SetStatus(ActivityStatusCode.Error);
        }

        Telemetry.StopBeside(activity);
    }

    private static void Turn(RouteContext context, RouteAttempt attempt, string name, Counter<long> counter, Func<RouteAttempt, bool> isFrom)
    {
        if (context.Activity is null && !counter.Enabled)
            return;

        var from = context.Attempts.Take(attempt.Index).LastOrDefault(isFrom);
        var tags = new TagList
        {
            { TelemetryNames.From, ConventionalNames.Of(from?.Provider ?? "") },
            { TelemetryNames.To, ConventionalNames.Of(attempt.Provider) },
        };
        if (from?.Failure is { } failure)
        {
            tags.Add(TelemetryNames.ErrorType, failure.Kind.Consequences().ErrorType);
            tags.Add(TelemetryNames.FailureKind, AttemptTelemetry.NameOf(failure.Kind));
        }

        using var current = new CurrentActivity(context.Activity);
        counter.Add(1, tags);
        context.Activity?.AddEvent(new ActivityEvent(name, tags: [.. tags]));
    }

    private bool IsOfSameOperation(Activity? activity) =>
        activity is not null
        && activity.Source.Name != TelemetryNames.ActivitySource
        && Operation.Equals(activity.GetTagItem(TelemetryNames.Operation))
        && activity.GetTagItem(TelemetryNames.RequestId) is null;

    private TagList Tags(RouteTrace trace)
    {
        var tags = trace.Answer is { } answer ? AttemptTelemetry.TagsOf(answer) : new TagList();
        if (trace.Answer is null && _context.Plan is { } plan)
            tags.Add(TelemetryNames.Model, plan.Candidates[0].Model.Id);
        tags.Add(TelemetryNames.Operation, Operation);
        tags.Add(TelemetryNames.RequestOutcome, AttemptTelemetry.NameOf(_outcome));
        if (_failure is { } kind)
            tags.Add(TelemetryNames.ErrorType, kind.Consequences().ErrorType);
        if (trace.IsCacheHit)
            tags.Add(TelemetryNames.CacheHit, true);
        return tags;
    }

    private void Describe(Activity activity, RouteTrace trace)
    {
        activity.SetTag(TelemetryNames.RequestOutcome, AttemptTelemetry.NameOf(_outcome));
        activity.SetTag(TelemetryNames.Attempts, trace.Attempts.Count);
        if (_failure is { } kind)
            activity.SetTag(TelemetryNames.FailureKind, AttemptTelemetry.NameOf(kind));
        if (trace.RequestedModel is { } requested)
            activity.SetTag(TelemetryNames.RequestedModel, requested);
        if (trace.Strategy is { } strategy)
            activity.SetTag(TelemetryNames.Strategy, strategy);
        if (trace.IsCacheHit)
            activity.SetTag(TelemetryNames.CacheHit, true);
        if (trace.Cost is { } cost)
            activity.SetTag(TelemetryNames.TotalCost, cost.Value);
        if (trace.Answer is not { } answer)
            return;

        var first = trace.Attempts[0];
        activity.SetTag(TelemetryNames.ChosenProvider, answer.Provider);
        if ((answer.Model?.Id ?? answer.ServedModel) is { } model)
            activity.SetTag(TelemetryNames.ChosenModel, model);
        activity.SetTag(TelemetryNames.Fallback, !ReferenceEquals(answer.Endpoint, first.Endpoint) || answer.Provider != first.Provider);
    }
}
