using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Registration;

/// <summary>Hands each request to the generation in force when it begins, and keeps that one alive until the request has ended.</summary>
internal sealed class ReloadingChatClient(RouterGeneration first) : IChatClient, IPipelineLayer
{
    private readonly Lock _replacing = new();
    private RouterGeneration _current = first;
    private bool _isDisposed;

    public RouterGeneration Current => Volatile.Read(ref _current);

    PipelineStage IPipelineLayer.Stage => Layer.Stage;

    IPipelineLayer? IPipelineLayer.Next => Layer.Next;

    bool IPipelineLayer.IsUnbrokenInwards => Layer.IsUnbrokenInwards;

    string IPipelineLayer.Settings => "follows its configuration";

    IEnumerable<KeyValuePair<string, IChatClient>> IPipelineLayer.Branches => [KeyValuePair.Create("in force", Current.Pipeline)];

    private IPipelineLayer Layer => (IPipelineLayer)Current.Pipeline;

    /// <summary>Puts another generation in force for every request that begins from now on.</summary>
    public void Replace(RouterGeneration next)
    {
        lock (_replacing)
        {
            if (_isDisposed)
            {
                next.Leave();
                return;
            }

            // Before any of its requests asks for a key.
            next.Pipeline.GetService<RouterChatClient>()?.RegisterKeys();
            var before = _current;
            Volatile.Write(ref _current, next);
            before.Leave();
        }
    }

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var generation = Enter();
        try
        {
            return await generation.Pipeline.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            generation.Leave();
        }
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        new ReloadingStream(this, messages, options, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && (serviceType == typeof(IPipelineLayer) || serviceType == typeof(ReloadingChatClient))
            ? this
            : Current.Pipeline.GetService(serviceType, serviceKey);
    }

    public void Dispose()
    {
        lock (_replacing)
        {
            if (_isDisposed)
                return;
            Volatile.Write(ref _isDisposed, true);
            _current.Leave();
        }
    }

    /// <summary>The generation in force, entered.</summary>
    public RouterGeneration Enter()
    {
        while (true)
        {
            var generation = Current;
            if (generation.TryEnter())
                return generation;

            // Somebody has just put another in its place, or nobody ever will.
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
        }
    }
}
