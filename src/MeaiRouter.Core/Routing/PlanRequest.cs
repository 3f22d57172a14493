using MeaiRouter.Policies;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>Everything a plan depends on besides the catalogue and the router's options.</summary>
internal readonly struct PlanRequest
{
    public required string? ModelId { get; init; }

    public required RoutingPreferences Preferences { get; init; }

    public required ulong Seed { get; init; }

    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    public ChatOptions? Options { get; init; }

    /// <summary>Whether the plan is carried out, so that it may send one request to an endpoint that may have recovered.</summary>
    public bool MayProbe { get; init; }

    /// <summary>The policies of the request, on top of the app's.</summary>
    public required IReadOnlyList<RoutingPolicy> Policies { get; init; }

    /// <summary>The keys of the caller's own.</summary>
    public IReadOnlyList<CallerProviderKey> Keys { get => field ?? []; init; }

    /// <summary>The classes of data that the prompt holds.</summary>
    public required IReadOnlyList<string> DataClasses { get; init; }

    /// <summary>Whether conversations are compressed where the preferences do not say; <see langword="null"/> if nobody could.</summary>
    public bool? Compresses { get; init; }
}
