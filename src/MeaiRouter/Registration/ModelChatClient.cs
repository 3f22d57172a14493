using Microsoft.Extensions.AI;

namespace MeaiRouter.Registration;

/// <summary>The router as the client of one model: a request that names none gets that one. It leaves the router open.</summary>
internal sealed class ModelChatClient(IChatClient router, string model) : DelegatingChatClient(router)
{
    private readonly ChatClientMetadata _metadata = new("meairouter", null, model);

    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetResponseAsync(messages, WithModel(options), cancellationToken);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetStreamingResponseAsync(messages, WithModel(options), cancellationToken);

    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType == typeof(ChatClientMetadata) ? _metadata : base.GetService(serviceType, serviceKey);
    }

    // The router is the services' own, and so are all its other users.
    protected override void Dispose(bool disposing) => base.Dispose(disposing: false);

    private ChatOptions WithModel(ChatOptions? options)
    {
        if (options is { ModelId: not null })
            return options;

        var own = options?.Clone() ?? new ChatOptions();
        own.ModelId = model;
        return own;
    }
}
