using Polly;

namespace MeaiRouter.Resilience;

/// <summary>Which pipelines of Polly's the attempts run through. By default there are none.</summary>
/// <remarks>
/// <para>
/// The engine has retries, deadlines, hedges and breakers of its own, which know what Polly cannot: quotas, costs, other endpoints, and
/// what has been shown to the caller. So nothing of Polly's is on the way unless it is asked for: a breaker with rules of your own, a
/// timeout narrower than the engine's, chaos.
/// </para>
/// <para>
/// Each endpoint has a pipeline of its own, with its own state, made at its first attempt. It holds what is said of all, of its provider
/// and of itself, in this order from outside to inside, except where the narrower is told not to inherit. For a stream it covers
/// the time until the first content.
/// </para>
/// <para>
/// Calls that a retry repeats count as attempts for health, costs and the trace, but not towards <c>MaxAttempts</c>. The room an attempt
/// has at its endpoint stays its own until the last of them has ended. Give a retry <see cref="TransientFailures"/> to handle, since
/// repeating what is wrong with the request itself only costs money.
/// </para>
/// </remarks>
public sealed class ResilienceOptions
{
    private readonly List<ResilienceRule> _rules = [];

    /// <summary>The clock of the pipelines.</summary>
    /// <value>Default: the system's, and with <c>AddMeaiRouter</c> the one among the services.</value>
    public TimeProvider TimeProvider
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = TimeProvider.System;

    internal IReadOnlyList<ResilienceRule> Rules => _rules;

    /// <summary>Adds strategies for every endpoint.</summary>
    /// <param name="configure">Adds the strategies; called once for each endpoint, and once now to find mistakes.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A strategy's options are out of range.</exception>
    public ResilienceOptions ForAll(Action<ResiliencePipelineBuilder> configure) => Add(ResilienceScope.All, "", configure, inherit: true);

    /// <summary>Adds strategies for every endpoint of a provider.</summary>
    /// <param name="provider">The provider's name, or without a router the name of the client, without regard to case.</param>
    /// <param name="configure">Adds the strategies; called once for each endpoint, and once now to find mistakes.</param>
    /// <param name="inherit">Whether they stand inside those for every endpoint, rather than in their place.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A strategy's options are out of range.</exception>
    public ResilienceOptions ForProvider(string provider, Action<ResiliencePipelineBuilder> configure, bool inherit = true) =>
        Add(ResilienceScope.Provider, provider, configure, inherit);

    /// <summary>Adds strategies for one endpoint.</summary>
    /// <param name="endpoint">The model's id and the endpoint's tag, such as <c>acme/large@acme-eu</c>, without regard to case.</param>
    /// <param name="configure">Adds the strategies; called once for the endpoint, and once now to find mistakes.</param>
    /// <param name="inherit">Whether they stand inside those for its provider and for every endpoint, rather than in their place.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException">The endpoint is not named by model and tag.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A strategy's options are out of range.</exception>
    public ResilienceOptions ForEndpoint(string endpoint, Action<ResiliencePipelineBuilder> configure, bool inherit = true)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.IndexOf('@', StringComparison.Ordinal) is var at && (at <= 0 || at == endpoint.Length - 1))
        {
            throw new ArgumentException(
                $"'{endpoint}' is not an endpoint. Name it by its model's id and its tag, such as acme/large@acme-eu.", nameof(endpoint));
        }

        return Add(ResilienceScope.Endpoint, endpoint, configure, inherit);
    }

    /// <summary>Adds what is configured: for a provider, but for none of its endpoints with settings of their own.</summary>
    internal void AddConfigured(string provider, ResilienceSettings settings, IReadOnlySet<string> except) =>
        _rules.Add(new ResilienceRule(ResilienceScope.Provider, provider, settings.AddTo, Inherit: true, except));

    private ResilienceOptions Add(ResilienceScope scope, string name, Action<ResiliencePipelineBuilder> configure, bool inherit)
    {
        ArgumentNullException.ThrowIfNull(configure);
        if (scope != ResilienceScope.All)
            ArgumentException.ThrowIfNullOrWhiteSpace(name);

        var trial = new ResiliencePipelineBuilder { TimeProvider = TimeProvider, Name = name };
        configure(trial);
        trial.Build();
        _rules.Add(new ResilienceRule(scope, name, configure, inherit));
        return this;
    }
}
