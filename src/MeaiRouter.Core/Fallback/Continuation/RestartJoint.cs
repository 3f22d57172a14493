using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback.Continuation;

/// <summary>
/// The joint of an attempt that answers the request again: its output is suppressed while it equals what the caller already has, character
/// by character and in the same order of text and reasoning, however either was cut into updates.
/// </summary>
internal sealed class RestartJoint(Prefix prefix) : IJoint
{
    private int _position;
    private int _run;

    public SeamWay Way => SeamWay.Restart;

    public bool IsPassed => _position == prefix.Characters.Length;

    public string? Difference { get; private set; }

    public ChatResponseUpdate? Take(ChatResponseUpdate update)
    {
        if (IsPassed)
            return update;
        if (Difference is not null)
            return null;

        List<AIContent>? left = null;
        foreach (var content in update.Contents)
        {
            if (TakeContent(content) is { } rest)
                (left ??= []).Add(rest);
            if (Difference is not null)
                return null;
        }

        if (update.FinishReason is not null && !IsPassed)
            EndedEarly();
        return left is null && (update.FinishReason is null || Difference is not null) ? null : Rest(update, left ?? []);
    }

    /// <summary>The answer is over although it has not come as far as the caller already is.</summary>
    public void EndedEarly() => Difference ??= $"The answer ended after {_position} characters.";

    private AIContent? TakeContent(AIContent content)
    {
        switch (content)
        {
            case UsageContent:
                return content;
            case var _ when IsPassed:
                return content;
            case TextContent text:
                return TakeText(text.Text, isReasoning: false) is { } tail
                    ? new TextContent(tail) { Annotations = text.Annotations, AdditionalProperties = text.AdditionalProperties }
                    : null;
            case TextReasoningContent reasoning when !Delivered.IsSigned(reasoning):
                return TakeText(reasoning.Text, isReasoning: true) is { } rest
                    ? new TextReasoningContent(rest) { Annotations = reasoning.Annotations, AdditionalProperties = reasoning.AdditionalProperties }
                    : null;
            case var other when AnswerContent.IsSubstantive(other):
                Differ();
                return null;
            default:
                return null;
        }
    }

    /// <summary>The tail that is new; <see langword="null"/> if there is none.</summary>
    private string? TakeText(string text, bool isReasoning)
    {
        var offset = 0;
        while (offset < text.Length && !IsPassed)
        {
            var run = prefix.Runs[_run];
            var expected = prefix.Characters.AsSpan(_position, run.IsReasoning == isReasoning ? run.End - _position : 0);
            var given = text.AsSpan(offset);
            var equal = expected.CommonPrefixLength(given);
            _position += equal;
            offset += equal;
            if (equal < Math.Min(expected.Length, given.Length) || expected.IsEmpty)
            {
                Differ();
                return null;
            }

            if (_position == run.End)
                _run++;
        }

        return offset < text.Length ? text[offset..] : null;
    }

    private void Differ() => Difference ??= $"The answer differs after {_position} characters.";

    // What else the update says, such as the probabilities of its tokens, is about the whole of it; the finish reason keeps its facts.
    private static ChatResponseUpdate Rest(ChatResponseUpdate update, List<AIContent> contents)
    {
        var rest = update.Clone();
        rest.Contents = contents;
        rest.RawRepresentation = null;
        if (update.FinishReason is null)
            rest.AdditionalProperties = null;
        return rest;
    }
}
