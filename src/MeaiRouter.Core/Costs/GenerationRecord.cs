using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Costs;

/// <summary>One request as the ledger keeps it.</summary>
public sealed record GenerationRecord
{
    /// <summary>The id of the request, also that of its route trace.</summary>
    public required string Id { get; init; }

    /// <summary>When the first attempt began, or when the cache answered.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The model asked for; <see langword="null"/> if the request named none.</summary>
    public string? RequestedModel { get; init; }

    /// <summary>On whose behalf the request was made, such as the name of the key it came with; <see langword="null"/> if it named nobody.</summary>
    public string? Key { get; init; }

    /// <summary>The end user the request was for, as the caller names him; <see langword="null"/> if it named none.</summary>
    public string? User { get; init; }

    /// <summary>What the caller tagged the request with.</summary>
    /// <value>Default: nothing.</value>
    public IReadOnlyList<string> Tags { get => field ?? []; init; }

    /// <summary>The session the request belongs to; <see langword="null"/> if it named none.</summary>
    public string? SessionId { get; init; }

    /// <summary>What the caller notes about the request for his own traces, such as <c>trace_id</c>; <see langword="null"/> if nothing.</summary>
    public IReadOnlyDictionary<string, string>? TraceLabels { get; init; }

    /// <summary>The model as the answering provider names it; <see langword="null"/> if none answered.</summary>
    public string? ServedModel { get; init; }

    /// <summary>Whether the answer was streamed.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>The normalized finish reason of the answer; <see langword="null"/> if there is none.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The finish reason in the provider's own words; <see langword="null"/> if there is none.</summary>
    public string? NativeFinishReason { get; init; }

    /// <summary>Whether the answer came from a cache.</summary>
    public bool IsCacheHit { get; init; }

    /// <summary>Every attempt, in the order they began; empty only where a cache answered.</summary>
    public required IReadOnlyList<AttemptRecord> Attempts { get; init; }

    /// <summary>What all attempts cost; <see langword="null"/> if one of them is unpriced.</summary>
    public NanoUsd? Cost { get; init; }

    /// <summary>What the caller is charged for all attempts; <see langword="null"/> if one of them is unpriced.</summary>
    public NanoUsd? Charge
    {
        get
        {
            var sum = NanoUsd.Zero;
            foreach (var attempt in Attempts)
            {
                if (attempt.Charge is not { } charge)
                    return null;
                sum += charge;
            }

            return sum;
        }
    }

    /// <summary>What providers charge to the caller's own keys, on top of the cost; <see langword="null"/> if no attempt was made with one.</summary>
    public NanoUsd? UpstreamCost
    {
        get
        {
            NanoUsd? sum = null;
            foreach (var attempt in Attempts)
            {
                if (attempt.UpstreamCost is { } upstream)
                    sum = sum.GetValueOrDefault() + upstream;
            }

            return sum;
        }
    }

    internal static GenerationRecord Of(RouteTrace trace, string? caller, ChatOptions options, bool streamed, TimeProvider time)
    {
        var attempts = new AttemptRecord[trace.Attempts.Count];
        for (var i = 0; i < attempts.Length; i++)
            attempts[i] = AttemptRecord.Of(trace.Attempts[i]);

        var answer = trace.Answer;
        return new GenerationRecord
        {
            Id = trace.Id,
            CreatedAt = attempts.Length > 0 ? attempts[0].StartedAt : time.GetUtcNow(),
            RequestedModel = trace.RequestedModel,
            Key = caller,
            User = options.GetUser(),
            Tags = options.GetTags(),
            SessionId = options.GetSessionId(),
            TraceLabels = options.GetTraceLabels(),
            ServedModel = answer?.ServedModel,
            IsStreamed = streamed,
            IsCacheHit = trace.IsCacheHit,
            FinishReason = answer?.FinishReason?.Value,
            NativeFinishReason = answer?.NativeFinishReason,
            Attempts = attempts,
            Cost = trace.Cost,
        };
    }
}
