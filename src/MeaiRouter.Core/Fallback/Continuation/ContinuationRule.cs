using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback.Continuation;

/// <summary>Decides how an answer that broke may be continued.</summary>
/// <remarks>
/// A restart is safe for every request: what the caller ends up with is one model's answer from beginning to end, be it text, JSON or a tool
/// call after text. It repeats exactly only where tokens are not drawn at random, so that a sampled answer goes to prefill first where
/// that is allowed and the endpoint takes it: otherwise the restart, which nearly always differs, would use up the very endpoint
/// that could have gone on. Prefill is for plain text alone: shown the beginning of an answer, models write prose in place of the tool call
/// they were about to make, and constrained decoding begins the JSON anew.
/// </remarks>
internal sealed class ContinuationRule(bool mayRestart, bool mayPrefill, IReadOnlyList<ChatMessage> messages, ChatOptions options)
{
    private readonly bool _mayPrefill = mayPrefill
        && options.Tools is not { Count: > 0 } && options.ResponseFormat is not ChatResponseFormatJson
        && (messages.Count == 0 || messages[^1].Role != ChatRole.Assistant);

    private readonly bool _isGreedy = options.Temperature == 0 || options.TopK == 1;
    private bool _mayRestart = mayRestart;

    /// <summary>Whether any way is open to the request.</summary>
    public bool AllowsAny => _mayRestart || _mayPrefill;

    /// <summary>Whether an answer that began like this may go on only by prefill; <see langword="null"/> if it may not go on at all.</summary>
    public bool? NeedsPrefill(Prefix prefix)
    {
        if (_mayRestart)
            return false;
        return _mayPrefill && PrefillJoint.Fits(prefix) ? true : null;
    }

    /// <summary>A restart said something else; another one would be as likely to.</summary>
    public void RestartDiffered() => _mayRestart = false;

    /// <summary>How the endpoint is asked to go on.</summary>
    /// <param name="endpoint">The endpoint; <see langword="null"/> where no router chose one.</param>
    /// <param name="prefix">What the caller has.</param>
    public SeamWay WayAt(ModelEndpoint? endpoint, Prefix prefix)
    {
        var takesPrefill = _mayPrefill && endpoint?.TakesPrefill == true && PrefillJoint.Fits(prefix);
        return takesPrefill && !(_mayRestart && _isGreedy) ? SeamWay.Prefill : SeamWay.Restart;
    }
}
