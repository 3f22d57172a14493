using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace MeaiRouter.Testing;

/// <summary>An answer of a scripted model, written whole or streamed as the request asks. Immutable and reusable.</summary>
/// <remarks>
/// Without <see cref="WithUsage"/> the usage counts words: those of the messages as prompt, the pieces of the answer as completion.
/// In a stream the usage is sent as OpenAI does, only if the request has <c>stream_options.include_usage</c>. Where a
/// <see cref="StrictDialect"/> is enforced, what the reply leaves open is spelled as that provider spells it.
/// </remarks>
public sealed record Reply : ScriptStep
{
    private readonly ReplyBody _body;
    private readonly ReplyTiming _timing = new();
    private readonly ReplyBreak? _break;

    private Reply(ReplyBody body) => _body = body;

    private Reply(Reply original, ReplyBody body)
        : this(original) => _body = body;

    private Reply(Reply original, ReplyTiming timing)
        : this(original) => _timing = timing;

    private Reply(Reply original, ReplyBreak @break)
        : this(original) => _break = @break;

    private Completion Completion =>
        _body as Completion ?? throw new InvalidOperationException("A raw reply is sent as it is; it has no content to change.");

    /// <summary>An answer that finishes with <c>stop</c> and has no content.</summary>
    public static Reply Empty { get; } = new(new Completion());

    /// <summary>A text. A stream carries it word by word.</summary>
    public static Reply Text(string text) => Of(new TextPart("content", Pieces.Words(text)));

    /// <summary>A text that a stream carries in exactly these pieces.</summary>
    public static Reply Chunks(params ReadOnlySpan<string> pieces) => Of(new TextPart("content", [.. pieces]));

    /// <summary>A refusal, in the field of that name.</summary>
    public static Reply Refusal(string text) => Of(new TextPart("refusal", Pieces.Words(text)));

    /// <summary>Reasoning and nothing else, as from a model that ran out of tokens while it thought.</summary>
    /// <param name="text">The reasoning.</param>
    /// <param name="spelling">As in <see cref="WithReasoning"/>.</param>
    public static Reply Reasoning(string text, ReasoningSpelling? spelling = null) =>
        Empty.WithReasoning(text, spelling);

    /// <summary>A tool call; see <see cref="WithToolCall"/>.</summary>
    public static Reply ToolCall(string name, object arguments, string? id = null) => Empty.WithToolCall(name, arguments, id);

    /// <summary>A step computed from the request. An exception of the function is answered with 400 <c>script_failed</c>.</summary>
    public static ScriptStep From(Func<ReceivedRequest, ScriptStep> choose) => new ComputedStep(choose);

    /// <summary>
    /// Answers <c>POST /v1/embeddings</c>: for each text a vector that begins with the text's length and goes on with zeros, in the form asked for, and
    /// a token of usage for each character. A request's <c>dimensions</c> count, if it has them.
    /// </summary>
    /// <param name="dimensions">How long the vectors are where the request does not say.</param>
    public static ScriptStep Embeddings(int dimensions = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        return From(request => Json(EmbeddingBody.Of(request, dimensions)));
    }

    /// <summary>A JSON body, verbatim, whether a stream was asked for or not.</summary>
    public static Reply Json(string body) => new(new RawBody(IsStream: false, [Encoding.UTF8.GetBytes(body)]));

    /// <summary>
    /// An event stream, verbatim, whether one was asked for or not. Each text is written on its own and counts as one piece of content.
    /// </summary>
    public static Reply Sse(params ReadOnlySpan<string> writes)
    {
        var bytes = ImmutableArray.CreateBuilder<byte[]>(writes.Length);
        foreach (var write in writes)
            bytes.Add(Encoding.UTF8.GetBytes(write));
        return new(new RawBody(IsStream: true, bytes.DrainToImmutable()));
    }

    /// <summary>Puts reasoning before the rest of the content. A stream carries it word by word.</summary>
    /// <param name="text">The reasoning.</param>
    /// <param name="spelling">
    /// Where it is sent; by default where the dialect has it that is enforced, <see cref="ReasoningSpelling.Reasoning"/> without one.
    /// </param>
    public Reply WithReasoning(string text, ReasoningSpelling? spelling = null) =>
        new(this, Completion with { Parts = Completion.Parts.Insert(0, new ReasoningPart(spelling, Pieces.Words(text))) });

    /// <summary>Adds a tool call after the content so far; the finish reason becomes <c>tool_calls</c> unless another is scripted.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="arguments">
    /// An object that is serialized, or a string that is sent as it is, valid JSON or not. A stream carries it in pieces of
    /// eight characters, after one that is empty and brings the id and the name.
    /// </param>
    /// <param name="id">The call's id; by default <c>call_1</c>, <c>call_2</c> and so on.</param>
    public Reply WithToolCall(string name, object arguments, string? id = null)
    {
        var index = Completion.ToolCallCount;
        var json = arguments as string ?? WireJson.Serialize(arguments);
        var call = new ToolCallPart(
            index, id ?? string.Create(CultureInfo.InvariantCulture, $"call_{index + 1}"), name, ["", .. Pieces.Fragments(json)]);
        return new(this, Completion with { Parts = Completion.Parts.Add(call) });
    }

    /// <summary>Reports these token counts, as they are: no sum is checked.</summary>
    /// <param name="prompt">All input tokens, with the cached ones and those written to the cache.</param>
    /// <param name="completion">All output tokens, with those of reasoning.</param>
    /// <param name="cached">Input tokens read from the provider's cache.</param>
    /// <param name="cacheWrite">Input tokens written to the provider's cache.</param>
    /// <param name="reasoning">Output tokens of reasoning.</param>
    /// <param name="cost">What the provider says it charges, in USD; by default it says nothing.</param>
    public Reply WithUsage(int prompt, int completion, int cached = 0, int cacheWrite = 0, int reasoning = 0, decimal? cost = null) =>
        new(this, Completion with { Tokens = new(prompt, completion, cached, cacheWrite, reasoning, cost), SendsUsage = true });

    /// <summary>Reports no usage.</summary>
    public Reply WithoutUsage() => new(this, Completion with { SendsUsage = false });

    /// <summary>Finishes with this reason, one of OpenAI's or not; <see langword="null"/> sends a null.</summary>
    /// <param name="reason">The <c>finish_reason</c>.</param>
    /// <param name="native">The <c>native_finish_reason</c> that OpenRouter adds; by default it is left out.</param>
    public Reply WithFinishReason(string? reason, string? native = null) => new(this, Completion with { Finish = new(reason, native) });

    /// <summary>Leaves out the finish reason, and in a stream the chunk that would bring it.</summary>
    public Reply WithoutFinishReason() => new(this, Completion with { Finish = new(null, IsSent: false) });

    /// <summary>Ends a stream without <c>data: [DONE]</c>.</summary>
    public Reply WithoutDone() => new(this, Completion with { SendsDone = false });

    /// <summary>Spells the answer in this shape, whatever dialect is enforced.</summary>
    public Reply WithShape(AnswerShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return new(this, Completion with { Shape = shape });
    }

    /// <summary>Answers under this model name instead of the one asked for.</summary>
    public Reply WithModel(string model) => new(this, Completion with { Model = model });

    /// <summary>Answers with this id; by default it is made of the provider's name and the request's number.</summary>
    public Reply WithId(string id) => new(this, Completion with { Id = id });

    /// <summary>Waits this long between two pieces of streamed content.</summary>
    public Reply WithPace(TimeSpan pace)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pace, TimeSpan.Zero);
        return new(this, _timing with { Pace = pace });
    }

    /// <summary>Sends the headers, and in a stream the chunk with the role, at once, and waits this long before the first content.</summary>
    public Reply WithContentDelay(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return new(this, _timing with { BeforeContent = _timing.BeforeContent with { Time = delay } });
    }

    /// <summary>Sends the headers, and in a stream the chunk with the role, at once, and no content until the event has happened.</summary>
    public Reply HoldContentUntil(Task @event) =>
        new(this, _timing with { BeforeContent = _timing.BeforeContent with { Until = @event } });

    /// <summary>Sends keep-alives while it waits after the headers: comments in a stream, blank lines before a whole body.</summary>
    public Reply WithKeepAlives(TimeSpan every)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(every, TimeSpan.Zero);
        return new(this, _timing with { KeepAliveEvery = every });
    }

    /// <summary>Closes the connection (FIN) in the middle of the response.</summary>
    /// <param name="pieces">
    /// After how many pieces of streamed content, 0 for before any: only headers and the chunk with the role are sent. Where the
    /// answer has fewer, after its last. A whole body breaks in its half, with 0 before its first byte.
    /// </param>
    public Reply CutAfter(int pieces) => BreakingAfter(pieces, BreakKind.Cut);

    /// <summary>Resets the connection (RST) in the middle of the response.</summary>
    /// <param name="pieces">As in <see cref="CutAfter"/>.</param>
    public Reply ResetAfter(int pieces) => BreakingAfter(pieces, BreakKind.Reset);

    /// <summary>Sends nothing more but leaves the connection open until the client closes it.</summary>
    /// <param name="pieces">As in <see cref="CutAfter"/>.</param>
    public Reply StallAfter(int pieces) => BreakingAfter(pieces, BreakKind.Stall);

    /// <summary>
    /// Ends the response cleanly too early: a stream without finish reason, usage and <c>[DONE]</c>; a whole answer with
    /// the content so far and a finish reason of null.
    /// </summary>
    /// <param name="pieces">After how many pieces of content, in either mode.</param>
    public Reply EndAfter(int pieces) => BreakingAfter(pieces, BreakKind.End);

    /// <summary>
    /// Puts an event that is not valid JSON into the stream, which then goes on; half of a whole body is sent as if it were all.
    /// </summary>
    /// <param name="pieces">As in <see cref="CutAfter"/>.</param>
    public Reply MalformedAfter(int pieces) => BreakingAfter(pieces, BreakKind.Malformed);

    /// <summary>
    /// Reports an error in OpenRouter's shape under status 200: as the last event of a stream, or beside the content of a whole answer
    /// (with 0 pieces, as its only content).
    /// </summary>
    /// <param name="pieces">After how many pieces of content, in either mode.</param>
    /// <param name="status">The error's <c>code</c>.</param>
    /// <param name="code">The error's <c>metadata.error_type</c>.</param>
    /// <param name="message">The error's <c>message</c>, which the provider's name precedes on the wire.</param>
    public Reply ErrorAfter(
        int pieces, int status = 502, string code = "provider_unavailable", string message = "Provider returned error.") =>
        BreakingAfter(pieces, BreakKind.Error, request => WireError.Of(status, code, request, message));

    private protected override Transcript Compose(ReceivedRequest request) =>
        _body.IsStreamed(request)
            ? ReplyTranscript.Streamed(_body, _timing, _break, request)
            : ReplyTranscript.Whole(_body, _timing, _break, request);

    private static Reply Of(ContentPart part) => new(new Completion { Parts = [part] });

    private Reply BreakingAfter(int pieces, BreakKind kind, Func<ReceivedRequest, WireError>? error = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pieces);
        return new(this, new ReplyBreak(kind, pieces, error));
    }
}
