using MeaiRouter.Attempts;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization.Structured;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Answers;

/// <summary>Reads one answer, whole or streamed, into the common shape.</summary>
internal sealed class AnswerReader
{
    private readonly Dialect _dialect;
    private readonly RouteNotes _notes;
    private readonly ContentReader _contents;
    private readonly StructuredAnswer? _structured;
    private readonly StructuredStream? _stream;
    private StreamUsage? _usage;
    private ChatFinishReason? _native;
    private ChatFinishReason? _shown;

    /// <param name="dialect">The endpoint's dialect.</param>
    /// <param name="notes">Where changes are noted.</param>
    /// <param name="options">What the caller asked for.</param>
    /// <param name="sent">What the endpoint was sent.</param>
    /// <param name="streaming">When a streamed answer in a format is handed out.</param>
    /// <param name="attempt">The attempt; <see langword="null"/> where nobody counts.</param>
    /// <param name="mends">Whether an answer in a format may be mended.</param>
    public AnswerReader(
        Dialect dialect, RouteNotes notes, ChatOptions options, ChatOptions sent, StructuredStreaming streaming, RouteAttempt? attempt, bool mends = true)
    {
        _dialect = dialect;
        _notes = notes;
        _contents = new ContentReader(dialect.Answers, options, sent, notes, attempt);
        if (options.ResponseFormat is ChatResponseFormatJson format)
        {
            _structured = new StructuredAnswer(format, hasStops: options.StopSequences is { Count: > 0 }, mends, attempt, notes);
            _stream = new StructuredStream(_structured, streaming, attempt);
        }
    }

    /// <summary>Whether the stream has reported usage that <see cref="End"/> will hand out.</summary>
    public bool HasUsage => _usage is not null;

    /// <exception cref="RouterException">The finish reason is a failure, or the answer is not in the format asked for.</exception>
    public void Read(ChatResponse response)
    {
        if (response.Usage is { } usage)
            response.Usage = UsageSplit.Settle(usage);
        var native = response.FinishReason;
        var isCut = FinishReasons.IsLength(native, _dialect);

        // Indexed on purpose, here and wherever answers pass through: an interface's enumerator allocates.
        for (var i = 0; i < response.Messages.Count; i++)
            response.Messages[i].Contents = _contents.Read(response.Messages[i].Contents, isLast: i == response.Messages.Count - 1, isCut);

        response.FinishReason = FinishReasons.Normalize(native, _contents.HasToolCalls, _dialect, _notes);
        if (!FinishReasons.AreSame(response.FinishReason, native))
            (response.AdditionalProperties ??= []).TryAdd(AnswerProperties.NativeFinishReason, native?.Value);
        _structured?.Settle(response, _contents.HasToolCalls);
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

        var contents = _contents.Read(read.Contents, isLast: read.FinishReason is not null, FinishReasons.IsLength(read.FinishReason, _dialect));
        if (!ReferenceEquals(contents, read.Contents))
        {
            read = read.Clone();
            read.Contents = contents;
        }

        if (read.FinishReason is { } native)
        {
            _native = native;
            _shown = FinishReasons.Normalize(native, _contents.HasToolCalls, _dialect, _notes);
            read = WithFinishReason(read, native, _shown);
        }

        return _stream is null ? read : _stream.Take(read);
    }

    /// <summary>What was held back until the stream had ended.</summary>
    /// <exception cref="RouterException">The answer is not in the format asked for.</exception>
    public IReadOnlyList<ChatResponseUpdate> Release()
    {
        var rest = _contents.Read([], isLast: true, isCut: _shown == ChatFinishReason.Length);
        if (_stream is null)
            return rest.Count == 0 ? [] : [new ChatResponseUpdate(ChatRole.Assistant, rest)];

        if (rest.Count > 0)
            _stream.Keep(new ChatResponseUpdate(ChatRole.Assistant, rest));
        return _stream.Release(_shown is { } shown ? FinishReasons.Correct(shown, _contents.HasToolCalls) : null, _contents.HasToolCalls);
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

        var corrected = FinishReasons.Correct(shown, _contents.HasToolCalls);
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
