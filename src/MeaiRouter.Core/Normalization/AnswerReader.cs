using MeaiRouter.Attempts;
using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization;

/// <summary>Reads one answer, whole or streamed, into the common shape.</summary>
internal sealed class AnswerReader(Dialect dialect, RouteNotes notes)
{
    private HashSet<string>? _ids;
    private StreamUsage? _usage;
    private bool _hasToolCalls;
    private ChatFinishReason? _native;
    private ChatFinishReason? _shown;

    /// <summary>Whether the stream has reported usage that <see cref="End"/> will hand out.</summary>
    public bool HasUsage => _usage is not null;

    /// <exception cref="RouterException">The finish reason is a failure.</exception>
    public void Read(ChatResponse response)
    {
        // Indexed on purpose, here and wherever answers pass through: an interface's enumerator allocates.
        for (var i = 0; i < response.Messages.Count; i++)
            response.Messages[i].Contents = WithOwnIds(response.Messages[i].Contents);

        var native = response.FinishReason;
        response.FinishReason = FinishReasons.Normalize(native, _hasToolCalls, dialect, notes);
        if (!FinishReasons.AreSame(response.FinishReason, native))
            (response.AdditionalProperties ??= []).TryAdd(AnswerProperties.NativeFinishReason, native?.Value);
    }

    /// <returns>What the caller is to see; <see langword="null"/> if nothing is left.</returns>
    /// <exception cref="RouterException">The finish reason is a failure.</exception>
    public ChatResponseUpdate? Read(ChatResponseUpdate update)
    {
        var read = update;
        if (CarriesUsage(update))
        {
            if ((_usage ??= new StreamUsage()).Take(update) is not { } rest)
                return null;
            read = rest;
        }

        var contents = WithOwnIds(read.Contents);
        if (!ReferenceEquals(contents, read.Contents))
        {
            read = read.Clone();
            read.Contents = contents;
        }

        if (read.FinishReason is not { } native)
            return read;

        _native = native;
        _shown = FinishReasons.Normalize(native, _hasToolCalls, dialect, notes);
        return WithFinishReason(read, native, _shown);
    }

    /// <summary>
    /// The update that ends a stream: its usage, and the finish reason again where tool calls came only after it; <see langword="null"/> if
    /// there is neither.
    /// </summary>
    public ChatResponseUpdate? End()
    {
        var last = _usage?.ToUpdate();
        if (_native is not { } native || _shown is not { } shown)
            return last;

        var corrected = FinishReasons.Correct(shown, _hasToolCalls);
        if (corrected == shown)
            return last;

        last ??= new ChatResponseUpdate();
        last.FinishReason = native;
        return WithFinishReason(last, native, corrected);
    }

    private static bool CarriesUsage(ChatResponseUpdate update)
    {
        // Indexed on purpose: the interface's enumerator would allocate for every update.
        for (var i = 0; i < update.Contents.Count; i++)
        {
            if (update.Contents[i] is UsageContent)
                return true;
        }

        return false;
    }

    private IList<AIContent> WithOwnIds(IList<AIContent> contents)
    {
        var own = contents;
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is not FunctionCallContent call)
                continue;

            _hasToolCalls |= !call.InformationalOnly;
            var unique = ToolCallIds.MakeUnique(call, _ids ??= []);
            if (ReferenceEquals(unique, call))
                continue;
            if (ReferenceEquals(own, contents))
                own = [.. contents];
            own[i] = unique;
        }

        return own;
    }

    private static ChatResponseUpdate WithFinishReason(ChatResponseUpdate update, ChatFinishReason native, ChatFinishReason? normalized)
    {
        if (FinishReasons.AreSame(normalized, native))
            return update;

        var changed = update.Clone();
        changed.FinishReason = normalized;
        changed.AdditionalProperties = update.AdditionalProperties is { } properties ? new(properties) : [];
        changed.AdditionalProperties.TryAdd(AnswerProperties.NativeFinishReason, native.Value);
        return changed;
    }
}
