using System.Text;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Errors;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>From the chunks of one streamed answer to updates.</summary>
/// <remarks>
/// Text and reasoning pass at once. Tool calls, refusals and <c>reasoning_details</c> are held until they are whole, which the finish
/// reason or the end tells; usage, which some providers repeat as it grows, comes once, at the end. Not thread safe.
/// </remarks>
public sealed class AnswerStreamReader
{
    private readonly AnswerSource _source;
    private readonly ToolCallAssembly _calls = new();
    private readonly ReasoningDetailsAssembly _details = new();
    private StringBuilder? _refusal;
    private JsonElement? _sources;
    private CompletionUsage? _usage;
    private string? _id;
    private string? _model;
    private DateTimeOffset? _createdAt;
    private ChatCompletion? _previous;
    private int? _choiceIndex;
    private bool _hasBegun;
    private bool _hasContent;
    private bool _lastWasReasoning;
    private bool _hasReasoningField;
    private bool _hasAnnotations;
    private bool _previousWasText;

    /// <summary>Creates a reader for one answer.</summary>
    /// <param name="provider">Whose answer it is, for errors.</param>
    public AnswerStreamReader(string? provider = null)
        : this(new AnswerSource(provider))
    {
    }

    internal AnswerStreamReader(AnswerSource source) => _source = source;

    /// <summary>Maps a chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <returns>The update; <see langword="null"/> where there is nothing to hand out yet.</returns>
    /// <exception cref="RouterException">The chunk says that the answer failed.</exception>
    public ChatResponseUpdate? Read(ChatCompletion chunk)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        if (_previousWasText && chunk.TextBesides(_previous) is { Length: > 0 } text)
            return Update([new TextContent(text)], finish: null, facts: null, chunk);

        var choice = OwnChoice(chunk.Choices);
        _id = chunk.Id ?? _id;
        _model = chunk.Model ?? _model;
        _createdAt ??= UnixTime.Read(chunk.Created);
        _usage = UsagePlaces.Find(chunk, choice) ?? _usage;

        // Usage first: a chunk that says how the answer failed may also say what it used.
        InBandErrors.ThrowIfAny(chunk, choice, _source);

        AdditionalPropertiesDictionary? facts = null;
        AnswerFacts.Read(chunk, ref facts, _previous);
        _sources = Citations.Sources(chunk.Extra) ?? _sources;
        _previous = chunk;

        var contents = new List<AIContent>(1);
        ChatFinishReason? finish = null;
        if (choice is not null)
        {
            AnswerFacts.Read(choice, ref facts);
            if (Delta(choice) is { } delta)
            {
                ReadDelta(delta, contents);
                Verbatim.Spread(delta.Extra, ref facts);
            }

            finish = FinishReasons.Read(choice.FinishReason);
            if (finish is not null)
                ReleaseHeld(contents);
        }

        _previousWasText = finish is null && facts is null && contents is [TextContent { Annotations: null }] && _calls.IsEmpty && _refusal is null;
        if (_hasBegun && contents.Count == 0 && finish is null && facts is null)
            return null;

        _hasBegun = true;
        return Update(contents, finish, facts, chunk);
    }

    /// <summary>What is left when the stream has ended, however it ended: calls that no finish reason released, and the usage.</summary>
    public IReadOnlyList<ChatResponseUpdate> Complete()
    {
        var updates = new List<ChatResponseUpdate>(1);
        var held = new List<AIContent>();
        ReleaseHeld(held);
        if (held.Count > 0)
            updates.Add(Update(held, finish: null, facts: null, raw: null));

        if (TakeUsage() is { } usage)
            updates.Add(usage);
        return updates;
    }

    /// <summary>Whether anything was said about usage that was not handed out yet.</summary>
    internal bool HasUsage => _usage is not null;

    /// <summary>The usage, once; <see langword="null"/> where nothing was said about it.</summary>
    internal ChatResponseUpdate? TakeUsage()
    {
        var said = _usage;
        _usage = null;
        return UsageMapping.Read(said) is { } usage
            ? Update([new UsageContent(usage) { RawRepresentation = said }], finish: null, facts: null, raw: null)
            : null;
    }

    private Choice? OwnChoice(IList<Choice>? choices)
    {
        if (choices is null or { Count: 0 })
            return null;

        // Microsoft.Extensions.AI knows one answer: the one that spoke first.
        _choiceIndex ??= choices[0].Index ?? 0;
        for (var i = 0; i < choices.Count; i++)
        {
            if ((choices[i].Index ?? _choiceIndex) == _choiceIndex)
                return choices[i];
        }

        return null;
    }

    // Some providers answer a stream with one whole message; others repeat the whole message at the end.
    private AnswerMessage? Delta(Choice choice) => choice.Delta ?? (_hasContent ? null : choice.Message);

    private void ReadDelta(AnswerMessage delta, List<AIContent> contents)
    {
        ReadReasoning(delta, contents);
        var before = contents.Count;
        AnswerContents.Read(delta, contents);
        if (delta.Annotations is { ValueKind: JsonValueKind.Array })
            _hasAnnotations = true;
        if (contents.Count > before)
            _lastWasReasoning = false;

        _calls.AddFragments(delta);
        if (!string.IsNullOrEmpty(delta.Refusal))
            (_refusal ??= new()).Append(delta.Refusal);
        _hasContent |= contents.Count > 0 || !_calls.IsEmpty || _refusal is not null;
    }

    private void ReadReasoning(AnswerMessage delta, List<AIContent> contents)
    {
        // The details repeat the text of the field, now or later.
        var spoken = _hasReasoningField ? null : delta.ReasoningDetails;
        var (text, field) = ReasoningFields.Text(delta.Reasoning, delta.ReasoningContent, spoken);
        _hasReasoningField |= field is not null;
        var hasDetails = delta.ReasoningDetails is { ValueKind: JsonValueKind.Array } details && details.GetArrayLength() > 0;
        if (string.IsNullOrEmpty(text) && !hasDetails)
            return;

        // Pieces are joined later and the first one's properties stay.
        var content = _lastWasReasoning ? new TextReasoningContent(text) : ReasoningFields.Content(text ?? "", field);
        _lastWasReasoning = true;
        contents.Add(content);
        if (hasDetails)
        {
            // Word for word for whoever streams on; put together for whoever sends the message back.
            content.RawRepresentation = delta.ReasoningDetails;
            _details.Add(delta.ReasoningDetails);
        }
    }

    private void ReleaseHeld(List<AIContent> contents)
    {
        if (_details.Take() is { } details)
            contents.Add(new TextReasoningContent("") { ProtectedData = details });
        if (!_hasAnnotations)
            Citations.ReadSources(_sources, contents);
        _sources = null;
        _calls.MoveTo(contents);
        if (_refusal is not null)
            contents.Add(Refusals.Read(_refusal.ToString()));
        _refusal = null;
    }

    private ChatResponseUpdate Update(
        List<AIContent> contents, ChatFinishReason? finish, AdditionalPropertiesDictionary? facts, ChatCompletion? raw) => new()
    {
        Role = ChatRole.Assistant,
        Contents = contents,
        ResponseId = _id,

        // ToChatResponse gives the properties of an update with a message id to the message; facts belong to the response.
        MessageId = facts is null ? _id : null,
        ModelId = _model,
        CreatedAt = _createdAt,
        FinishReason = finish,
        AdditionalProperties = facts,
        RawRepresentation = raw,
    };
}
