using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using MeaiRouter.Attempts;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization.Answers;
using MeaiRouter.Normalization.Compression;
using MeaiRouter.Normalization.Conversation;
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
/// ids an endpoint would refuse are rewritten. Reasoning and tool calls that a model wrote into its text are told from it. An answer in a format
/// fits it, mended where it must be, or is a failure (<see cref="FailureKind.SchemaMismatch"/>), streamed or not. The trace notes each change
/// that a caller could wonder about.
/// </remarks>
public sealed class NormalizingChatClient : LayerChatClient, IContextCompressor
{
    private readonly NormalizingOptions _options;
    private readonly RequestAdapter _requests;
    private readonly string? _provider;

    /// <summary>Creates the layer.</summary>
    /// <param name="innerClient">The client whose requests and answers are normalized. It is disposed with the layer.</param>
    /// <param name="dialect">The dialect where no router chose an endpoint; <see langword="null"/> for <see cref="Dialect.Default"/>.</param>
    /// <exception cref="InvalidOperationException">A layer that belongs outside this one is inside.</exception>
    public NormalizingChatClient(IChatClient innerClient, Dialect? dialect = null)
        : this(innerClient, new NormalizingOptions { Dialect = dialect ?? Dialect.Default })
    {
    }

    /// <summary>Creates the layer.</summary>
    /// <param name="innerClient">The client whose requests and answers are normalized. It is disposed with the layer.</param>
    /// <param name="options">What it does; a copy is kept.</param>
    /// <exception cref="ArgumentException">An option has a value that cannot be.</exception>
    /// <exception cref="InvalidOperationException">A layer that belongs outside this one is inside.</exception>
    public NormalizingChatClient(IChatClient innerClient, NormalizingOptions options)
        : base(innerClient)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Validated();
        var metadata = innerClient.GetService(typeof(ChatClientMetadata)) as ChatClientMetadata;
        _requests = new RequestAdapter(_options, metadata?.DefaultModelId);
        _provider = Next is null ? metadata?.ProviderName : null; // layers of ours speak for providers that attempts name
    }

    bool IContextCompressor.CompressesByDefault => _options.Compression is not null;

    private protected override PipelineStage Stage => PipelineStage.Normalization;

    private protected override string Settings =>
        $"dialect {_options.Dialect.Name} unless the endpoint has one, unsupported parameters {(_options.UnsupportedParameters == UnsupportedParameters.Adapt ? "adapted" : "refused")}, " +
        (_options.Compression is null ? "long conversations as they are" : "long conversations compressed");

    private protected override Task<ChatResponse> RespondAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        if (context.WantsEmbeddings)
            return InnerClient.GetResponseAsync(messages, Inwards(options), cancellationToken);
        return _options.MediaFetcher is null
            ? AdaptAndRespondAsync(context, messages, options, cancellationToken)
            : InlineAndRespondAsync(context, messages, options, cancellationToken);
    }

    private async Task<ChatResponse> InlineAndRespondAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        var inline = await InlineAsync(context, messages, options, cancellationToken).ConfigureAwait(false);
        return await AdaptAndRespondAsync(context, inline, options, cancellationToken).ConfigureAwait(false);
    }

    private Task<ChatResponse> AdaptAndRespondAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        var request = Adapt(context, messages, options, streams: false);
        var answer = InnerClient.GetResponseAsync(request.Messages, Inwards(request.Options), cancellationToken);
        return ReadAsync(answer, context, options, request.Options, request.ToolNames);
    }

    // Apart from what comes before it, so that what outlives the wait is no more than what reading needs.
    private async Task<ChatResponse> ReadAsync(
        Task<ChatResponse> answer, RouteContext context, ChatOptions options, ChatOptions sent, ToolNameMap? toolNames)
    {
        var response = await answer.ConfigureAwait(false);
        new ReasoningOrigin(ProviderOf(context)).Mark(response);
        try
        {
            ReaderOf(context, options, sent).Read(response);
            ToolNames.Restore(response, toolNames);
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
        var inline = await InlineAsync(context, messages, options, cancellationToken).ConfigureAwait(false);
        var request = Adapt(context, inline, options, streams: true);
        var origin = new ReasoningOrigin(ProviderOf(context));
        var reader = ReaderOf(context, options, request.Options);
        var updates = InnerClient.GetStreamingResponseAsync(request.Messages, Inwards(request.Options), cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var closing = updates.ConfigureAwait(false);
        ExceptionDispatchInfo? broken = null;

        while (true)
        {
            ChatResponseUpdate? update;
            try
            {
                if (!await updates.MoveNextAsync().ConfigureAwait(false))
                    break;
                origin.Mark(updates.Current);
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

        IReadOnlyList<ChatResponseUpdate> released = [];
        try
        {
            if (broken is null)
                released = reader.Release();
        }
        catch (RouterException exception)
        {
            broken = ExceptionDispatchInfo.Capture(exception);
        }

        for (var i = 0; i < released.Count; i++)
            yield return ToolNames.Restore(released[i], request.ToolNames)!;
        if (reader.End() is { } last)
            yield return last;
        broken?.Throw();
    }

    private AnswerReader ReaderOf(RouteContext context, ChatOptions options, ChatOptions sent) =>
        new(_requests.DialectOf(context, options), new RouteNotes(context), options, sent, _options.StreamStructured, context.Attempt,
            mends: RequestWishes.Of(context).HealAnswers ?? true);

    // Nothing is fetched unless somebody was named who does it.
    private ValueTask<IReadOnlyList<ChatMessage>> InlineAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken) =>
        _options.MediaFetcher is { } fetcher
            ? FetchedMedia.InlineAsync(fetcher, messages, DestinationOf(context, options), cancellationToken)
            : new(messages);

    private Destination DestinationOf(RouteContext context, ChatOptions options) =>
        new(_requests.DialectOf(context, options), context.Attempt, ProviderOf(context), new RouteNotes(context));

    // Reasoning is told apart by the same name on its way out and back.
    private string? ProviderOf(RouteContext context) => context.Attempt?.Provider ?? _provider;

    private AdaptedRequest Adapt(RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, bool streams)
    {
        var fitting = EndpointContext.Fit(messages, options, context, _options.Compression, new RouteNotes(context));
        var request = _requests.Adapt(fitting, options, context, streams);
        var adapted = request.Options;
        var conversation = ConversationAdapter.Adapt(request.Messages, ref adapted, DestinationOf(context, options));
        return request with { Messages = conversation, Options = adapted };
    }
}
