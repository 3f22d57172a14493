using System.Runtime.CompilerServices;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>What every layer of MeaiRouter has in common: its place, the shared <see cref="RouteContext"/>, and metadata that is never null.</summary>
/// <remarks>The outermost layer opens the context and, when the answer is complete, attaches the <see cref="RouteTrace"/>.</remarks>
public abstract class LayerChatClient : DelegatingChatClient, IPipelineLayer
{
    private static readonly ChatClientMetadata UnknownProvider = new("meairouter");

    private readonly bool _wrapsPipeline;
    private int _isDisposed;

    /// <param name="innerClient">The client the layer wraps, and disposes.</param>
    /// <param name="mayWrapPipelines">Whether a whole pipeline may stand inside, which then is to the layer a client like any other.</param>
    private protected LayerChatClient(IChatClient innerClient, bool mayWrapPipelines = false)
        : base(innerClient)
    {
        var next = (IPipelineLayer?)innerClient.GetService(typeof(IPipelineLayer));
        if (next is null || next.Stage > Stage)
            Next = next;
        else if (!mayWrapPipelines)
            throw new InvalidOperationException(OrderError(next));
        _wrapsPipeline = next is not null && Next is null;
        IsUnbrokenInwards = Next is null || (ReferenceEquals(Next, innerClient) && Next.IsUnbrokenInwards);
    }

    /// <inheritdoc/>
    bool IPipelineLayer.IsUnbrokenInwards => IsUnbrokenInwards;

    PipelineStage IPipelineLayer.Stage => Stage;

    IPipelineLayer? IPipelineLayer.Next => Next;

    string IPipelineLayer.Settings => Settings;

    IEnumerable<KeyValuePair<string, IChatClient>> IPipelineLayer.Branches => Branches;

    private protected abstract PipelineStage Stage { get; }

    private protected abstract string Settings { get; }

    private protected virtual IEnumerable<KeyValuePair<string, IChatClient>> Branches => [];

    private protected IPipelineLayer? Next { get; }

    private protected bool IsUnbrokenInwards { get; }

    /// <inheritdoc/>
    public sealed override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);

        var buffered = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        return RouteContext.From(options) is { } context
            ? RespondAsync(context, buffered, options!, cancellationToken)
            : OpenAndRespondAsync(buffered, options, cancellationToken);
    }

    /// <inheritdoc/>
    public sealed override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);

        var buffered = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        return RouteContext.From(options) is { } context
            ? StreamAsync(context, buffered, options!, cancellationToken)
            : OpenAndStreamAsync(buffered, options, cancellationToken);
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        base.GetService(serviceType, serviceKey)
        ?? (serviceKey is null && serviceType == typeof(ChatClientMetadata) ? UnknownProvider : null);

    /// <summary>Disposes, once, the clients that the layer owns.</summary>
    /// <param name="disposing">Whether it is called by <c>Dispose</c>.</param>
    protected sealed override void Dispose(bool disposing)
    {
        var owns = disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0 && !LeavesOpen;
        base.Dispose(owns);
        if (owns)
            DisposeOthers();
    }

    /// <summary>Whether the clients outlive the layer.</summary>
    private protected virtual bool LeavesOpen => false;

    /// <summary>Disposes the clients besides the one the layer wraps.</summary>
    private protected virtual void DisposeOthers()
    {
    }

    private protected abstract Task<ChatResponse> RespondAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken);

    private protected abstract IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken);

    /// <summary>Whether a layer of the given stage is further in.</summary>
    private protected bool Contains(PipelineStage stage)
    {
        for (var layer = Next; layer is not null; layer = layer.Next)
        {
            if (layer.Stage == stage)
                return true;
        }

        return false;
    }

    /// <summary>The options to hand inwards: ours travel on to the next layer of ours and never further.</summary>
    private protected ChatOptions Inwards(ChatOptions options) => Next is null ? RouteContext.DetachFrom(options, _wrapsPipeline) : options;

    private async Task<ChatResponse> OpenAndRespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var context = new RouteContext(options);
        var response = await RespondAsync(context, messages, context.AttachTo(options), cancellationToken).ConfigureAwait(false);
        return context.ToTrace().AttachTo(response);
    }

    private async IAsyncEnumerable<ChatResponseUpdate> OpenAndStreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var context = new RouteContext(options);
        var updates = StreamAsync(context, messages, context.AttachTo(options), cancellationToken);
        var isFirst = true;
        await foreach (var update in updates.ConfigureAwait(false))
        {
            yield return isFirst ? WithSource(update, context.Answering, context.Cache) : update;
            isFirst = false;
        }

        yield return context.ToTrace().ToUpdate();
    }

    private static ChatResponseUpdate WithSource(ChatResponseUpdate update, RouteAttempt? attempt, CacheUse? cache)
    {
        if (attempt is null && cache is null)
            return update;

        var first = update.Clone();
        first.AdditionalProperties = update.AdditionalProperties is { } properties ? new(properties) : [];
        if (attempt is not null)
            first.AdditionalProperties[AnswerProperties.RouteAttempt] = attempt;
        if (cache is not null)
            first.AdditionalProperties[AnswerProperties.CacheUse] = cache;
        return first;
    }

    private string OrderError(IPipelineLayer inner)
    {
        var (outerName, innerName) = (GetType().Name, inner.GetType().Name);
        return inner.Stage == Stage
            ? $"The pipeline has two {outerName} layers, and each would do the other's work again. Remove one."
            : $"{innerName} must be outside {outerName}, but the pipeline has it inside; in this order attempts and their costs would be lost. " +
              $"Add {innerName} to the builder before {outerName}.";
    }
}
