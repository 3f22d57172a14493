using System.Diagnostics;
using System.Text.Json.Serialization;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Keys;
using MeaiRouter.Limits;
using MeaiRouter.Policies;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>What the layers share about one request: its preferences, the plan, the attempts and what they cost.</summary>
/// <remarks>
/// The outermost layer creates it and it rides in a clone of the options, never in the caller's own; the innermost layer takes it out
/// again. Serialized it is a constant, because caches hash options and loggers print them.
/// </remarks>
[JsonConverter(typeof(ConstantConverter<RouteContext>))]
public sealed class RouteContext
{
    private const string Key = "meairouter.context";

    private readonly RequestState _request;
    private readonly bool _ownsOptions;

    internal RouteContext(ChatOptions? options) => _request = new RequestState(options);

    private RouteContext(RequestState request, RouteAttempt attempt, bool ownsOptions)
    {
        _request = request;
        _ownsOptions = ownsOptions;
        Attempt = attempt;
    }

    /// <summary>The id of the request, under which the ledger keeps it.</summary>
    public string Id => _request.Id;

    /// <summary>The model as the caller named it; <see langword="null"/> if he named none.</summary>
    public string? RequestedModel => _request.RequestedModel;

    /// <summary>What the caller asked of routing.</summary>
    public RoutingPreferences Preferences => _request.Preferences;

    /// <summary>The policies the request must satisfy besides the app's.</summary>
    internal IReadOnlyList<RoutingPolicy> Policies => _request.Policies;

    /// <summary>The classes of data that the request holds.</summary>
    internal IReadOnlyList<string> DataClasses => _request.DataClasses;

    /// <summary>On whose behalf the request is made; <see langword="null"/> if it does not say.</summary>
    internal string? Caller => _request.Caller;

    /// <summary>The keys of the caller's own.</summary>
    internal IReadOnlyList<CallerProviderKey> ProviderKeys => _request.ProviderKeys;

    /// <summary>Whether it is for embeddings rather than a conversation.</summary>
    internal bool WantsEmbeddings => _request.WantsEmbeddings;

    /// <summary>The seed of an earlier decision to repeat; <see langword="null"/> for a new one.</summary>
    internal ulong? Seed => _request.Seed;

    /// <summary>What the router decided; <see langword="null"/> before it has, and where there is no router.</summary>
    public RoutePlan? Plan
    {
        get => _request.Plan;
        internal set => _request.Plan = value;
    }

    /// <summary>Whether somebody outside the plan may answer instead.</summary>
    internal bool HasBackups
    {
        get => _request.HasBackups;
        set => _request.HasBackups = value;
    }

    /// <summary>Whether the request might go to either of two providers, who cannot read what the other keeps.</summary>
    internal bool SpansProviders => HasBackups || Plan is { SpansProviders: true };

    /// <summary>What the response cache had to do with the answer; <see langword="null"/> if nothing.</summary>
    public CacheUse? Cache
    {
        get => _request.Cache;
        internal set => _request.Cache = value;
    }

    /// <summary>Who learns from every attempt at an endpoint of the plan; <see langword="null"/> if nobody does.</summary>
    internal IAttemptObserver? Observer
    {
        get => _request.Observer;
        set => _request.Observer = value;
    }

    /// <summary>Who must admit every attempt of the request; <see langword="null"/> if nobody need.</summary>
    internal IAttemptGate? Gate
    {
        get => _request.Gate;
        set => _request.Gate = value;
    }

    /// <summary>The span that the request's events go to; <see langword="null"/> where nobody traces.</summary>
    internal Activity? Activity
    {
        get => _request.Activity;
        set => _request.Activity = value;
    }

    /// <summary>Whether a cache answered.</summary>
    internal bool IsCacheHit
    {
        get => _request.IsCacheHit || Cache is { IsHit: true };
        set => _request.IsCacheHit = value;
    }

    /// <summary>The attempt in whose course the options are used; <see langword="null"/> outside of one.</summary>
    public RouteAttempt? Attempt { get; }

    /// <summary>The attempts begun so far, in order.</summary>
    public IReadOnlyList<RouteAttempt> Attempts
    {
        get
        {
            lock (_request)
                return _request.Attempts;
        }
    }

    /// <summary>What was adapted or left out on the request's way, as sentences.</summary>
    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_request)
                return _request.Notes is { } notes ? [.. notes] : [];
        }
    }

    /// <summary>Why candidates were passed over, by their place in the plan; <see langword="null"/> if none was.</summary>
    internal IReadOnlyDictionary<int, string>? Skips => _request.Skips;

    /// <summary>Where one attempt took over from another in the middle of the answer, in order.</summary>
    internal IReadOnlyList<Seam> Seams
    {
        get
        {
            lock (_request)
                return _request.Seams is { } seams ? [.. seams] : [];
        }
    }

    /// <summary>The attempt that is answering: the one still running when the first update arrives.</summary>
    internal RouteAttempt? Answering
    {
        get
        {
            lock (_request)
                return Array.Find(_request.Attempts, static attempt => attempt.Outcome == AttemptOutcome.Running);
        }
    }

    /// <summary>The attempt whose content is handed out: the one that answered or, before that, the one still running.</summary>
    internal RouteAttempt? Speaking
    {
        get
        {
            lock (_request)
                return Array.FindLast(_request.Attempts, static attempt => attempt.Outcome == AttemptOutcome.Answered)
                    ?? Array.Find(_request.Attempts, static attempt => attempt.Outcome == AttemptOutcome.Running);
        }
    }

    /// <summary>The context riding in the options; <see langword="null"/> if there is none.</summary>
    /// <param name="options">The options a layer was called with.</param>
    public static RouteContext? From(ChatOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(Key, out var value) == true ? value as RouteContext : null;

    /// <summary>A constant: the context never reveals the conversation.</summary>
    public override string ToString() => ConstantConverter<RouteContext>.Constant;

    /// <summary>Begins an attempt at an endpoint of the plan.</summary>
    internal RouteAttempt Begin(in Candidate candidate, TimeProvider time, AttemptReason reason = AttemptReason.First) =>
        Begin(
            candidate.Endpoint.Provider, candidate.Model, candidate.Endpoint, candidate.Health, candidate.Key ?? candidate.Health.ChooseKey(), time, reason);

    /// <summary>Begins an attempt where no router chose an endpoint.</summary>
    internal RouteAttempt Begin(
        string provider, TimeProvider time, IAttemptObserver? observer = null, AttemptReason reason = AttemptReason.First) =>
        Begin(provider, null, null, observer, null, time, reason);

    private RouteAttempt Begin(
        string provider, Model? model, ModelEndpoint? endpoint, IAttemptObserver? observer, ProviderKey? key, TimeProvider time,
        AttemptReason reason)
    {
        RouteAttempt attempt;
        lock (_request)
        {
            attempt = new RouteAttempt(_request.Attempts.Length, provider, model, endpoint, observer, Observer, time, _request)
            {
                Key = key,
                Gate = Gate,
                Reason = reason,
                IsEmbedding = WantsEmbeddings,
            };
            _request.Attempts = [.. _request.Attempts, attempt];
        }

        RequestTelemetry.Turn(this, attempt);
        attempt.Activity = AttemptTelemetry.Start(attempt, RequestedModel);
        return attempt;
    }

    /// <summary>Ends an attempt as failed and begins another in its place; <see langword="null"/> if it has ended already.</summary>
    internal RouteAttempt? Repeat(RouteAttempt attempt, RouterException failure)
    {
        RouteAttempt? repetition;
        lock (_request)
        {
            repetition = attempt.Repeat(_request.Attempts.Length, failure);
            if (repetition is null)
                return null;
            _request.Attempts = [.. _request.Attempts, repetition];
        }

        repetition.Activity = AttemptTelemetry.Start(repetition, RequestedModel);
        return repetition;
    }

    /// <summary>The trace of the request, to be taken once it is settled.</summary>
    internal RouteTrace ToTrace() => _request.Trace ??= new RouteTrace(this);

    /// <summary>Takes down a sentence, once: streams repeat themselves.</summary>
    internal void Note(string sentence)
    {
        lock (_request)
        {
            if (_request.Notes?.Contains(sentence) != true)
                (_request.Notes ??= []).Add(sentence);
        }
    }

    /// <summary>Takes down why a candidate, by its place in the plan, is not tried, as the end of a sentence; the last reason counts.</summary>
    internal void Skip(int candidate, string reason)
    {
        lock (_request)
            (_request.Skips ??= [])[candidate] = reason;
    }

    /// <summary>Takes down where another attempt took over.</summary>
    internal void Join(Seam seam)
    {
        lock (_request)
            (_request.Seams ??= []).Add(seam);
    }

    /// <summary>A clone of the options with this context in it.</summary>
    internal ChatOptions AttachTo(ChatOptions? options)
    {
        var clone = options is null ? new ChatOptions() : Copy(options);
        (clone.AdditionalProperties ??= [])[Key] = this;
        return clone;
    }

    /// <summary>A clone of the options for one attempt: the endpoint's model, what the request says for it alone, and the attempt in the context.</summary>
    /// <param name="options">The options to clone.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="ownsOptions">Whether none but our own layers will see the clone, so that the innermost need not clone it again.</param>
    internal ChatOptions AttachTo(ChatOptions options, RouteAttempt attempt, bool ownsOptions)
    {
        var clone = new RouteContext(_request, attempt, ownsOptions).AttachTo(options);
        clone.ModelId = attempt.Endpoint?.Model ?? clone.ModelId;
        Plan?.OverrideFor(attempt.Model)?.ApplyTo(clone);
        attempt.Tools = clone.Tools is { Count: > 0 } tools ? tools : null;
        return clone;
    }

    /// <summary>The options as a foreign client may see them: without anything of ours. A clone, unless they are ours alone.</summary>
    /// <param name="options">The options.</param>
    /// <param name="forPipeline">Whether the client is a pipeline of its own, which honours what the request asks of routing.</param>
    /// <param name="limits">Who is to hear of rate limits, where the client can tell.</param>
    internal static ChatOptions DetachFrom(ChatOptions options, bool forPipeline = false, IRateLimitObserver? limits = null)
    {
        var clone = From(options) is { _ownsOptions: true } ? options : Copy(options);
        if (clone.AdditionalProperties is { } properties)
        {
            properties.Remove(Key);
            if (properties.Count > 0)
                ChatOptionsRoutingExtensions.RemoveFrom(properties, keepWishes: forPipeline);
            if (limits is not null)
                properties[ChatOptionsRateLimitExtensions.Key] = limits;
            if (properties.Count == 0)
                clone.AdditionalProperties = null;
        }

        return clone;
    }

    // Clone promises no depth: a subclass may share the dictionary, and ours would show in the caller's own options.
    internal static ChatOptions Copy(ChatOptions options)
    {
        var clone = options.Clone();
        if (clone.AdditionalProperties is { } properties && ReferenceEquals(properties, options.AdditionalProperties))
            clone.AdditionalProperties = new(properties);
        return clone;
    }
}
