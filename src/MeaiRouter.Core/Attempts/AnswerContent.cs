using Microsoft.Extensions.AI;

namespace MeaiRouter.Attempts;

/// <summary>What counts as an answer.</summary>
internal static class AnswerContent
{
    /// <summary>The error code under which Microsoft.Extensions.AI reports that the model refused, which is an answer.</summary>
    public const string RefusalCode = "Refusal";

    /// <summary>Whether the content is worth a commit: text, reasoning, a tool call, data or a refusal. Roles, ids and usage are not.</summary>
    public static bool IsSubstantive(AIContent content) => content switch
    {
        TextContent text => !string.IsNullOrEmpty(text.Text),
        TextReasoningContent reasoning => !string.IsNullOrEmpty(reasoning.Text) || !string.IsNullOrEmpty(reasoning.ProtectedData),
        UsageContent => false,
        ErrorContent error => error.ErrorCode == RefusalCode,
        _ => content.GetType() != typeof(AIContent),
    };

    /// <summary>Characters of generated text, as a base for estimating tokens.</summary>
    public static int Length(AIContent content) => content switch
    {
        TextContent text => text.Text.Length,
        TextReasoningContent reasoning => reasoning.Text.Length,
        FunctionCallContent call => call.Name.Length + ArgumentsLength(call),
        _ => 0,
    };

    private static int ArgumentsLength(FunctionCallContent call)
    {
        var length = 0;
        if (call.Arguments is { } arguments)
        {
            foreach (var (name, value) in arguments)
                length += name.Length + (value?.ToString()?.Length ?? 0);
        }

        return length;
    }
}
