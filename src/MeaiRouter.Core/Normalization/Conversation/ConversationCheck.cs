using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>Finds out in one walk, without allocating, whether a conversation may go out as it is, as nearly all do.</summary>
internal static class ConversationCheck
{
    /// <returns><see langword="false"/> where something may have to change.</returns>
    public static bool IsFine(IReadOnlyList<ChatMessage> messages, ChatOptions options, in Destination destination)
    {
        var rules = destination.Dialect.Messages;
        var order = new ToolOrder(destination.Dialect);
        var systems = string.IsNullOrWhiteSpace(options.Instructions) ? 0 : 1;
        ChatRole? previous = null;
        if ((systems > 0 && rules.System == SystemPlacement.Nowhere) || HasMarks(options))
            return false;

        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            if (Draft.IsOpaque(message))
                return false;
            if (!rules.TakesDeveloper && Draft.IsDeveloper(message))
                return false;
            if (!rules.TakesAuthorNames && message.AuthorName is not null)
                return false;
            if (Draft.IsSystem(message))
            {
                if (!MayStand(rules.System, isLeading: previous is null, ++systems))
                    return false;
            }
            else
            {
                if (!MayFollow(previous, message.Role, rules))
                    return false;
                previous = message.Role;
            }

            if (!order.Accept(message) || !IsFine(message, destination))
                return false;
        }

        return order.IsAnswered()
            && !(rules.MustBeginWithUser && previous is null)
            && !((rules.Prefill != PrefillForm.AsItIs || !rules.PrefillMayEndInSpace) && messages is [.., { } last] && last.Role == ChatRole.Assistant);
    }

    private static bool MayStand(SystemPlacement placement, bool isLeading, int count) => placement switch
    {
        SystemPlacement.Anywhere => true,
        SystemPlacement.Leading => isLeading,
        SystemPlacement.OneLeading => isLeading && count == 1,
        _ => false,
    };

    private static bool MayFollow(ChatRole? previous, ChatRole role, MessageRules rules)
    {
        if (previous is null)
            return !rules.MustBeginWithUser || role == ChatRole.User;
        if (rules.MustAlternate && previous == role && (role == ChatRole.User || role == ChatRole.Assistant))
            return false;
        return rules.UserMayFollowToolResult || previous != ChatRole.Tool || role != ChatRole.User;
    }

    private static bool IsFine(ChatMessage message, in Destination destination)
    {
        if (CacheBreakpoints.IsMarked(message.AdditionalProperties))
            return false;
        if (!destination.Dialect.Messages.TakesEmptyContent && EmptyContent.IsIn(message))
            return false;

        if (CallSignatures.IsMissing(message, destination.Dialect))
            return false;

        for (var i = 0; i < message.Contents.Count; i++)
        {
            var content = message.Contents[i];
            var isFine = content switch
            {
                TextContent => true,
                TextReasoningContent reasoning => !ForeignReasoning.IsForeign(reasoning, destination),
                FunctionResultContent result => !ToolResults.HoldsMedia(result),
                FunctionCallContent call => !ForeignReasoning.IsForeign(call, destination),
                _ => Medium.Of(content) is null,
            };
            if (!isFine || CacheBreakpoints.IsMarked(content.AdditionalProperties))
                return false;
        }

        return true;
    }

    private static bool HasMarks(ChatOptions options)
    {
        if (CacheBreakpoints.IsMarked(options.AdditionalProperties))
            return true;

        for (var i = 0; i < options.Tools?.Count; i++)
        {
            if (CacheBreakpoints.IsMarked(options.Tools[i].AdditionalProperties))
                return true;
        }

        return false;
    }
}
