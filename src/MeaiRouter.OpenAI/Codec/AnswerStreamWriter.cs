using System.Text.Json;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>From the updates of one streamed answer to chunks.</summary>
/// <remarks>
/// The finish reason is written once, last, and the usage after it in a chunk of its own, whatever the order of the updates: some clients
/// of Microsoft.Extensions.AI repeat the finish reason and hand tool calls out after it. Not thread safe.
/// </remarks>
public sealed class AnswerStreamWriter
{
    private string? _id;
    private string? _model;
    private long? _created;
    private bool _hasBegun;
    private int _calls;
    private bool _writesReasoningContent;
    private bool _hasDetailFragments;
    private ChatFinishReason? _finish;
    private string? _nativeFinish;
    private UsageDetails? _usage;
    private bool _lastWasText;

    /// <summary>The sum of the usage in the updates so far; <see langword="null"/> where there was none.</summary>
    public UsageDetails? Usage => _usage;

    /// <summary>Maps an update.</summary>
    /// <param name="update">The update.</param>
    /// <returns>The chunk; <see langword="null"/> where the update says nothing that belongs on the wire now.</returns>
    public ChatCompletion? Write(ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        _id = update.ResponseId ?? _id;
        _model = update.ModelId ?? _model;
        _created ??= update.CreatedAt?.ToUnixTimeSeconds();
        if (update.FinishReason is { } finish)
        {
            _finish = finish;
            _nativeFinish = FinishReasons.Native(finish, update.AdditionalProperties);
        }

        _lastWasText = _hasBegun && TextOf(update) is not null;
        var delta = WriteDelta(update.Contents);
        var choice = new Choice { Index = 0, Delta = delta };
        var chunk = Chunk([choice]);
        AnswerFacts.Write(update.AdditionalProperties, chunk, choice);
        if (_hasBegun && AnswerMessageWriter.IsEmpty(delta) && choice.Logprobs is null && chunk.Extra is null)
            return null;

        _hasBegun = true;
        return chunk;
    }

    /// <summary>
    /// The text of an update whose chunk differs in nothing else from the one written last. It need not be written: it leaves no trace here.
    /// </summary>
    /// <param name="update">The update.</param>
    /// <returns>The text; <see langword="null"/> where the chunk differs in more.</returns>
    public string? RepeatedBut(ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        var isRepeated = _lastWasText
            && (update.ResponseId is null || update.ResponseId == _id)
            && (update.ModelId is null || update.ModelId == _model)
            && (update.CreatedAt is null || _created is not null);
        return isRepeated ? TextOf(update) : null;
    }

    /// <summary>The chunk that ends the answer: an empty delta with the finish reason.</summary>
    public ChatCompletion WriteFinish() => Chunk(
    [
        new Choice
        {
            Index = 0,
            Delta = new AnswerMessage(),
            FinishReason = _finish?.Value,
            NativeFinishReason = _nativeFinish,
        },
    ]);

    /// <summary>The chunk after the last: no choices, only the usage; <see langword="null"/> where the updates held none.</summary>
    public ChatCompletion? WriteUsage()
    {
        if (_usage is null)
            return null;

        var chunk = Chunk([]);
        chunk.Usage = UsageMapping.Write(_usage);
        return chunk;
    }

    /// <summary>The text of an update that says nothing else, ids aside.</summary>
    private static string? TextOf(ChatResponseUpdate update) =>
        update is { FinishReason: null, AdditionalProperties: null, Contents: [TextContent { Annotations: null, Text: { Length: > 0 } text }] } ? text : null;

    private AnswerMessage WriteDelta(IList<AIContent> contents)
    {
        var delta = new AnswerMessage { Role = _hasBegun ? null : ChatRole.Assistant.Value };
        AnswerMessageWriter.Write(contents, delta, _calls);
        _calls += delta.ToolCalls?.Count ?? 0;

        // Details that were written in fragments, as they came, must not be written again when they are whole.
        if (_hasDetailFragments)
            delta.ReasoningDetails = null;

        for (var i = 0; i < contents.Count; i++)
        {
            switch (contents[i])
            {
                case UsageContent usage:
                    (_usage ??= new()).Add(usage.Details);
                    break;
                case TextReasoningContent reasoning:
                    if (ReasoningFields.Field(reasoning) is { } field)
                        _writesReasoningContent = field == ReasoningFields.ReasoningContent;
                    if (reasoning.RawRepresentation is JsonElement { ValueKind: JsonValueKind.Array } fragments)
                    {
                        delta.ReasoningDetails = fragments;
                        _hasDetailFragments = true;
                    }

                    break;
            }
        }

        if (_writesReasoningContent)
            delta.ReasoningContent = delta.Reasoning;
        return delta;
    }

    private ChatCompletion Chunk(IList<Choice> choices) => new()
    {
        Id = _id,
        Kind = ChatCompletion.ChunkKind,
        Created = _created,
        Model = _model,
        Choices = choices,
    };
}
