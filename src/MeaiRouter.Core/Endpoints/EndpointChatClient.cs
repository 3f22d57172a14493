using System.Collections.Frozen;
using MeaiRouter.Attempts;
using MeaiRouter.Keys;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Endpoints;

/// <summary>The innermost client of a pipeline: hands the call to the client of the provider that was chosen.</summary>
/// <remarks>
/// Any <see cref="IChatClient"/> can serve a provider: MeaiRouter.OpenAI's, a vendor's SDK or your own. Turn the retries of SDKs off,
/// because the pipeline has its own. A provider's client is never handed out by <c>GetService</c>.
/// </remarks>
public sealed class EndpointChatClient : IChatClient, IPipelineLayer, IProviderSet
{
    private static readonly ChatClientMetadata Metadata = new("meairouter");

    private readonly FrozenDictionary<string, IChatClient> _clients;
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

        _clients = providers.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        if (_clients.Count < providers.Count)
            throw new ArgumentException("Two providers have names that differ only in case. Give each a name of its own.", nameof(providers));

        _leaveOpen = leaveOpen;
    }

    /// <summary>The names of the providers.</summary>
    public IReadOnlyList<string> Providers => _clients.Keys;

    bool IProviderSet.TakesKeys(string provider) => _clients.GetValueOrDefault(provider)?.GetService(typeof(IKeyedChatClient)) is not null;

    PipelineStage IPipelineLayer.Stage => PipelineStage.Endpoint;

    IPipelineLayer? IPipelineLayer.Next => null;

    bool IPipelineLayer.IsUnbrokenInwards => true;

    /// <inheritdoc/>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);

        var client = ClientFor(options);
        return client.GetResponseAsync(messages, options is null ? null : RouteContext.DetachFrom(options), cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);

        var client = ClientFor(options);
        return client.GetStreamingResponseAsync(messages, options is null ? null : RouteContext.DetachFrom(options), cancellationToken);
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
            client.Dispose();
    }

    private IChatClient ClientFor(ChatOptions? options)
    {
        if (RouteContext.From(options)?.Attempt?.Endpoint is { } endpoint)
        {
            return _clients.GetValueOrDefault(endpoint.Provider) ?? throw new RouterException(
                FailureKind.NoEndpoint,
                $"The endpoint '{endpoint}' is served by '{endpoint.Provider}', for which the pipeline has no client. " +
                $"Its providers are: {string.Join(", ", _clients.Keys)}.");
        }

        return _clients.Count == 1 ? _clients.Values[0] : throw new RouterException(
            FailureKind.NoEndpoint,
            $"No router chose among the providers {string.Join(", ", _clients.Keys)}. Add UseRouting to the pipeline.");
    }
}
