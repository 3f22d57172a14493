using MeaiRouter.Catalog;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>Decides which endpoints may serve a request and in which order.</summary>
/// <remarks>
/// The model comes from <c>ChatOptions.ModelId</c>, further wishes from <c>options.WithRouting(...)</c>. A fallback layer further in
/// tries the endpoints in turn; without one the first is called, and without a terminal client it only chooses the model id for the
/// client it wraps.
/// </remarks>
public sealed class RouterChatClient : LayerChatClient
{
    private readonly RoutingOptions _options;
    private readonly RoutePlanner _planner;
    private readonly TimeProvider _time;
    private readonly bool _attemptsItself;
    private readonly ChatClientMetadata _metadata;

    /// <summary>Creates the layer.</summary>
    /// <param name="innerClient">The client that is called with the plan.</param>
    /// <param name="catalog">The models and their endpoints.</param>
    /// <param name="options">How to route where the request does not say; <see langword="null"/> for the defaults.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException">The default model, or the provider of an endpoint, does not exist.</exception>
    /// <exception cref="InvalidOperationException">A layer that belongs outside this one is inside.</exception>
    public RouterChatClient(IChatClient innerClient, ModelCatalog catalog, RoutingOptions? options = null, TimeProvider? timeProvider = null)
        : base(innerClient)
    {
        ArgumentNullException.ThrowIfNull(catalog);

        _options = options ?? new RoutingOptions();
        if (_options.DefaultModel is { } model && catalog.Find(model) is null)
            throw new ArgumentException($"The default model '{model}' is not in the catalogue.{catalog.Hint(model)}", nameof(options));

        RejectUnservedEndpoints(catalog, (IProviderSet?)innerClient.GetService(typeof(IProviderSet)));

        _planner = new RoutePlanner(catalog, _options);
        _time = timeProvider ?? TimeProvider.System;
        _attemptsItself = !Contains(PipelineStage.Fallback);
        _metadata = new ChatClientMetadata("meairouter", null, _options.DefaultModel);
    }

    private protected override PipelineStage Stage => PipelineStage.Routing;

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType == typeof(ChatClientMetadata) ? _metadata : base.GetService(serviceType, serviceKey);
    }

    private protected override Task<ChatResponse> RespondAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        var plan = MakePlan(context);
        if (!_attemptsItself)
            return InnerClient.GetResponseAsync(messages, options, cancellationToken);

        var attempt = context.Begin(plan.Candidates[0], _time);
        return SingleAttempt.RespondAsync(InnerClient, attempt, messages, Inwards(context.AttachTo(options, attempt, IsUnbrokenInwards)), cancellationToken);
    }

    private protected override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        var plan = MakePlan(context);
        if (!_attemptsItself)
            return InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);

        var attempt = context.Begin(plan.Candidates[0], _time);
        return SingleAttempt.StreamAsync(InnerClient, attempt, messages, Inwards(context.AttachTo(options, attempt, IsUnbrokenInwards)), cancellationToken);
    }

    private RoutePlan MakePlan(RouteContext context) =>
        context.Plan = _planner.Plan(context.RequestedModel, context.Preferences, _options.NextSeed());


    // Found when the pipeline is built rather than by the first unlucky request.
    private static void RejectUnservedEndpoints(ModelCatalog catalog, IProviderSet? providers)
    {
        if (providers is null)
            return;

        foreach (var model in catalog.Models)
        {
            var unserved = model.Endpoints.FirstOrDefault(e => !providers.Providers.Contains(e.Provider, StringComparer.OrdinalIgnoreCase));
            if (unserved is not null)
            {
                var hint = NearestNames.Hint(unserved.Provider, providers.Providers);
                throw new ArgumentException(
                    $"The endpoint '{unserved}' of '{model}' is served by '{unserved.Provider}', for which the pipeline has no client.{hint}", nameof(catalog));
            }
        }
    }
}
