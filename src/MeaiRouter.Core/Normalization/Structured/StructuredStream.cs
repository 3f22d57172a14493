using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Structured;

/// <summary>A streamed answer that is to be JSON: held back as long as it could still turn out not to be what was asked for.</summary>
/// <remarks>
/// While it holds, the attempt is told of what has arrived (<see cref="RouteAttempt.Withhold"/>), and one update without content shows
/// the layers further out that something has begun.
/// </remarks>
internal sealed class StructuredStream(StructuredAnswer structured, StructuredStreaming streaming, RouteAttempt? attempt)
{
    private readonly AnswerText _answer = new();
    private readonly List<ChatResponseUpdate> _held = [];
    private int _withheld;
    private bool _holds = streaming == StructuredStreaming.Hold;
    private bool _hasText;

    /// <summary>Takes an update.</summary>
    /// <returns>What the caller may see of it by now; <see langword="null"/> if nothing.</returns>
    public ChatResponseUpdate? Take(ChatResponseUpdate update)
    {
        _answer.Add(update.Contents);
        DecideByText(update.Contents);

        // From its finish reason on, a stream would count as whole.
        _holds |= update.FinishReason is not null;
        if (!_holds || (_held.Count == 0 && update.FinishReason is null && !IsSubstantive(update)))
            return update;

        Hold(update);
        if (_held.Count > 1 || !IsSubstantive(update))
            return null;

        var shell = update.Clone();
        shell.Contents = [];
        shell.FinishReason = null;
        shell.AdditionalProperties = null;
        return shell;
    }

    /// <summary>Takes what comes only when the stream has ended.</summary>
    public void Keep(ChatResponseUpdate update)
    {
        _answer.Add(update.Contents);
        Hold(update);
    }

    /// <summary>What was held back, as it came or mended.</summary>
    /// <exception cref="RouterException">The answer is not in the format, and cannot be mended or no longer.</exception>
    public IReadOnlyList<ChatResponseUpdate> Release(ChatFinishReason? reason, bool hasToolCalls)
    {
        if (structured.Judge(_answer, reason, hasToolCalls, mayMend: !_hasText) is { } mended)
        {
            for (var i = 0; i < _held.Count; i++)
            {
                var update = _held[i].Clone();
                update.Contents = AnswerText.Replace(update.Contents, ref mended);
                _held[i] = update;
            }
        }

        attempt?.Release(_withheld);
        return _held;
    }

    /// <summary>Passes text on if it begins as JSON does; other text can at best be mended once it is whole.</summary>
    private void DecideByText(IList<AIContent> contents)
    {
        if (_holds || _hasText)
            return;

        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is not TextContent text || text.Text.AsSpan().TrimStart() is not { IsEmpty: false } body)
                continue;
            _hasText = body[0] is '{' or '[';
            _holds = !_hasText;
            return;
        }
    }

    private void Hold(ChatResponseUpdate update)
    {
        var length = 0;
        for (var i = 0; i < update.Contents.Count; i++)
            length += AnswerContent.Length(update.Contents[i]);
        if (length > 0)
            attempt?.Withhold(length);
        _withheld += length;
        _held.Add(update);
    }

    private static bool IsSubstantive(ChatResponseUpdate update)
    {
        for (var i = 0; i < update.Contents.Count; i++)
        {
            if (AnswerContent.IsSubstantive(update.Contents[i]))
                return true;
        }

        return false;
    }
}
