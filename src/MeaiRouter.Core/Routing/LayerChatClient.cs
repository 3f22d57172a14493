using System.Runtime.CompilerServices;
using MeaiRouter.Affinity;
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

    /// <summary>The clock by which the layer's requests are measured.</summary>
    private protected virtual TimeProvider Clock => (Next as LayerChatClient)?.Clock ?? TimeProvider.System;

    /// <inheritdoc/>
    public sealed override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);

        var buffered = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        if (RouteContext.From(options) is { } context)
            return RespondAsync(context, buffered, options!, cancellationToken);
        return RequestTelemetry.IsOn
            ? TellAndRespondAsync(new RouteContext(options), buffered, options, cancellationToken)
            : OpenAndRespondAsync(new RouteContext(options), buffered, options, cancellationToken);
    }

    /// <inheritdoc/>
    public sealed override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);

        var buffered = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        if (RouteContext.From(options) is { } context)
            return StreamAsync(context, buffered, options!, cancellationToken);
        return RequestTelemetry.IsOn
            ? TellAndStreamAsync(buffered, options, cancellationToken)
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
        var isFirst = disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0;
        if (isFirst)
            DisposeOwn();

        var owns = isFirst && !LeavesOpen;
        base.Dispose(owns);
        if (owns)
            DisposeOthers();
    }

    /// <summary>Gives up, once, what is the layer's own, such as what it is measured by.</summary>
    private protected virtual void DisposeOwn()
    {
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

    private async Task<ChatResponse> TellAndRespondAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        using var telemetry = new RequestTelemetry(context, Clock);
        try
        {
            var response = await OpenAndRespondAsync(context, messages, options, cancellationToken).ConfigureAwait(false);
            telemetry.Answer();
            return response;
        }
        catch (Exception exception)
        {
            telemetry.Fail(exception, cancellationToken);
            throw;
        }
    }

    private async IAsyncEnumerable<ChatResponseUpdate> TellAndStreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var context = new RouteContext(options);
        using var telemetry = new RequestTelemetry(context, Clock);
        IAsyncEnumerator<ChatResponseUpdate>? updates = null;
        var isFirst = true;
        try
        {
            while (true)
            {
                try
                {
                    updates ??= StreamAsync(context, messages, context.AttachTo(options), cancellationToken).GetAsyncEnumerator(cancellationToken);
                    if (!await updates.MoveNextAsync().ConfigureAwait(false))
                        break;
                }
                catch (Exception exception)
                {
                    telemetry.Fail(exception, cancellationToken);
                    throw;
                }

                yield return Told(updates.Current, context, isFirst);
                telemetry.Reenter();
                isFirst = false;
            }

            telemetry.Answer();
            yield return context.ToTrace().ToUpdate();
        }
        finally
        {
            // Whoever stopped reading gets here with his own context.
            telemetry.Reenter();
            if (updates is not null)
                await updates.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<ChatResponse> OpenAndRespondAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var response = await RespondAsync(context, messages, context.AttachTo(options), cancellationToken).ConfigureAwait(false);
        KeptConversation.RemoveFrom(response, context);
        var trace = context.ToTrace();
        if (trace.Answer is { HasToolCalls: true, Endpoint: not null } answer)
            ToolIssue.Sign(response, answer);
        return trace.AttachTo(response);
    }

    private async IAsyncEnumerable<ChatResponseUpdate> OpenAndStreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var context = new RouteContext(options);
        var updates = StreamAsync(context, messages, context.AttachTo(options), cancellationToken);
        var isFirst = true;
        await foreach (var update in updates.ConfigureAwait(false))
        {
            yield return Told(update, context, isFirst);
            isFirst = false;
        }

        yield return context.ToTrace().ToUpdate();
    }

    // What leaves our layers: without what binds the caller to one provider, and with what tells him where it came from.
    private static ChatResponseUpdate Told(ChatResponseUpdate update, RouteContext context, bool isFirst)
    {
        var told = update.ConversationId is null ? update : KeptConversation.RemoveFrom(update, context);
        if (ToolIssue.CallsTool(told.Contents) && context.Speaking is { Endpoint: not null } issuer)
            told = ToolIssue.Signed(told, issuer);
        return isFirst ? WithSource(told, context.Answering, context.Cache) : told;
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
