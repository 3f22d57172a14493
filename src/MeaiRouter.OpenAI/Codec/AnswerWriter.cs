using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>From a <see cref="ChatResponse"/> to a whole answer on the wire.</summary>
public static class AnswerWriter
{
    /// <summary>Maps a response.</summary>
    /// <param name="response">The response; the contents of its assistant messages become one message.</param>
    /// <returns>The answer. Its id and time are null where the response has none.</returns>
    public static ChatCompletion Write(ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var contents = new List<AIContent>();
        AdditionalPropertiesDictionary? properties = null;
        for (var i = 0; i < response.Messages.Count; i++)
        {
            var message = response.Messages[i];
            if (message.Role != ChatRole.Assistant)
                continue;
            contents.AddRange(message.Contents);
            properties = message.AdditionalProperties ?? properties;
        }

        var choice = new Choice
        {
            Index = 0,
            Message = WriteMessage(contents, properties),
            FinishReason = response.FinishReason?.Value,
            NativeFinishReason = FinishReasons.Native(response.FinishReason, response.AdditionalProperties),
        };
        var completion = new ChatCompletion
        {
            Id = response.ResponseId,
            Kind = ChatCompletion.WholeKind,
            Created = response.CreatedAt?.ToUnixTimeSeconds(),
            Model = response.ModelId,
            Choices = [choice],
            Usage = UsageMapping.Write(response.Usage),
        };
        AnswerFacts.Write(response.AdditionalProperties, completion, choice);
        return completion;
    }

    private static AnswerMessage WriteMessage(List<AIContent> contents, AdditionalPropertiesDictionary? properties)
    {
        var message = new AnswerMessage { Role = ChatRole.Assistant.Value, Extra = Verbatim.Gather(properties) };
        AnswerMessageWriter.Write(contents, message, firstCallIndex: null);
        return message;
    }
}
