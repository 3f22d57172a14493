using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback.Continuation;

/// <summary>
/// The joint of an attempt that was shown what the caller already has as the beginning of its own answer. White space at the end of it was
/// not sent, because Anthropic refuses it; where the answer repeats it, it is suppressed.
/// </summary>
internal sealed class PrefillJoint(Prefix prefix) : IJoint
{
    private readonly string _space = prefix.Characters[prefix.Characters.AsSpan().TrimEnd().Length..];
    private int _position;
    private bool _hasBegun;

    public SeamWay Way => SeamWay.Prefill;

    public bool IsPassed => true;

    public string? Difference => null;

    /// <summary>Whether the answer can be continued like this: it is text alone, with more than white space in it.</summary>
    public static bool Fits(Prefix prefix) => prefix.IsText && !prefix.Characters.AsSpan().IsWhiteSpace();

    /// <summary>The conversation with the answer so far as its last message.</summary>
    public static IReadOnlyList<ChatMessage> Messages(IReadOnlyList<ChatMessage> messages, Prefix prefix) =>
        [.. messages, new ChatMessage(ChatRole.Assistant, prefix.Characters.TrimEnd())];

    public ChatResponseUpdate? Take(ChatResponseUpdate update)
    {
        if (_hasBegun || _position == _space.Length)
            return update;

        var contents = new List<AIContent>(update.Contents.Count);
        foreach (var content in update.Contents)
        {
            if (content is TextContent { Text.Length: > 0 } text && TakeSpace(text.Text) is var offset and > 0)
            {
                if (offset < text.Text.Length)
                    contents.Add(new TextContent(text.Text[offset..]) { Annotations = text.Annotations, AdditionalProperties = text.AdditionalProperties });
            }
            else
            {
                contents.Add(content);
            }
        }

        var rest = update.Clone();
        rest.Contents = contents;
        return rest;
    }

    private int TakeSpace(string text)
    {
        if (_hasBegun)
            return 0;

        var equal = _space.AsSpan(_position).CommonPrefixLength(text);
        _position += equal;
        _hasBegun = equal < text.Length;
        return equal;
    }
}
