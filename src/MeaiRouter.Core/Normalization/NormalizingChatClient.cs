using System.Runtime.CompilerServices;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization;

/// <summary>Makes every endpoint look the same: writes requests in the endpoint's dialect and reads answers into one shape.</summary>
/// <remarks>
/// Finish reasons become <c>stop</c>, <c>length</c>, <c>tool_calls</c> or <c>content_filter</c>, with the provider's own word under
/// <see cref="AnswerProperties.NativeFinishReason"/>; a stream reports its usage once, at its end; every tool call has an id of its own, and
/// ids an endpoint would refuse are rewritten. The trace notes each change that a caller could wonder about.
/// </remarks>
public sealed class NormalizingChatClient : LayerChatClient
{
    private readonly Dialect _dialect;

    /// <summary>Creates the layer.</summary>
    /// <param name="innerClient">The client whose requests and answers are normalized.</param>
    /// <param name="dialect">The dialect where no router chose an endpoint; <see langword="null"/> for <see cref="Dialect.Default"/>.</param>
    /// <exception cref="InvalidOperationException">A layer that belongs outside this one is inside.</exception>
    public NormalizingChatClient(IChatClient innerClient, Dialect? dialect = null)
        : base(innerClient) => _dialect = dialect ?? Dialect.Default;

    private protected override PipelineStage Stage => PipelineStage.Normalization;

    private protected override async Task<ChatResponse> RespondAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        var (dialect, notes) = (DialectOf(context), new RouteNotes(context));
        var adapted = ToolCallIds.Adapt(messages, dialect, notes);
        var response = await InnerClient.GetResponseAsync(adapted, Inwards(options), cancellationToken).ConfigureAwait(false);

        HashSet<string>? ids = null;
        foreach (var message in response.Messages)
            MakeIdsUnique(message.Contents, ref ids);

        var native = response.FinishReason;
        response.FinishReason = FinishReasons.Normalize(native, ids is not null, dialect, notes);
        if (response.FinishReason != native)
            (response.AdditionalProperties ??= []).TryAdd(AnswerProperties.NativeFinishReason, native?.Value);
        return response;
    }

    private protected override async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (dialect, notes) = (DialectOf(context), new RouteNotes(context));
        var adapted = ToolCallIds.Adapt(messages, dialect, notes);
        HashSet<string>? ids = null;
        StreamUsage? usage = null;

        await foreach (var update in InnerClient.GetStreamingResponseAsync(adapted, Inwards(options), cancellationToken).ConfigureAwait(false))
        {
            var normalized = update;
            if (HasUsage(update))
            {
                if ((usage ??= new StreamUsage()).Take(update) is not { } rest)
                    continue;
                normalized = rest;
            }

            MakeIdsUnique(normalized.Contents, ref ids);
            if (normalized.FinishReason is { } native)
                normalized = WithFinishReason(normalized, native, FinishReasons.Normalize(native, ids is not null, dialect, notes));
            yield return normalized;
        }

        if (usage?.ToUpdate() is { } last)
            yield return last;
    }

    private Dialect DialectOf(RouteContext context) => context.Attempt?.Endpoint?.Dialect ?? _dialect;

    private static bool HasUsage(ChatResponseUpdate update)
    {
        // Indexed on purpose: the interface's enumerator would allocate for every update.
        for (var i = 0; i < update.Contents.Count; i++)
        {
            if (update.Contents[i] is UsageContent)
                return true;
        }

        return false;
    }

    private static void MakeIdsUnique(IList<AIContent> contents, ref HashSet<string>? ids)
    {
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is FunctionCallContent call)
                contents[i] = ToolCallIds.MakeUnique(call, ids ??= []);
        }
    }

    private static ChatResponseUpdate WithFinishReason(ChatResponseUpdate update, ChatFinishReason native, ChatFinishReason? normalized)
    {
        if (normalized == native)
            return update;

        var changed = update.Clone();
        changed.FinishReason = normalized;
        changed.AdditionalProperties = update.AdditionalProperties is { } properties ? new(properties) : [];
        changed.AdditionalProperties.TryAdd(AnswerProperties.NativeFinishReason, native.Value);
        return changed;
    }
}
