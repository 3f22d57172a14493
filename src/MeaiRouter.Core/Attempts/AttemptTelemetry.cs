using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using MeaiRouter.Diagnostics;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Attempts;

/// <summary>Traces and measures attempts: one client span for each, from its beginning until it has ended and its cost is known.</summary>
/// <remarks>Nothing of what is asked or answered, and no key, gets into a tag. Where nobody listens nothing is done.</remarks>
internal static class AttemptTelemetry
{
    private static readonly Counter<long> Attempts =
        Telemetry.Meter.CreateCounter<long>(TelemetryNames.Attempts, "{attempt}", "Attempts, by how they ended.");

    private static readonly Histogram<double> Duration =
        Telemetry.CreateDuration(TelemetryNames.AttemptDuration, "Calls to providers, from their beginning to their end.");

    private static readonly Histogram<double> FirstContent =
        Telemetry.CreateDuration(TelemetryNames.TimeToFirstContent, "From the call to the first content of streamed answers.");

    private static readonly Histogram<double> QueueWait =
        Telemetry.CreateDuration(TelemetryNames.QueueWait, "Waits for room at an endpoint.");

    private static readonly Counter<long> Tokens =
        Telemetry.Meter.CreateCounter<long>(TelemetryNames.Tokens, "{token}", "Tokens used, in disjoint buckets.");

    private static readonly FrozenDictionary<FailureKind, string> KindNames =
        Enum.GetValues<FailureKind>().ToFrozenDictionary(static kind => kind, static kind => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()));

    /// <summary>Whether somebody wants to hear of attempts once their costs are known.</summary>
    public static bool IsSettledForSomebody => Tokens.Enabled;

    /// <summary>Starts the attempt's span under the current one. <see langword="null"/> if nobody listens, or the trace is not recorded.</summary>
    /// <param name="attempt">The attempt, just begun.</param>
    /// <param name="requestedModel">The model as the request names it.</param>
    public static Activity? Start(RouteAttempt attempt, string? requestedModel)
    {
        if (!Telemetry.Source.HasListeners())
            return null;

        var operation = OperationOf(attempt);
        var model = attempt.Endpoint?.Model ?? requestedModel;
        var tags = new TagList
        {
            { TelemetryNames.Operation, operation },
            { TelemetryNames.Provider, ConventionalNames.Of(attempt.Provider) },
            { TelemetryNames.AttemptIndex, attempt.Index },
            { TelemetryNames.AttemptReason, NameOf(attempt.Reason) },
        };
        if (model is not null)
            tags.Add(TelemetryNames.Model, model);
        if (attempt.Endpoint is { } endpoint)
            tags.Add(TelemetryNames.Endpoint, endpoint.Tag);
        return Telemetry.StartBeside(SpanName(operation, model), ActivityKind.Client, tags);
    }

    /// <summary>The call is about to be made: makes the attempt's span current for it. To be called in the method that makes the call, whose end undoes it.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="client">The client called.</param>
    /// <param name="options">The options it is called with.</param>
    /// <param name="isStreamed">Whether the answer is asked for as a stream.</param>
    public static void Enter(RouteAttempt attempt, IChatClient client, ChatOptions options, bool isStreamed)
    {
        if (attempt.Activity is not { } activity)
            return;

        Activity.Current = activity;
        if (!activity.IsAllDataRequested)
            return;

        var metadata = client.GetService<ChatClientMetadata>();
        SetServer(activity, metadata?.ProviderUri);
        if ((options.ModelId ?? metadata?.DefaultModelId) is { } model && !model.Equals(activity.GetTagItem(TelemetryNames.Model)))
        {
            activity.SetTag(TelemetryNames.Model, model);
            activity.DisplayName = SpanName(OperationOf(attempt), model);
        }

        if (isStreamed)
            activity.SetTag(TelemetryNames.Stream, true);
        if (options.MaxOutputTokens is { } most)
            activity.SetTag(TelemetryNames.MaxTokens, most);
        if (options.Temperature is { } temperature)
            activity.SetTag(TelemetryNames.Temperature, (double)temperature);
        if (options.TopP is { } topP)
            activity.SetTag(TelemetryNames.TopP, (double)topP);
        if (attempt.Backoff > TimeSpan.Zero)
            activity.SetTag(TelemetryNames.Backoff, attempt.Backoff.TotalSeconds);
    }

    /// <summary>
    /// Goes on in the attempt's span after something was handed to the caller, with whose context an iterator continues (dotnet/runtime#47802).
    /// </summary>
    public static void Reenter(RouteAttempt attempt)
    {
        if (attempt.Activity is { } activity)
            Activity.Current = activity;
    }

    /// <summary>Says where a call goes.</summary>
    public static void SetServer(Activity? activity, Uri? address)
    {
        if (activity is not { IsAllDataRequested: true } || address is not { IsAbsoluteUri: true })
            return;

        activity.SetTag(TelemetryNames.ServerAddress, address.Host);
        activity.SetTag(TelemetryNames.ServerPort, address.Port);
    }

    /// <summary>The attempt has ended. Its span gets its end, and is over once <see cref="Settle"/> has told what it cost.</summary>
    public static void End(RouteAttempt attempt)
    {
        if (attempt.Activity is { } activity)
            EndSpan(attempt, activity);
        if (!Attempts.Enabled && !Duration.Enabled && !FirstContent.Enabled && !QueueWait.Enabled)
            return;

        using var current = new CurrentActivity(attempt.Activity);
        var tags = TagsOf(attempt);
        tags.Add(TelemetryNames.Operation, OperationOf(attempt));
        if (attempt.QueueWait > TimeSpan.Zero)
            QueueWait.Record(attempt.QueueWait.TotalSeconds, tags);
        if (attempt is { IsStreamed: true, TimeToFirstContent: { } first })
            FirstContent.Record(first.TotalSeconds, tags);

        tags.Add(TelemetryNames.Outcome, NameOf(attempt.Outcome));
        if (attempt.Failure is { } failure)
            tags.Add(TelemetryNames.ErrorType, failure.Kind.Consequences().ErrorType);
        if (attempt.WasSent)
            Duration.Record(attempt.Duration.TotalSeconds, tags);
        tags.Add(TelemetryNames.AttemptReason, NameOf(attempt.Reason));
        Attempts.Add(1, tags);
    }

    /// <summary>The request is over, and all that will be known about the attempt is known.</summary>
    public static void Settle(RouteAttempt attempt)
    {
        if (attempt.Usage is { } usage && Tokens.Enabled)
            Count(attempt, usage);
        if (attempt.Activity is not { } activity)
            return;

        if (activity.IsAllDataRequested)
            DescribeUsage(attempt, activity);
        Telemetry.StopBeside(activity);
    }

    /// <summary>The tags by which attempts are measured: the provider and the model.</summary>
    public static TagList TagsOf(RouteAttempt attempt)
    {
        var tags = new TagList { { TelemetryNames.Provider, ConventionalNames.Of(attempt.Provider) } };
        if ((attempt.Model?.Id ?? attempt.ServedModel) is { } model)
            tags.Add(TelemetryNames.Model, model);
        return tags;
    }

    /// <summary>The name of an outcome in tags.</summary>
    public static string NameOf(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Answered => "answered",
        AttemptOutcome.Failed => "failed",
        AttemptOutcome.Superseded => "superseded",
        AttemptOutcome.Cancelled => "cancelled",
        _ => "running",
    };

    /// <summary>The name of a kind of failure in tags.</summary>
    public static string NameOf(FailureKind kind) => KindNames[kind];

    /// <summary>The name of a span.</summary>
    public static string SpanName(string operation, string? model) => model is null ? operation : $"{operation} {model}";

    private static string NameOf(AttemptReason reason) => reason switch
    {
        AttemptReason.Retry => "retry",
        AttemptReason.Fallback => "fallback",
        AttemptReason.Hedge => "hedge",
        AttemptReason.Continuation => "continuation",
        AttemptReason.Probe => "probe",
        _ => "first",
    };

    private static string OperationOf(RouteAttempt attempt) => attempt.IsEmbedding ? TelemetryNames.Embeddings : TelemetryNames.Chat;

    private static void EndSpan(RouteAttempt attempt, Activity activity)
    {
        activity.SetEndTime(DateTime.UtcNow);
        if (attempt.Outcome == AttemptOutcome.Failed)
            activity.SetStatus(ActivityStatusCode.Error);
        if (!activity.IsAllDataRequested)
            return;

        activity.SetTag(TelemetryNames.Outcome, NameOf(attempt.Outcome));
        if (attempt.Failure is { } failure)
        {
            // Not its message: a provider's words may repeat what was asked.
            activity.SetTag(TelemetryNames.ErrorType, failure.Kind.Consequences().ErrorType);
            activity.SetTag(TelemetryNames.FailureKind, NameOf(failure.Kind));
            if (failure.Status is { } status)
                activity.SetTag(TelemetryNames.HttpStatus, status);
        }

        if (attempt.ServedModel is { } served)
            activity.SetTag(TelemetryNames.ResponseModel, served);
        if (attempt.FinishReason is { } reason)
            activity.SetTag(TelemetryNames.FinishReasons, (string[])[reason.Value]);
        if (attempt.QueueWait > TimeSpan.Zero)
            activity.SetTag(TelemetryNames.QueueWait, attempt.QueueWait.TotalSeconds);
        if (attempt is { IsStreamed: true, TimeToFirstContent: { } first })
            activity.SetTag(TelemetryNames.TimeToFirstContent, first.TotalSeconds);
    }

    private static void DescribeUsage(RouteAttempt attempt, Activity activity)
    {
        if (attempt.Usage is { } usage)
        {
            activity.SetTag(TelemetryNames.InputTokens, usage.TotalInput);
            activity.SetTag(TelemetryNames.OutputTokens, usage.TotalOutput);
            if (usage.CacheRead > 0)
                activity.SetTag(TelemetryNames.CacheReadTokens, usage.CacheRead);
            if (usage.CacheWrite + usage.CacheWrite1h is > 0 and var written)
                activity.SetTag(TelemetryNames.CacheCreationTokens, written);
            if (usage.Reasoning > 0)
                activity.SetTag(TelemetryNames.ReasoningTokens, usage.Reasoning);
            if (usage.IsEstimated)
                activity.SetTag(TelemetryNames.UsageEstimated, true);
        }

        if (attempt.Cost is { } cost)
            activity.SetTag(TelemetryNames.Cost, cost.Value);
    }

    private static void Count(RouteAttempt attempt, in TokenUsage usage)
    {
        using var current = new CurrentActivity(attempt.Activity);
        var written = usage.CacheWrite + usage.CacheWrite1h;
        Count(attempt, "input", usage.TotalInput - usage.CacheRead - written);
        Count(attempt, "cache_read", usage.CacheRead);
        Count(attempt, "cache_write", written);
        Count(attempt, "output", usage.TotalOutput - usage.Reasoning);
        Count(attempt, "reasoning", usage.Reasoning);
    }

    private static void Count(RouteAttempt attempt, string bucket, long tokens)
    {
        if (tokens == 0)
            return;

        var tags = TagsOf(attempt);
        tags.Add(TelemetryNames.TokenBucket, bucket);
        Tokens.Add(tokens, tags);
    }
}
