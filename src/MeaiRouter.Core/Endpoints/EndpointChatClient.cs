using System.Collections.Frozen;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Keys;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Endpoints;

/// <summary>The innermost client of a pipeline: hands the call to the client of the provider that was chosen.</summary>
/// <remarks>
/// Any <see cref="IChatClient"/> can serve a provider: MeaiRouter.OpenAI's, a vendor's SDK or your own. Turn the retries of SDKs off,
/// because the pipeline has its own. A provider's client is never handed out by <c>GetService</c>. One that is an
/// <see cref="IKeyedChatClient"/> is called with the key that the attempt chose. Wrapped in a <see cref="DelegatingChatClient"/> that does
/// not pass keys on, it chooses by itself: to reach around the wrapper would leave out what the wrapper does. Embeddings are made by the
/// <c>IEmbeddingGenerator&lt;string, Embedding&lt;float&gt;&gt;</c> that the client's own <c>GetService</c> gives.
/// </remarks>
public sealed class EndpointChatClient : IChatClient, IPipelineLayer, IProviderSet
{
    private static readonly ChatClientMetadata Metadata = new("meairouter");

    private readonly FrozenDictionary<string, ProviderClient> _clients;
    private readonly bool _leaveOpen;

    /// <summary>Creates the terminal client.</summary>
    /// <param name="providers">The client of each provider, by the name the catalogue's endpoints use.</param>
    /// <param name="leaveOpen">Whether the clients outlive this one; otherwise it disposes them.</param>
    /// <exception cref="ArgumentException">There are no providers, or two whose names differ only in case.</exception>
    public EndpointChatClient(IReadOnlyDictionary<string, IChatClient> providers, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(providers);
        if (providers.Count == 0)
            throw new ArgumentException("A pipeline needs at least one provider.", nameof(providers));

        _clients = providers.ToFrozenDictionary(
            static provider => provider.Key, static provider => new ProviderClient(provider.Value), StringComparer.OrdinalIgnoreCase);
        if (_clients.Count < providers.Count)
            throw new ArgumentException("Two providers have names that differ only in case. Give each a name of its own.", nameof(providers));

        _leaveOpen = leaveOpen;
    }

    /// <summary>The names of the providers.</summary>
    public IReadOnlyList<string> Providers => _clients.Keys;

    bool IProviderSet.TakesKeys(string provider) => _clients.GetValueOrDefault(provider).Keyed is not null;

    PipelineStage IPipelineLayer.Stage => PipelineStage.Endpoint;

    IReadOnlyList<ProviderKey> IProviderSet.KeysOf(string provider) => _clients.GetValueOrDefault(provider).Keyed?.Keys ?? [];

    IPipelineLayer? IPipelineLayer.Next => null;

    bool IPipelineLayer.IsUnbrokenInwards => true;

    /// <inheritdoc/>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);

        var client = ClientFor(ref options);
        return EmbeddingCall.From(options) is { } call
            ? EmbedAsync(client, call, options!, cancellationToken)
            : client.GetResponseAsync(messages, options, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);

        var client = ClientFor(ref options);
        return client.GetStreamingResponseAsync(messages, options, cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);

        if (serviceKey is not null)
            return null;
        if (serviceType == typeof(ChatClientMetadata))
            return Metadata;
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_leaveOpen)
            return;
        foreach (var client in _clients.Values)
            client.Client.Dispose();
    }

    private static async Task<ChatResponse> EmbedAsync(IChatClient client, EmbeddingCall call, ChatOptions options, CancellationToken cancellationToken)
    {
        var generator = (IEmbeddingGenerator<string, Embedding<float>>?)client.GetService(typeof(IEmbeddingGenerator<string, Embedding<float>>))
            ?? throw new RouterException(FailureKind.Unsupported, "The provider's client makes no embeddings: its GetService gives no IEmbeddingGenerator<string, Embedding<float>>.");
        var made = await generator.GenerateAsync(call.Texts, call.ToProviderOptions(options), cancellationToken).ConfigureAwait(false);
        return made.Count == call.Texts.Count
            ? new EmbeddingsContent(made).ToResponse(options.ModelId)
            : throw new RouterException(FailureKind.MalformedAnswer, $"The provider made {made.Count} embeddings of {call.Texts.Count} texts.");
    }

    /// <summary>The client to call, and the options as it may see them.</summary>
    private IChatClient ClientFor(ref ChatOptions? options)
    {
        var attempt = RouteContext.From(options)?.Attempt;
        var provider = attempt?.Endpoint is { } endpoint ? ProviderOf(endpoint) : OnlyProvider();
        AttemptTelemetry.SetServer(attempt?.Activity, provider.Address);
        if (options is not null)
            options = RouteContext.DetachFrom(options, limits: provider.ReportsLimits ? attempt : null);
        if (attempt?.Key is not { } key)
            return provider.Client;

        // With any other key the call would be charged to somebody else.
        return provider.Keyed?.WithKey(key) ?? throw new RouterException(
            FailureKind.NoEndpoint,
            $"The client of '{attempt.Provider}' cannot be called with '{key}': it is no {nameof(IKeyedChatClient)}, or is wrapped in a client that is none.");
    }

    private ProviderClient ProviderOf(ModelEndpoint endpoint) =>
        _clients.TryGetValue(endpoint.Provider, out var provider) ? provider : throw new RouterException(
            FailureKind.NoEndpoint,
            $"The endpoint '{endpoint}' is served by '{endpoint.Provider}', for which the pipeline has no client. " +
            $"Its providers are: {string.Join(", ", _clients.Keys)}.");

    private ProviderClient OnlyProvider() => _clients.Count == 1 ? _clients.Values[0] : throw new RouterException(
        FailureKind.NoEndpoint,
        $"No router chose among the providers {string.Join(", ", _clients.Keys)}. Add UseRouting to the pipeline.");
}
