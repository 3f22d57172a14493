using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Errors;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>From a whole answer on the wire to a <see cref="ChatResponse"/>.</summary>
public static class AnswerReader
{
    /// <summary>Parses a whole answer, or the data of one event of a streamed one.</summary>
    /// <param name="utf8Json">The bytes.</param>
    /// <param name="provider">Whose bytes they are, for errors.</param>
    /// <exception cref="RouterException">They are no JSON object (<see cref="FailureKind.MalformedAnswer"/>).</exception>
    public static ChatCompletion Parse(ReadOnlySpan<byte> utf8Json, string? provider = null) => Parse(utf8Json, new AnswerSource(provider));

    /// <summary>Maps a whole answer.</summary>
    /// <param name="completion">The answer.</param>
    /// <param name="provider">Whose answer it is, for errors.</param>
    /// <returns>One message, empty where the answer is; no finish reason where the provider gave none.</returns>
    /// <exception cref="RouterException">The answer is, or holds, an error.</exception>
    public static ChatResponse Read(ChatCompletion completion, string? provider = null) => Read(completion, new AnswerSource(provider));

    internal static ChatCompletion Parse(ReadOnlySpan<byte> utf8Json, AnswerSource source)
    {
        Exception? cause = null;
        try
        {
            var repaired = BrokenText.Repair(utf8Json, out var hasHalves);
            if (JsonSerializer.Deserialize(repaired, WireJson.Tolerant.ChatCompletion) is { } completion)
            {
                if (hasHalves && JsonSerializer.Deserialize(utf8Json, WireJson.Tolerant.ChatCompletion) is { } asItCame)
                    CutCharacters.Keep(asItCame, completion);
                return completion;
            }
        }
        catch (JsonException exception)
        {
            cause = exception;
        }

        throw new RouterException(FailureKind.MalformedAnswer, $"{source.Subject} sent an answer that cannot be read as JSON.", cause)
        {
            Provider = source.Provider,
        };
    }

    internal static ChatResponse Read(ChatCompletion completion, AnswerSource source)
    {
        ArgumentNullException.ThrowIfNull(completion);
        var choice = completion.Choices is [var first, ..] ? first : null;
        InBandErrors.ThrowIfAny(completion, choice, source);

        AdditionalPropertiesDictionary? facts = null;
        AnswerFacts.Read(completion, ref facts);
        if (choice is not null)
            AnswerFacts.Read(choice, ref facts);

        var createdAt = UnixTime.Read(completion.Created);
        var message = ReadMessage(choice?.Message ?? choice?.Delta, Citations.Sources(completion.Extra));
        message.MessageId = completion.Id;
        message.CreatedAt = createdAt;

        return new ChatResponse(message)
        {
            ResponseId = completion.Id,
            ModelId = completion.Model,
            CreatedAt = createdAt,
            FinishReason = FinishReasons.Read(choice?.FinishReason),
            Usage = UsageMapping.Read(UsagePlaces.Find(completion, choice)),
            AdditionalProperties = facts,
            RawRepresentation = completion,
        };
    }

    private static ChatMessage ReadMessage(AnswerMessage? answer, JsonElement? sources)
    {
        var contents = new List<AIContent>();
        AdditionalPropertiesDictionary? properties = null;
        if (answer is not null)
        {
            if (ReasoningFields.Read(answer.Reasoning, answer.ReasoningContent, answer.ReasoningDetails) is { } reasoning)
                contents.Add(reasoning);
            AnswerContents.Read(answer, contents);
            Citations.ReadSources(sources, contents);

            // Through the assembly of streams, so that both judge odd ids alike.
            var calls = new ToolCallAssembly();
            calls.AddWhole(answer);
            calls.MoveTo(contents);

            if (!string.IsNullOrEmpty(answer.Refusal))
                contents.Add(Refusals.Read(answer.Refusal));
            Verbatim.Spread(answer.Extra, ref properties);
        }

        return new ChatMessage(ChatRole.Assistant, contents) { RawRepresentation = answer, AdditionalProperties = properties };
    }
}
