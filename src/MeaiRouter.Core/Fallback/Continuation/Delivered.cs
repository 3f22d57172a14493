using System.Buffers;
using System.Text.Json;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback.Continuation;

/// <summary>What the caller already has of an answer, kept in a pooled buffer: recording an update allocates nothing once the pool is warm.</summary>
internal sealed class Delivered : IDisposable
{
    private const int FirstBuffer = 1024;

    private readonly List<Run> _runs = new(2);
    private char[] _text = [];
    private int _length;
    private bool _isDisposed;

    /// <summary>Characters of output the caller has, tool calls included.</summary>
    public long Characters { get; private set; }

    /// <summary>What the caller has that no other attempt could repeat exactly, as a phrase; <see langword="null"/> if there is nothing like that.</summary>
    public string? Obstacle { get; private set; }

    public void Add(ChatResponseUpdate update)
    {
        // Indexed on purpose: the interface's enumerator would allocate for every update.
        var contents = update.Contents;
        for (var i = 0; i < contents.Count; i++)
        {
            switch (contents[i])
            {
                case TextContent text:
                    Append(text.Text, isReasoning: false);
                    break;
                case TextReasoningContent reasoning:
                    if (IsSigned(reasoning))
                        Obstacle ??= "signed reasoning";
                    Append(reasoning.Text, isReasoning: true);
                    break;
                case var other when AnswerContent.IsSubstantive(other):
                    Characters += AnswerContent.Length(other);
                    Obstacle ??= other switch
                    {
                        ToolCallContent => "a tool call",
                        ErrorContent => "a refusal",
                        _ => "content that is not text",
                    };
                    break;
            }
        }
    }

    /// <summary>A copy that stays as it is.</summary>
    public Prefix ToPrefix() => new(new string(_text, 0, _length), [.. _runs]);

    public void Dispose()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        if (_text.Length > 0)
            ArrayPool<char>.Shared.Return(_text, clearArray: true);
        _text = [];
    }

    /// <summary>Whether somebody vouches for the reasoning, so that another attempt's would not match what it is sent back with.</summary>
    public static bool IsSigned(TextReasoningContent reasoning) =>
        !string.IsNullOrEmpty(reasoning.ProtectedData)

        // OpenRouter's reasoning_details, which are handed on word for word with their ids and signatures.
        || reasoning.RawRepresentation is JsonElement { ValueKind: JsonValueKind.Array };

    private void Append(string text, bool isReasoning)
    {
        if (text.Length == 0)
            return;

        var end = _length + text.Length;
        if (end > _text.Length)
            Grow(end);
        text.CopyTo(_text.AsSpan(_length));
        _length = end;
        Characters += text.Length;

        if (_runs is [.., var last] && last.IsReasoning == isReasoning)
            _runs[^1] = last with { End = end };
        else
            _runs.Add(new Run(isReasoning, end));
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(Math.Max(needed, FirstBuffer), 2 * _text.Length));
        _text.AsSpan(0, _length).CopyTo(larger);
        if (_text.Length > 0)
            ArrayPool<char>.Shared.Return(_text, clearArray: true);
        _text = larger;
    }
}
