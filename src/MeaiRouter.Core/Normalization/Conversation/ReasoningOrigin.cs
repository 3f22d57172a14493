using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>Writes on the reasoning of one answer who made it, so that it can be told apart when the conversation moves on.</summary>
/// <param name="provider">The provider that answers; <see langword="null"/> if nobody knows, and nothing is written.</param>
internal struct ReasoningOrigin(string? provider)
{
    private bool _isInRun;

    public void Mark(ChatResponse response)
    {
        for (var i = 0; i < response.Messages.Count; i++)
            Mark(response.Messages[i].Contents);
    }

    public void Mark(ChatResponseUpdate update) => Mark(update.Contents);

    private void Mark(IList<AIContent> contents)
    {
        if (provider is null)
            return;

        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is TextReasoningContent reasoning)
            {
                // Microsoft.Extensions.AI joins a run of reasoning up to its signature, and the whole has the properties of the first.
                var isSigned = !string.IsNullOrEmpty(reasoning.ProtectedData);
                if (isSigned || !_isInRun)
                    Write(reasoning);
                _isInRun = !isSigned;
            }
            else
            {
                _isInRun = false;
                if (contents[i] is FunctionCallContent call && CallSignatures.IsSigned(call))
                    Write(call);
            }
        }
    }

    private readonly void Write(AIContent content) => (content.AdditionalProperties ??= [])[AnswerProperties.ReasoningOrigin] = provider;
}
