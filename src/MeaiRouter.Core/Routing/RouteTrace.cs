using System.Text.Json.Serialization;
using MeaiRouter.Attempts;
using MeaiRouter.Keys;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>How an answer came about: every endpoint considered, every attempt made, and a reason for each that was not used.</summary>
/// <remarks>Serialized it is a constant: it rides on answers, and other people's caches and histories write those down.</remarks>
[JsonConverter(typeof(ConstantConverter<RouteTrace>))]
public sealed class RouteTrace
{
    private readonly RoutePlan? _plan;
    private readonly IReadOnlyDictionary<int, string>? _skips;

    internal RouteTrace(RouteContext context)
    {
        _plan = context.Plan;
        _skips = context.Skips;
        Id = context.Id;
        RequestedModel = context.RequestedModel ?? _plan?.RequestedModel;
        Attempts = context.Attempts;
        Seams = context.Seams;
        Notes = context.Notes;
        Cache = context.Cache;
        IsCacheHit = context.IsCacheHit;
    }

    /// <summary>The id of the request, under which the ledger keeps it.</summary>
    public string Id { get; }

    /// <summary>The model asked for; <see langword="null"/> if the request named none and there is no router.</summary>
    public string? RequestedModel { get; }

    /// <summary>The strategy that ordered the candidates; <see langword="null"/> without a router.</summary>
    public string? Strategy => _plan?.Strategy;

    /// <summary>The seed that repeats the decision; <see langword="null"/> without a router.</summary>
    public ulong? Seed => _plan?.Seed;

    /// <summary>The endpoints in the order of the plan, each with what became of it; empty without a router.</summary>
    public IReadOnlyList<TracedCandidate> Candidates => field ??= TraceCandidates();

    /// <summary>The endpoints the plan left out, each with its reason.</summary>
    public IReadOnlyList<ExcludedEndpoint> Excluded => _plan?.Excluded ?? [];

    /// <summary>The attempts in the order they began.</summary>
    public IReadOnlyList<RouteAttempt> Attempts { get; }

    /// <summary>Where one attempt broke and another went on, in the order of the answer; empty for an answer of one piece.</summary>
    public IReadOnlyList<Seam> Seams { get; }

    /// <summary>The attempt that finished the answer the caller got; <see langword="null"/> if none did.</summary>
    public RouteAttempt? Answer
    {
        get
        {
            for (var i = Attempts.Count - 1; i >= 0; i--)
            {
                if (Attempts[i].Outcome == AttemptOutcome.Answered)
                    return Attempts[i];
            }

            return null;
        }
    }

    /// <summary>What the response cache had to do with the answer; <see langword="null"/> if nothing.</summary>
    public CacheUse? Cache { get; }

    /// <summary>Whether the answer came from a cache, this library's or another, so that it cost nothing.</summary>
    public bool IsCacheHit { get; }

    /// <summary>
    /// What all attempts cost together, ours alone where keys of the caller's own were used, nothing for an answer from a cache;
    /// <see langword="null"/> if one of them is unpriced or nobody tracks costs.
    /// </summary>
    public NanoUsd? Cost => Sum(static attempt => attempt.Cost);

    /// <summary>What the caller is charged: the <see cref="Cost"/> without attempts that were waived.</summary>
    public NanoUsd? Charge => Sum(static attempt => attempt.Charge);

    /// <summary>What providers charge to the caller's own keys, apart from the cost; <see langword="null"/> if no attempt was made with one.</summary>
    public NanoUsd? UpstreamCost
    {
        get
        {
            NanoUsd? sum = null;
            for (var i = 0; i < Attempts.Count; i++)
            {
                if (Attempts[i].UpstreamCost is { } upstream)
                    sum = sum.GetValueOrDefault() + upstream;
            }

            return sum;
        }
    }

    /// <summary>What was adapted or left out on the request's way, as sentences.</summary>
    public IReadOnlyList<string> Notes { get; private set; }

    /// <summary>One line for each candidate, or each attempt where there is no router, for each excluded endpoint, each seam and each note.</summary>
    public override string ToString()
    {
        var lines = new List<string> { $"{Id} {RequestedModel} {Strategy}".TrimEnd() };
        lines.AddRange(_plan is null
            ? Attempts.Select(attempt => $"{attempt.Provider}: {TracedCandidate.FateOf(attempt)}")
            : Candidates.Select(candidate => $"{candidate.Candidate.Description}: {candidate.Fate}"));
        lines.AddRange(Excluded.Select(excluded => $"{excluded.Model} at {excluded.Endpoint}: left out by {excluded.Filter}. {excluded.Reason}"));
        if (Cache is { IsHit: true } hit)
            lines.Add($"answered from the cache, as {hit.SourceId} was {hit.Age.TotalSeconds:0} s ago");
        lines.AddRange(Seams.Select(seam => seam.ToString()));
        lines.AddRange(Notes);
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>Adds what came up while the request was settled.</summary>
    internal void Note(string sentence) => Notes = [.. Notes, sentence];

    internal ChatResponse AttachTo(ChatResponse response)
    {
        // A new dictionary: the response may be an instance that its client hands out again.
        response.AdditionalProperties = response.AdditionalProperties is { } properties ? new(properties) : [];
        response.AdditionalProperties[AnswerProperties.RouteTrace] = this;
        return response;
    }

    // Without a message id the property lands on the response when the updates are combined.
    internal ChatResponseUpdate ToUpdate() => new()
    {
        AdditionalProperties = new() { [AnswerProperties.RouteTrace] = this },
    };

    private NanoUsd? Sum(Func<RouteAttempt, NanoUsd?> part)
    {
        if (Attempts.Count == 0)
            return IsCacheHit ? NanoUsd.Zero : null;

        var sum = NanoUsd.Zero;
        for (var i = 0; i < Attempts.Count; i++)
        {
            if (part(Attempts[i]) is not { } amount)
                return null;
            sum += amount;
        }

        return sum;
    }

    private TracedCandidate[] TraceCandidates()
    {
        if (_plan is null)
            return [];

        var traced = new TracedCandidate[_plan.Candidates.Count];
        for (var i = 0; i < traced.Length; i++)
        {
            var candidate = _plan.Candidates[i];
            var attempt = Attempts.LastOrDefault(a => WasAt(a, candidate));
            traced[i] = new TracedCandidate(candidate, attempt) { SkipReason = _skips?.GetValueOrDefault(i) };
        }

        return traced;
    }

    // Called with the caller's key, or with one of the provider's own, whichever its client chose.
    private bool WasAt(RouteAttempt attempt, in Candidate candidate) =>
        ReferenceEquals(attempt.Endpoint, candidate.Endpoint)
        && ReferenceEquals(attempt.Model, candidate.Model)
        && (candidate.Key is { } key ? ReferenceEquals(attempt.Key, key) : !IsCallers(attempt.Key));

    private bool IsCallers(ProviderKey? key) => key is not null && _plan!.Candidates.Any(candidate => ReferenceEquals(candidate.Key, key));
}
