using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>Walks along a conversation and sees whether the results of tools stand as the strictest provider wants them.</summary>
/// <remarks>
/// Directly after the message with the calls, in messages of the role <c>tool</c> with nothing else in them, one for each call and in their
/// order; every id legal and used by one call alone.
/// </remarks>
internal struct ToolOrder(Dialect dialect)
{
    private string? _firstId;
    private HashSet<string>? _ids;
    private IList<AIContent>? _calls;
    private int _next;

    /// <summary>Takes the next message.</summary>
    /// <returns>Whether it may stand there.</returns>
    public bool Accept(ChatMessage message)
    {
        var isTool = message.Role == ChatRole.Tool;
        if (!isTool && !IsAnswered())
            return false;
        if (isTool && message.Contents.Count == 0)
            return false;

        IList<AIContent>? calls = null;
        for (var i = 0; i < message.Contents.Count; i++)
        {
            switch (message.Contents[i])
            {
                case FunctionResultContent result:
                    if (!isTool || NextCall() is not { } awaited || awaited.CallId != result.CallId)
                        return false;
                    _next++;
                    break;
                case FunctionCallContent call:
                    if (isTool || !CallIds.IsLegal(call.CallId, dialect) || !IsNew(call.CallId))
                        return false;
                    calls ??= message.Contents;
                    break;
                default:
                    if (isTool)
                        return false;
                    break;
            }
        }

        if (calls is not null)
            (_calls, _next) = (calls, 0);
        return true;
    }

    /// <summary>Whether no call waits for its result.</summary>
    public bool IsAnswered() => NextCall() is null;

    private FunctionCallContent? NextCall()
    {
        for (; _next < _calls?.Count; _next++)
        {
            if (_calls[_next] is FunctionCallContent call)
                return call;
        }

        return null;
    }

    private bool IsNew(string id)
    {
        // Nearly every conversation has no call or one.
        if (_firstId is null)
        {
            _firstId = id;
            return true;
        }

        _ids ??= new(StringComparer.Ordinal) { _firstId };
        return _ids.Add(id);
    }
}
