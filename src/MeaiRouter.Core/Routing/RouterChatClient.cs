using System.Runtime.CompilerServices;
using MeaiRouter.Affinity;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Health;
using MeaiRouter.Policies;
using MeaiRouter.Routing.Filters;
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
    private readonly IProviderSet? _providers;
    private readonly ModelCatalog _catalog;
    private readonly LiveCatalog? _live;
    private readonly Lock _following = new();
    private CatalogSnapshot? _followed;
    private RoutePlanner _planner;
    private string? _catalogError;
    private readonly AffinityTable? _affinity;
    private readonly HealthBoard _health;
    private readonly TimeProvider _time;
    private readonly bool _attemptsItself;
    private readonly bool? _compresses;
    private readonly ChatClientMetadata _metadata;

    /// <summary>Creates the layer.</summary>
    /// <param name="innerClient">The client that is called with the plan. It is disposed with the layer.</param>
    /// <param name="catalog">The models and their endpoints.</param>
    /// <param name="options">How to route where the request does not say; <see langword="null"/> for the defaults.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException">The default model, the provider of an endpoint, or what a preset names does not exist.</exception>
    /// <exception cref="InvalidOperationException">A layer that belongs outside this one is inside.</exception>
    public RouterChatClient(IChatClient innerClient, ModelCatalog catalog, RoutingOptions? options = null, TimeProvider? timeProvider = null)
        : base(innerClient)
    {
        ArgumentNullException.ThrowIfNull(catalog);

        _catalog = catalog;
        _options = options ?? new RoutingOptions();
        _providers = (IProviderSet?)innerClient.GetService(typeof(IProviderSet));
        _planner = PlannerOf(catalog);
        ((ICatalogUser?)innerClient.GetService(typeof(ICatalogUser)))?.Check(catalog, _providers?.Providers ?? []);

        // After what can fail: a router that is never made must leave a shared board as it was.
        if (_options.Predecessor is null)
            RegisterKeys();
        _time = timeProvider ?? TimeProvider.System;
        _affinity = AffinityAfter(_options.Predecessor);
        _options.Predecessor = null;
        _compresses = ((IContextCompressor?)innerClient.GetService(typeof(IContextCompressor)))?.CompressesByDefault;
        _attemptsItself = !Contains(PipelineStage.Fallback);
        _metadata = new ChatClientMetadata("meairouter", null, _options.DefaultModel);
        _health = _options.Health;
        HealthMetrics.Boards.Add(_health);
    }

    /// <summary>Creates the layer over a catalogue that follows its sources. Each request is planned by the snapshot in force when it begins.</summary>
    /// <param name="innerClient">The client that is called with the plan. It is disposed with the layer.</param>
    /// <param name="catalog">The models and their endpoints. It is not disposed with the layer.</param>
    /// <param name="options">How to route where the request does not say; <see langword="null"/> for the defaults.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <inheritdoc cref="RouterChatClient(IChatClient, ModelCatalog, RoutingOptions?, TimeProvider?)" path="/exception"/>
    public RouterChatClient(IChatClient innerClient, LiveCatalog catalog, RoutingOptions? options = null, TimeProvider? timeProvider = null)
        : this(innerClient, Snapshot(catalog).Catalog, options, timeProvider) => _live = catalog;

    /// <summary>
    /// Why requests are still planned by an older catalogue than the newest: it lacks the default model, say, or an endpoint's provider has no
    /// client. <see langword="null"/> if nothing stands in the way.
    /// </summary>
    public string? CatalogError => Volatile.Read(ref _catalogError);

    private protected override PipelineStage Stage => PipelineStage.Routing;

    private protected override TimeProvider Clock => _time;

    private protected override string Settings => _options.ToText(_live?.Current.Catalog ?? _catalog);

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType == typeof(ChatClientMetadata) ? _metadata : base.GetService(serviceType, serviceKey);
    }

    private protected override void DisposeOwn() => HealthMetrics.Boards.Remove(_health);

    /// <summary>Plans a request without calling anybody.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options; <see langword="null"/> for none.</param>
    /// <returns>
    /// The endpoints that would be tried, in order, and why the others would not. With <c>options.WithRouteSeed(plan.Seed)</c> the same
    /// request gets the same plan, as long as what is known about the endpoints' health is the same.
    /// </returns>
    /// <exception cref="RouterException">No endpoint may serve the request, or it names something that does not exist.</exception>
    public RoutePlan Explain(IEnumerable<ChatMessage> messages, ChatOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var context = new RouteContext(options);
        var buffered = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        return Decide(context, buffered, options ?? new ChatOptions(), null, mayProbe: false).WithNotes(context.Notes);
    }

    /// <summary>Whether policies permit an endpoint at all, whatever a request asks: the app's, and those of a caller.</summary>
    /// <param name="model">The model.</param>
    /// <param name="endpoint">One of its endpoints.</param>
    /// <param name="policy">The caller's policy; <see langword="null"/> for none.</param>
    public bool Permits(Model model, ModelEndpoint endpoint, RoutingPolicy? policy = null)
    {
        RoutingPolicy[] policies = (_options.Policy, policy) switch
        {
            (null, null) => [],
            ({ } app, null) => [app],
            (null, { } own) => [own],
            ({ } app, { } own) => [app, own],
        };
        return policies.Length == 0 || PolicyFilters.Permit(new Candidate(model, endpoint, HealthOf(model, endpoint)), policies);
    }

    /// <summary>What is known about an endpoint from the attempts made at it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="endpoint">One of its endpoints.</param>
    public EndpointHealth HealthOf(Model model, ModelEndpoint endpoint) => _options.Health.For(model, endpoint);

    /// <summary>
    /// Has the board know the keys of this router's providers in place of those before. A router with a predecessor does so only when it takes the other's
    /// place, because it may yet turn out that it never will.
    /// </summary>
    internal void RegisterKeys()
    {
        foreach (var provider in _providers?.Providers ?? [])
            _options.Health.Register(provider, _providers!.KeysOf(provider));
    }

    /// <summary>The preset that a request names; <see langword="null"/> if it names none, or one that there is not, which its plan will refuse.</summary>
    internal Preset? PresetOf(RouteContext context)
    {
        if (_options.Presets.Count == 0)
            return null;
        var name = context.Preferences.Preset ?? (context.RequestedModel is { } model ? ModelName.Parse(model).Preset : null);
        return name is null ? null : PresetNamed(name);
    }

    // Apart, so that a request without a preset makes no closure.
    private Preset? PresetNamed(string name) =>
        _options.Presets.FirstOrDefault(preset => preset.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    private protected override Task<ChatResponse> RespondAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken) =>
        _options.Selector is { } selector
            ? SelectAndRespondAsync(selector, context, messages, options, cancellationToken)
            : RespondAsync(context, MakePlan(context, messages, options), messages, options, cancellationToken);

    private protected override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken) =>
        _options.Selector is { } selector
            ? SelectAndStreamAsync(selector, context, messages, options, cancellationToken)
            : StreamAsync(context, MakePlan(context, messages, options), messages, options, cancellationToken);

    private async Task<ChatResponse> SelectAndRespondAsync(
        IChatClient selector, RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        var choice = await EndpointChoice.AskAsync(selector, messages, options, cancellationToken).ConfigureAwait(false);
        var plan = MakePlan(context, messages, options, choice);
        return await RespondAsync(context, plan, messages, options, cancellationToken).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<ChatResponseUpdate> SelectAndStreamAsync(
        IChatClient selector, RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var choice = await EndpointChoice.AskAsync(selector, messages, options, cancellationToken).ConfigureAwait(false);
        var plan = MakePlan(context, messages, options, choice);
        await foreach (var update in StreamAsync(context, plan, messages, options, cancellationToken).ConfigureAwait(false))
            yield return update;
    }

    private Task<ChatResponse> RespondAsync(
        RouteContext context, RoutePlan plan, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        if (plan.Preset is { } preset)
            options = preset.ApplyTo(options, messages);
        if (!_attemptsItself)
            return InnerClient.GetResponseAsync(messages, options, cancellationToken);

        var attempt = context.Begin(plan.Candidates[0], _time);
        return SingleAttempt.RespondAsync(InnerClient, attempt, messages, Inwards(context.AttachTo(options, attempt, IsUnbrokenInwards)), cancellationToken);
    }

    private IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        RouteContext context, RoutePlan plan, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        if (plan.Preset is { } preset)
            options = preset.ApplyTo(options, messages);
        if (!_attemptsItself)
            return InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);

        var attempt = context.Begin(plan.Candidates[0], _time);
        return SingleAttempt.StreamAsync(InnerClient, attempt, messages, Inwards(context.AttachTo(options, attempt, IsUnbrokenInwards)), cancellationToken);
    }

    private RoutePlan MakePlan(RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, EndpointChoice? choice = null) =>
        context.Plan = Decide(context, messages, options, choice, mayProbe: true);

    private RoutePlan Decide(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, EndpointChoice? choice, bool mayProbe)
    {
        var planner = CurrentPlanner();
        var turn = choice is null ? null : TurnOf(context, messages, options);
        var model = ModelFor(planner, context, choice, turn);
        var plan = Plan(planner, context, model, messages, options, mayProbe);
        KeptConversation.Check(plan, options);
        foreach (var note in plan.Notes)
            context.Note(note);

        if (plan.AllowsAffinity)
        {
            turn ??= TurnOf(context, messages, options);
            context.Observer = turn;
            plan = turn is null ? plan : AffinityOrder.Apply(plan, turn, context);
        }

        if (choice is not null)
            plan = Choose(choice, EndpointChoice.MayChooseModel(context) && model == choice.Model, plan, turn, context);
        return plan.WithoutFallbacks();
    }

    private ConversationTurn? TurnOf(RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options) =>
        _affinity is null || context.WantsEmbeddings ? null : ConversationTurn.Of(_affinity, messages, options, options.GetSessionId(), context.Caller);

    // In a tool loop the selector has had its say: the result goes to the model that asked for it.
    private static string? ModelFor(RoutePlanner planner, RouteContext context, EndpointChoice? choice, ConversationTurn? turn)
    {
        if (choice is null || !EndpointChoice.MayChooseModel(context))
            return context.RequestedModel;
        return turn?.Issuer is { } issuer && planner.Knows(issuer.Model) ? issuer.Model : choice.Model;
    }

    private static RoutePlan Choose(EndpointChoice choice, bool isPlanned, RoutePlan plan, ConversationTurn? turn, RouteContext context)
    {
        var first = plan.Candidates[0];
        if (turn?.Issuer?.Names(first.Model, first.Endpoint) != true || !plan.MayStay(first.Model))
            return choice.ApplyTo(plan, isPlanned, context);

        context.Note($"The selector chose {choice}, but the tool result stays with {first.Endpoint}, which issued the call.");
        return plan;
    }

    private RoutePlan Plan(
        RoutePlanner planner, RouteContext context, string? model, IReadOnlyList<ChatMessage> messages, ChatOptions options, bool mayProbe) =>
        planner.Plan(new PlanRequest
        {
            ModelId = model,
            Preferences = context.Preferences,
            Policies = context.Policies,
            DataClasses = context.DataClasses,
            Keys = context.ProviderKeys,
            Seed = context.Seed ?? _options.NextSeed(),
            Messages = context.WantsEmbeddings ? EmbeddingCall.Longest(messages) : messages,
            Options = options,
            MayProbe = mayProbe,
            Compresses = _compresses,
        });

    private RoutePlanner CurrentPlanner() =>
        _live?.Current is { } newest && !ReferenceEquals(newest, Volatile.Read(ref _followed)) ? Follow(newest) : _planner;

    private RoutePlanner Follow(CatalogSnapshot newest)
    {
        lock (_following)
        {
            try
            {
                _planner = PlannerOf(newest.Catalog);
                _catalogError = null;
            }
            catch (ArgumentException exception)
            {
                _catalogError = exception.Message;
            }

            // Also where it cannot be used: it would be no better at the next request.
            Volatile.Write(ref _followed, newest);
            return _planner;
        }
    }

    private RoutePlanner PlannerOf(ModelCatalog catalog)
    {
        RejectUnservedEndpoints(catalog, _providers);
        return new RoutePlanner(catalog, _options, _providers);
    }

    private AffinityTable? AffinityAfter(RouterChatClient? predecessor)
    {
        if (!_options.Affinity.Enabled)
            return null;
        var isSame = predecessor is not null && (predecessor._options.Affinity.Capacity, predecessor._options.Affinity.TimeToLive) == (_options.Affinity.Capacity, _options.Affinity.TimeToLive);
        return (isSame ? predecessor!._affinity : null) ?? new AffinityTable(_options.Affinity, _time);
    }

    private static CatalogSnapshot Snapshot(LiveCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.Current;
    }

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
