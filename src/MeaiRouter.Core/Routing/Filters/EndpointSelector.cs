using MeaiRouter.Attempts;
using MeaiRouter.Policies;
using MeaiRouter.Routing.Resolution;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing.Filters;

/// <summary>Finds the endpoints of a model that may serve a request, and a reason for each of the others.</summary>
internal sealed class EndpointSelector(RoutingOptions options)
{
    /// <summary>What holds for all models of a request.</summary>
    public FilterRequest Describe(in ResolvedRequest resolved, in PlanRequest request, CallerKeys? keys)
    {
        var filled = resolved.Preset is { } preset ? preset.ApplyTo(request.Options, request.Messages) : request.Options;
        return new FilterRequest
        {
            Preferences = resolved.Preferences,
            Policies = options.Policy is null && request.Policies.Count == 0 ? [] : Policies(request.Policies),
            DataClasses = request.DataClasses,
            Keys = keys,
            Options = filled,
            Prompt = PromptFacts.Of(request.Messages, filled),
            WantsEmbeddings = EmbeddingCall.From(filled) is not null,
            CompressesByDefault = request.Compresses,
        };
    }

    /// <summary>What holds for one of the models.</summary>
    public FilterRequest Describe(in FilterRequest request, in RoutedModel routed, IReadOnlyList<ChatMessage> messages)
    {
        QuantizationFilter.Verify(routed.Preferences.Quantizations);
        var asked = RequestParameters.TierOf(request.Options);
        var own = request with
        {
            Model = routed.Model,
            Preferences = routed.Preferences,
            Options = routed.Override is { } entry ? Overridden(request.Options, entry) : request.Options,
            Tiers = routed.Tiers | asked,
            AskedTier = asked,
        };
        return own with
        {
            PromptTokens = options.TokenCounter is { } counter && own.IsNearLimit
                ? counter.Count(messages, own.Options, routed.Model.Model)
                : request.Prompt.Estimate,
        };
    }

    /// <summary>Puts the endpoints that may serve the request into <paramref name="candidates"/>, cheapest first, and returns their number.</summary>
    public static int Select(in FilterRequest request, Span<Candidate> candidates, ref List<ExcludedEndpoint>? excluded)
    {
        var all = request.Model.Candidates.AsSpan();
        var filters = EndpointFilters.ApplyingTo(request);
        if (filters == 0)
        {
            all.CopyTo(candidates);
            return SupporterPreference.Apply(request, candidates[..all.Length], ref excluded);
        }

        var count = 0;
        foreach (ref readonly var candidate in all)
        {
            if (EndpointFilters.Reject(candidate, request, filters) is { } rejection)
                (excluded ??= []).Add(new ExcludedEndpoint(candidate.Model, candidate.Endpoint, rejection.Filter.Name, rejection.Reason));
            else
                candidates[count++] = candidate;
        }

        return SupporterPreference.Apply(request, candidates[..count], ref excluded);
    }

    private static ChatOptions Overridden(ChatOptions? options, ModelFallback entry)
    {
        var own = options is null ? new ChatOptions() : RouteContext.Copy(options);
        entry.ApplyTo(own);
        return own;
    }

    private RoutingPolicy[] Policies(IReadOnlyList<RoutingPolicy> own) => options.Policy is { } app ? [app, .. own] : [.. own];
}
