using MeaiRouter.Attempts;
using MeaiRouter.Costs;

namespace MeaiRouter.EntityFrameworkCore.Schema;

/// <summary>What rollups sum, in the order of their columns.</summary>
internal static class Measures
{
    public const int Requests = 0;
    public const int FailedRequests = 1;
    public const int CancelledRequests = 2;
    public const int Attempts = 3;
    public const int FailedAttempts = 4;
    public const int UnpricedAttempts = 5;
    public const int EstimatedAttempts = 6;
    public const int Cost = 7;
    public const int Answers = 8;
    public const int AnswerMicroseconds = 9;
    public const int FirstContents = 10;
    public const int FirstContentMicroseconds = 11;
    public const int UpstreamCost = 12;
    public const int Tokens = 13;

    public static IReadOnlyList<string> Columns { get; } =
    [
        "requests", "failed_requests", "cancelled_requests", "attempts", "failed_attempts", "unpriced_attempts", "estimated_attempts",
        "cost_nano_usd", "answers", "answer_us", "first_contents", "first_content_us", "upstream_nano_usd",
        .. TokenBuckets.All.Select(bucket => bucket.Column),
    ];

    /// <summary>How a request ended: answered without an attempt is answered from a cache.</summary>
    public static AttemptOutcome OutcomeOf(GenerationRecord record) =>
        record.Attempts.Count == 0 ? AttemptOutcome.Answered : record.Attempts[DecidingAttempt(record)].Outcome;

    /// <summary>Adds one attempt of a record.</summary>
    /// <param name="sums">One sum for each of <see cref="Columns"/>.</param>
    /// <param name="record">The record.</param>
    /// <param name="index">Which of its attempts; 0 also where there is none.</param>
    public static void Add(long[] sums, GenerationRecord record, int index)
    {
        if (record.Attempts.Count == 0)
        {
            sums[Requests]++;
            return;
        }

        // A request counts once, where it was answered, else where it was tried last: so the requests of all rows are all requests.
        var attempt = record.Attempts[index];
        if (index == DecidingAttempt(record))
        {
            sums[Requests]++;
            sums[FailedRequests] += attempt.Outcome is AttemptOutcome.Failed or AttemptOutcome.Superseded ? 1 : 0;
            sums[CancelledRequests] += attempt.Outcome == AttemptOutcome.Cancelled ? 1 : 0;
        }

        sums[Attempts]++;
        sums[FailedAttempts] += attempt.Outcome == AttemptOutcome.Failed ? 1 : 0;
        sums[UnpricedAttempts] += attempt.Cost is null ? 1 : 0;
        sums[EstimatedAttempts] += attempt.Usage.IsEstimated ? 1 : 0;
        sums[Cost] += attempt.Cost.GetValueOrDefault().Value;
        sums[UpstreamCost] += attempt.UpstreamCost.GetValueOrDefault().Value;
        if (attempt.Outcome == AttemptOutcome.Answered)
        {
            sums[Answers]++;
            sums[AnswerMicroseconds] += attempt.Duration.Ticks / TimeSpan.TicksPerMicrosecond;
        }

        if (attempt.TimeToFirstContent is { } firstContent)
        {
            sums[FirstContents]++;
            sums[FirstContentMicroseconds] += firstContent.Ticks / TimeSpan.TicksPerMicrosecond;
        }

        for (var bucket = 0; bucket < TokenBuckets.All.Count; bucket++)
            sums[Tokens + bucket] += TokenBuckets.All[bucket].Read(attempt.Usage);
    }

    private static int DecidingAttempt(GenerationRecord record)
    {
        for (var index = record.Attempts.Count - 1; index > 0; index--)
        {
            if (record.Attempts[index].Outcome == AttemptOutcome.Answered)
                return index;
        }

        return record.Attempts[0].Outcome == AttemptOutcome.Answered ? 0 : record.Attempts.Count - 1;
    }
}
