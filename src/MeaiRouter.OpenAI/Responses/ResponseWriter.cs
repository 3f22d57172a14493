using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>From one answer, whole or streamed, to the answer of the Responses API and its events. Not thread safe.</summary>
/// <remarks>
/// Either <see cref="Write(ChatResponse)"/>, or <see cref="Begin"/>, <see cref="Write(ChatResponseUpdate)"/> for each update, and
/// <see cref="Complete"/> or <see cref="Fail"/>. What was returned is not changed any more.
/// </remarks>
public sealed class ResponseWriter
{
    private static readonly JsonElement Null = JsonElement.Parse("null");
    private static readonly JsonElement Auto = JsonElement.Parse("\"auto\"");
    private static readonly JsonElement NoMetadata = JsonElement.Parse("{}");
    private static readonly string[] Repeated = ["user", "safety_identifier", "prompt_cache_key", "prompt_cache_retention"];

    private readonly ResponseEvents _events;
    private readonly ResponseOutput _output;
    private readonly bool _withLogprobs;
    private UsageDetails? _usage;
    private ChatFinishReason? _finish;

    /// <summary>Creates a writer for the answer to a request.</summary>
    /// <param name="request">The request, of which the answer repeats what clients expect.</param>
    /// <param name="id">The answer's id.</param>
    /// <param name="createdAt">When the answer began, in seconds since 1970.</param>
    /// <param name="isStreamed">Whether events are wanted.</param>
    public ResponseWriter(ResponseRequest request, string id, long createdAt, bool isStreamed)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentException.ThrowIfNullOrEmpty(id);
        _events = new ResponseEvents(isStreamed);
        _output = new ResponseOutput(id, _events);
        _withLogprobs = request.Include?.Contains(ResponseIncludes.Logprobs) == true || request.TopLogprobs > 0;
        Response = Heading(request, id, createdAt);
    }

    /// <summary>The answer as it is now; who routes adds to it who answers, before <see cref="Begin"/>, and how it was routed, before the end.</summary>
    public ResponseObject Response { get; }

    /// <summary>The tokens of the answer so far; <see langword="null"/> where the provider has told none.</summary>
    public CompletionUsage? Usage => UsageMapping.Write(_usage);

    /// <summary>The events before the first content.</summary>
    public IReadOnlyList<ResponseEvent> Begin()
    {
        Tell("response.created");
        Tell("response.in_progress");
        return _events.Take();
    }

    /// <summary>The event that shows something of the call behind the answer.</summary>
    /// <param name="debug">What is shown.</param>
    public IReadOnlyList<ResponseEvent> Show(JsonElement debug)
    {
        _events.Add(new() { Type = "response.debug", SequenceNumber = _events.Next, Debug = debug });
        return _events.Take();
    }

    /// <summary>Maps an update.</summary>
    /// <param name="update">The update.</param>
    /// <returns>The events; none where the update says nothing that belongs on the wire.</returns>
    public IReadOnlyList<ResponseEvent> Write(ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        _finish = update.FinishReason ?? _finish;
        for (var i = 0; i < update.Contents.Count; i++)
        {
            if (update.Contents[i] is UsageContent usage)
                (_usage ??= new()).Add(usage.Details);
        }

        Read(update.AdditionalProperties);
        _output.Add(update.Contents, Logprobs(update.AdditionalProperties));
        return _events.Take();
    }

    /// <summary>Ends a streamed answer.</summary>
    /// <param name="usage">Its usage and cost.</param>
    /// <param name="completedAt">When, in seconds since 1970; by default when it began.</param>
    public IReadOnlyList<ResponseEvent> Complete(CompletionUsage? usage, long? completedAt = null)
    {
        End(usage, completedAt);
        Tell(Response.Status == ResponseObject.Incomplete ? "response.incomplete" : "response.completed");
        return _events.Take();
    }

    /// <summary>Ends a streamed answer that broke: with an <c>error</c>, and with what there is of it as <c>response.failed</c>, never as completed.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="errorType">OpenRouter's <c>error_type</c>.</param>
    public IReadOnlyList<ResponseEvent> Fail(ResponseError error, string errorType)
    {
        ArgumentNullException.ThrowIfNull(error);
        Response.Output = _output.End(ResponseObject.Incomplete);
        (Response.Status, Response.Error) = (ResponseObject.Failed, error);
        _events.Add(new()
        {
            Type = "error", SequenceNumber = _events.Next, Code = error.Code, Message = error.Message, Param = Null, ErrorType = errorType,
        });
        _events.Add(new() { Type = "response.failed", SequenceNumber = _events.Next, Response = Response.Copy(), ErrorType = errorType });
        return _events.Take();
    }

    /// <summary>Maps a whole answer; its usage and cost are for <see cref="Finish"/>.</summary>
    /// <param name="response">The response; the contents of its assistant messages become one output.</param>
    public void Write(ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        _finish = response.FinishReason;
        _usage = response.Usage;
        Read(response.AdditionalProperties);
        var logprobs = Logprobs(response.AdditionalProperties);
        foreach (var message in response.Messages)
        {
            if (message.Role != ChatRole.Assistant)
                continue;
            _output.Add(message.Contents, logprobs);
            logprobs = null;
        }
    }

    /// <summary>The whole answer.</summary>
    /// <param name="usage">Its usage and cost.</param>
    /// <param name="completedAt">When it was whole, in seconds since 1970; by default when it began.</param>
    public ResponseObject Finish(CompletionUsage? usage, long? completedAt = null)
    {
        End(usage, completedAt);
        return Response;
    }

    /// <summary>Ends an answer before it began, because prompt and answer do not fit the model's context.</summary>
    /// <remarks>OpenRouter: in this API such an error is an answer that ended at its limit.</remarks>
    public void EndAtLimit() => _finish = ChatFinishReason.Length;

    private void End(CompletionUsage? usage, long? completedAt)
    {
        var reason = _finish == ChatFinishReason.Length ? "max_output_tokens" : _finish == ChatFinishReason.ContentFilter ? "content_filter" : null;
        Response.Status = reason is null ? ResponseObject.Completed : ResponseObject.Incomplete;
        Response.CompletedAt = reason is null ? completedAt ?? Response.CreatedAt : null;
        Response.IncompleteDetails = reason is null ? null : new IncompleteDetails { Reason = reason };
        Response.Output = _output.End(Response.Status);
        Response.Usage = ResponseUsage.Of(usage);
    }

    private void Tell(string type) => _events.Add(new() { Type = type, SequenceNumber = _events.Next, Response = Response.Copy() });

    private void Read(AdditionalPropertiesDictionary? facts)
    {
        if (facts is not null && facts.TryGetValue(AnswerProperties.ServiceTier, out var tier) && tier is string served)
            Response.ServiceTier = served;
    }

    private IList<JsonElement>? Logprobs(AdditionalPropertiesDictionary? facts) =>
        _withLogprobs && facts is not null && facts.TryGetValue("logprobs", out var value) && value is JsonElement { ValueKind: JsonValueKind.Object } logprobs
            && logprobs.TryGetProperty("content", out var tokens) && tokens.ValueKind == JsonValueKind.Array
            ? [.. tokens.EnumerateArray()]
            : null;

    private static ResponseObject Heading(ResponseRequest request, string id, long createdAt)
    {
        var extra = request.Extra;
        return new ResponseObject
        {
            Id = id,
            CreatedAt = createdAt,
            Model = request.Model ?? "",
            Instructions = request.Instructions,
            Metadata = extra?.TryGetValue("metadata", out var metadata) == true && metadata.ValueKind == JsonValueKind.Object ? metadata : NoMetadata,
            ServiceTier = extra?.TryGetValue("service_tier", out var tier) == true && tier.ValueKind == JsonValueKind.String ? tier.GetString() : null,
            MaxOutputTokens = request.MaxOutputTokens,
            ParallelToolCalls = request.ParallelToolCalls ?? true,
            Reasoning = request.Reasoning ?? new(),
            Text = new ResponseText { Format = request.Text?.Format ?? new() { Type = "text" }, Verbosity = request.Text?.Verbosity },
            Temperature = request.Temperature,
            TopP = request.TopP,
            FrequencyPenalty = request.FrequencyPenalty,
            PresencePenalty = request.PresencePenalty,
            TopLogprobs = request.TopLogprobs,
            ToolChoice = request.ToolChoice is { ValueKind: not JsonValueKind.Null } choice ? choice : Auto,
            Tools = request.Tools ?? [],
            Truncation = request.Truncation ?? "disabled",
            Extra = Array.FindAll(Repeated, name => extra?.TryGetValue(name, out var value) == true && value.ValueKind != JsonValueKind.Null) is { Length: > 0 } names
                ? names.ToDictionary(static name => name, name => extra![name])
                : null,
        };
    }
}
