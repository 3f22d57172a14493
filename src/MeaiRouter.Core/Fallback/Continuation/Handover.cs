using MeaiRouter.Attempts;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback.Continuation;

/// <summary>
/// Between the attempts at an answer and its caller: hands the updates on and, where another attempt could go on if this one broke, takes
/// down what the caller has.
/// </summary>
/// <remarks>
/// As long as an answer could still break and be continued, what nobody could take back and nobody needs at once waits until it is
/// whole: tool calls with what follows them, which a caller acts upon only then, and usage, which would otherwise be reported by each attempt.
/// </remarks>
internal sealed class Handover(RouteContext context) : IDisposable
{
    private Delivered? _delivered;
    private Queue<ChatResponseUpdate>? _ready;
    private List<ChatResponseUpdate>? _waiting;
    private List<AIContent>? _usage;
    private ChatResponseUpdate? _shown;
    private IJoint? _joint;
    private Prefix? _prefix;
    private RouteAttempt? _writer;
    private RouteAttempt? _attempt;
    private string? _responseId;
    private string? _messageId;
    private string? _author;
    private string? _replacedMessageId;

    /// <summary>What the caller has; <see langword="null"/> where nobody could go on anyway.</summary>
    public Delivered? Delivered => _delivered;

    /// <summary>Whether the caller has something of this attempt's.</summary>
    public bool IsWriting { get; private set; }

    /// <summary>Where the attempt says something other than what the caller already has; <see langword="null"/> as long as it does not.</summary>
    public string? Difference => _joint?.Difference;

    /// <summary>Begins with the first attempt.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="records">Whether another could go on if it breaks.</param>
    public void Begin(RouteAttempt attempt, bool records)
    {
        (_attempt, _writer, IsWriting) = (attempt, attempt, true);
        if (records)
            _delivered = new Delivered();
    }

    /// <summary>Goes on with another attempt.</summary>
    public void Begin(RouteAttempt attempt, IJoint joint, Prefix prefix)
    {
        (_attempt, _joint, _prefix) = (attempt, joint, prefix);
        IsWriting = false;
        _replacedMessageId = null;
    }

    /// <summary>Takes an update of the attempt, which has been observed.</summary>
    public void Accept(ChatResponseUpdate update)
    {
        if (_delivered is null)
        {
            _shown = update;
            return;
        }

        var isWhole = _attempt!.FinishReason is not null;
        if (_joint is not null)
        {
            if (_joint.Take(update) is not { } rest)
                return;
            update = Continued(rest);
        }

        // Nearly every update is a piece of text and needs no closer look.
        var mayWait = !isWhole && update.Contents is not [TextContent];
        if (mayWait && WithoutUsage(ref update))
            return;
        if (_waiting is not null || (mayWait && HasToolCall(update)))
            (_waiting ??= []).Add(update);
        else
            Show(update);
        if (isWhole)
            Release();
    }

    /// <summary>The attempt's answer is over, and it was whole.</summary>
    public void Complete()
    {
        if (_delivered is null)
            return;
        if (_joint is { IsPassed: false } joint)
            (joint as RestartJoint)?.EndedEarly();
        else
            Release();
    }

    /// <summary>The attempt broke: what waits is nobody's answer.</summary>
    public void Break()
    {
        _waiting = null;
        _usage = null;
        if (IsWriting)
            _writer = _attempt;
    }

    /// <summary>The next update for the caller; <see langword="null"/> if there is none.</summary>
    public ChatResponseUpdate? Next()
    {
        if (_shown is not { } shown)
            return null;

        _shown = _ready is not null && _ready.TryDequeue(out var next) ? next : null;
        return shown;
    }

    public void Dispose() => _delivered?.Dispose();

    private void Show(ChatResponseUpdate update)
    {
        _delivered!.Add(update);
        _responseId ??= update.ResponseId;
        _messageId = update.MessageId ?? _messageId;
        _author = update.AuthorName ?? _author;
        if (_joint is not null && !IsWriting)
        {
            IsWriting = true;
            context.Join(new Seam(_prefix!.TextLength, _prefix.ReasoningLength, _writer!, _attempt!, _joint.Way));
        }

        if (_shown is null)
            _shown = update;
        else
            (_ready ??= new()).Enqueue(update);
    }

    private void Release()
    {
        if (_waiting is { } waiting)
        {
            _waiting = null;
            foreach (var update in waiting)
                Show(update);
        }

        if (_usage is { } usage)
        {
            _usage = null;
            Show(new ChatResponseUpdate { Contents = usage, ResponseId = _responseId, MessageId = _messageId });
        }
    }

    private bool WithoutUsage(ref ChatResponseUpdate update)
    {
        var contents = update.Contents;
        var usages = 0;
        for (var i = 0; i < contents.Count; i++)
            usages += contents[i] is UsageContent ? 1 : 0;
        if (usages == 0)
            return false;

        (_usage ??= []).AddRange(contents.Where(static content => content is UsageContent));
        if (usages == contents.Count)
            return true;

        var rest = update.Clone();
        rest.Contents = [.. contents.Where(static content => content is not UsageContent)];
        update = rest;
        return false;
    }

    // A call that the provider made itself is told for the caller's information, and he may want to see it as it happens.
    private static bool HasToolCall(ChatResponseUpdate update)
    {
        var contents = update.Contents;
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is FunctionCallContent { InformationalOnly: false })
                return true;
        }

        return false;
    }

    /// <summary>The update under the ids with which the answer began, so that all of it makes one message.</summary>
    private ChatResponseUpdate Continued(ChatResponseUpdate update)
    {
        var continued = update.Clone();
        continued.ResponseId = _responseId ?? update.ResponseId;
        continued.AuthorName = _author ?? update.AuthorName;
        _replacedMessageId ??= update.MessageId;
        if (update.MessageId is not null && update.MessageId == _replacedMessageId)
            continued.MessageId = _messageId;
        return continued;
    }
}
