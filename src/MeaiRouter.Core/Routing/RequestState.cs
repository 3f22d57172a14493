using System.Diagnostics;
using MeaiRouter.Attempts;
using MeaiRouter.Policies;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>What all the contexts of one request share. Whoever changes it, or reads what grows, locks it.</summary>
internal sealed class RequestState
{
    public RequestState(ChatOptions? options)
    {
        Id = options?.AdditionalProperties?.TryGetValue(ChatOptionsRoutingExtensions.RequestIdKey, out var id) == true && id is string own ? own : RequestIds.New("gen-", TimeProvider.System);
        RequestedModel = options?.ModelId;
        Preferences = options?.GetRouting() ?? RoutingPreferences.None;
        if (options?.AdditionalProperties is { Count: > 0 })
        {
            Policies = options.GetPolicies();
            DataClasses = options.GetDataClasses();
            Seed = options.GetRouteSeed();
            Caller = options.GetCaller();
            ProviderKeys = options.GetProviderKeys();
            WantsEmbeddings = EmbeddingCall.From(options) is not null;
        }
    }

    /// <summary>The attempts begun so far, in order: another array for each, so that all may keep what they were given.</summary>
    public RouteAttempt[] Attempts { get; set; } = [];

    public string Id { get; }

    public string? RequestedModel { get; }

    public RoutingPreferences Preferences { get; }

    public IReadOnlyList<RoutingPolicy> Policies { get; } = [];

    public IReadOnlyList<string> DataClasses { get; } = [];

    public string? Caller { get; }

    public IReadOnlyList<CallerProviderKey> ProviderKeys { get; } = [];

    public ulong? Seed { get; }

    public bool WantsEmbeddings { get; }

    public bool IsCacheHit { get; set; }

    public List<string>? Notes { get; set; }

    public Dictionary<int, string>? Skips { get; set; }

    public List<Seam>? Seams { get; set; }

    public RoutePlan? Plan { get; set; }

    public bool HasBackups { get; set; }

    public IAttemptObserver? Observer { get; set; }

    public IAttemptGate? Gate { get; set; }

    public Activity? Activity { get; set; }

    public RouteTrace? Trace { get; set; }

    public CacheUse? Cache { get; set; }
}
