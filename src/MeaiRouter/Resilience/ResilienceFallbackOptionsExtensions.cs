using MeaiRouter.Fallback;
using MeaiRouter.Resilience;

namespace Microsoft.Extensions.AI;

/// <summary>Puts pipelines of Polly's around the attempts of a <see cref="FallbackChatClient"/>.</summary>
public static class ResilienceFallbackOptionsExtensions
{
    /// <summary>Runs each endpoint's attempts through a <see cref="Polly.ResiliencePipeline"/>, in the place of any policy set before.</summary>
    /// <param name="options">The options of the fallback layer.</param>
    /// <param name="configure">Says which endpoints have which strategies; called at once.</param>
    /// <returns>The same options.</returns>
    public static FallbackOptions UseResilience(this FallbackOptions options, Action<ResilienceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(configure);

        var resilience = new ResilienceOptions();
        configure(resilience);
        options.AttemptPolicy = resilience.Rules.Count == 0 ? null : new ResiliencePolicy(resilience);
        return options;
    }
}
