using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>From contents to the message of an answer, whole or as a delta.</summary>
internal static class AnswerMessageWriter
{
    /// <summary>Adds the contents to the message.</summary>
    /// <param name="contents">The contents.</param>
    /// <param name="message">The message.</param>
    /// <param name="firstCallIndex">The index of a delta's first tool call; <see langword="null"/> in a whole message.</param>
    public static void Write(IList<AIContent> contents, AnswerMessage message, int? firstCallIndex)
    {
        for (var i = 0; i < contents.Count; i++)
        {
            switch (contents[i])
            {
                case TextReasoningContent reasoning:
                    WriteReasoning(reasoning, message);
                    break;
                case FunctionCallContent content:
                    var call = ToolCallArguments.Write(content);
                    call.Index = firstCallIndex + (message.ToolCalls?.Count ?? 0);
                    (message.ToolCalls ??= []).Add(call);
                    break;
                case ErrorContent error when Refusals.IsRefusal(error):
                    message.Refusal += error.Message;
                    break;
            }
        }

        if (AnswerContents.Text(contents) is { Length: > 0 } text)
            message.Content = new MessageContent(text);
        message.Images = AnswerContents.Images(contents);
        message.Annotations = Citations.Write(contents);
        message.ReasoningDetails = ReasoningFields.Details(contents);
    }

    /// <summary>Whether the message says nothing.</summary>
    public static bool IsEmpty(AnswerMessage message) => message is
    {
        Content: null, Reasoning: null, ReasoningDetails: null, ToolCalls: null, Refusal: null, Images: null, Annotations: null,
    };

    // Always in OpenRouter's spelling, which clients look for; also in the one it came in, so that clients can send it back.
    private static void WriteReasoning(TextReasoningContent reasoning, AnswerMessage message)
    {
        if (reasoning.Text.Length == 0)
            return;

        message.Reasoning += reasoning.Text;
        if (message.ReasoningContent is not null || ReasoningFields.Field(reasoning) == ReasoningFields.ReasoningContent)
            message.ReasoningContent += reasoning.Text;
    }
}
