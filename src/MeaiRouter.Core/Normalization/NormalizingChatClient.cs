using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using MeaiRouter.Attempts;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization.Requests;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization;

/// <summary>Makes every endpoint look the same: writes requests in the endpoint's dialect and reads answers into one shape.</summary>
/// <remarks>
/// Parameters, reasoning, tools and formats that an endpoint does not take as they are become what it does take; where that would change
/// what was asked and the caller will not have it, and where nothing fits, the attempt fails as unsupported, so that another endpoint is tried.
/// Finish reasons become <c>stop</c>, <c>length</c>, <c>tool_calls</c> or <c>content_filter</c>, with the provider's own word under
/// <see cref="AnswerProperties.NativeFinishReason"/>; a stream reports its usage once, at its end; every tool call has an id of its own, and
/// ids an endpoint would refuse are rewritten. The trace notes each change that a caller could wonder about.
/// </remarks>
public sealed class NormalizingChatClient : LayerChatClient
{
    private readonly RequestAdapter _requests;

    /// <summary>Creates the layer.</summary>
    /// <param name="innerClient">The client whose requests and answers are normalized.</param>
    /// <param name="dialect">The dialect where no router chose an endpoint; <see langword="null"/> for <see cref="Dialect.Default"/>.</param>
    /// <exception cref="InvalidOperationException">A layer that belongs outside this one is inside.</exception>
    public NormalizingChatClient(IChatClient innerClient, Dialect? dialect = null)
        : this(innerClient, new NormalizingOptions { Dialect = dialect ?? Dialect.Default })
    {
    }

    /// <summary>Creates the layer.</summary>
    /// <param name="innerClient">The client whose requests and answers are normalized.</param>
    /// <param name="options">What it does; a copy is kept.</param>
    /// <exception cref="ArgumentException">An option has a value that cannot be.</exception>
    /// <exception cref="InvalidOperationException">A layer that belongs outside this one is inside.</exception>
    public NormalizingChatClient(IChatClient innerClient, NormalizingOptions options)
        : base(innerClient)
    {
        ArgumentNullException.ThrowIfNull(options);
        _requests = new RequestAdapter(options.Validated(), (innerClient.GetService(typeof(ChatClientMetadata)) as ChatClientMetadata)?.DefaultModelId);
    }

    private protected override PipelineStage Stage => PipelineStage.Normalization;

    private protected override async Task<ChatResponse> RespondAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        var (dialect, notes) = (_requests.DialectOf(context, options), new RouteNotes(context));
        var request = _requests.Adapt(messages, options, context);
        var adapted = ToolCallIds.Adapt(request.Messages, dialect, notes);
        var response = await InnerClient.GetResponseAsync(adapted, Inwards(request.Options), cancellationToken).ConfigureAwait(false);
        try
        {
            new AnswerReader(dialect, notes).Read(response);
            ToolNames.Restore(response, request.ToolNames);
            return response;
        }
        catch (RouterException)
        {
            // A failure in truth, but what it used is charged.
            context.Attempt?.Observe(response);
            throw;
        }
    }

    private protected override async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (dialect, notes) = (_requests.DialectOf(context, options), new RouteNotes(context));
        var request = _requests.Adapt(messages, options, context);
        var adapted = ToolCallIds.Adapt(request.Messages, dialect, notes);
        var reader = new AnswerReader(dialect, notes);
        var updates = InnerClient.GetStreamingResponseAsync(adapted, Inwards(request.Options), cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var closing = updates.ConfigureAwait(false);
        ExceptionDispatchInfo? broken = null;

        while (true)
        {
            ChatResponseUpdate? update;
            try
            {
                if (!await updates.MoveNextAsync().ConfigureAwait(false))
                    break;
                update = ToolNames.Restore(reader.Read(updates.Current), request.ToolNames);
            }
            catch (Exception exception) when (reader.HasUsage)
            {
                // The usage that did arrive is what will be charged.
                broken = ExceptionDispatchInfo.Capture(exception);
                break;
            }

            if (update is not null)
                yield return update;
        }

        if (ToolNames.Restore(reader.End(), request.ToolNames) is { } last)
            yield return last;
        broken?.Throw();
    }
}
