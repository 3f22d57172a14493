using MeaiRouter.Policies;
using MeaiRouter.Routing.Resolution;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing.Filters;

/// <summary>What the filters know about a request and the model whose endpoints they look at.</summary>
internal readonly struct FilterRequest
{
    public required RoutingPreferences Preferences { get; init; }

    /// <summary>The policies of the app and of the request; all of them hold.</summary>
    public required RoutingPolicy[] Policies { get; init; }

    /// <summary>The classes of data that the prompt holds.</summary>
    public required IReadOnlyList<string> DataClasses { get; init; }

    /// <summary>The caller's keys; <see langword="null"/> for none.</summary>
    public CallerKeys? Keys { get; init; }

    public required ChatOptions? Options { get; init; }

    public required PromptFacts Prompt { get; init; }

    /// <summary>Whether it is for embeddings rather than a conversation.</summary>
    public bool WantsEmbeddings { get; init; }

    /// <summary>The model whose endpoints are looked at.</summary>
    public RoutableModel Model { get; init; }

    /// <summary>The service tiers that the model's variant or the request admits.</summary>
    public ServiceTiers Tiers { get; init; }

    /// <summary>The service tier that the request itself asks for, rather than a variant.</summary>
    public ServiceTiers AskedTier { get; init; }

    /// <summary>The tokens of the prompt for this model: counted where it matters, else estimated.</summary>
    public long PromptTokens { get; init; }

    /// <summary>The length of answer that the caller asks for, in tokens; 0 if he does not say.</summary>
    public int OutputTokens => Options?.MaxOutputTokens ?? 0;

    /// <summary>Whether conversations are compressed where the preferences do not say; <see langword="null"/> if nobody could.</summary>
    public bool? CompressesByDefault { get; init; }

    /// <summary>Whether a prompt that is too long for an endpoint is compressed.</summary>
    public bool Compresses => CompressesByDefault is { } byDefault && (Preferences.CompressContext ?? byDefault);

    /// <summary>Whether the prompt, and the answer asked for, may be more than the model's smallest context holds.</summary>
    public bool IsNearLimit => Prompt.AtMost + OutputTokens > Model.SmallestContext;
}
