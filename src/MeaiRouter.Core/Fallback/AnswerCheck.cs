using System.Globalization;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback;

/// <summary>Tells an answer from something that only looks like one.</summary>
internal static class AnswerCheck
{
    /// <summary>Throws if the whole answer is empty, unfinished or an error in disguise.</summary>
    public static void Verify(ChatResponse response, bool requireFinishReason)
    {
        var substantive = false;
        for (var i = 0; i < response.Messages.Count; i++)
        {
            var contents = response.Messages[i].Contents;
            for (var j = 0; j < contents.Count; j++)
            {
                RejectError(contents[j]);
                substantive |= AnswerContent.IsSubstantive(contents[j]);
            }
        }

        VerifyEnd(response.FinishReason, substantive, requireFinishReason);
    }

    /// <summary>Throws if an update reports an error.</summary>
    public static void RejectErrors(ChatResponseUpdate update)
    {
        for (var i = 0; i < update.Contents.Count; i++)
            RejectError(update.Contents[i]);
    }

    /// <summary>Throws if an answer may not end like this.</summary>
    public static void VerifyEnd(ChatFinishReason? reason, bool substantive, bool requireFinishReason)
    {
        if (reason is null && requireFinishReason)
        {
            throw substantive
                ? Unfinished()
                : new RouterException(FailureKind.EmptyAnswer, "The answer is empty and has no finish reason.");
        }

        // Cut off by length or filter, an empty answer is what the finish reason says it is; anything else empty is not an answer.
        if (!substantive && reason != ChatFinishReason.Length && reason != ChatFinishReason.ContentFilter)
            throw new RouterException(FailureKind.EmptyAnswer, "The answer is empty.");
    }

    /// <summary>The failure of an answer without a finish reason.</summary>
    public static RouterException Unfinished() =>
        new(FailureKind.Incomplete, "The answer ended without a finish reason, so it may be cut short.");

    private static void RejectError(AIContent content)
    {
        if (content is not ErrorContent error || error.ErrorCode == AnswerContent.RefusalCode)
            return;

        int? status = int.TryParse(error.ErrorCode, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : null;
        throw new RouterException(status is null ? FailureKind.Unknown : FailureClassifier.FromStatus(status.Value), error.Message)
        {
            Status = status,
            ProviderCode = error.ErrorCode,
        };
    }
}
