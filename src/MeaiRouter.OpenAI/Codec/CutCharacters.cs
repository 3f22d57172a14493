using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Keeps the halves of characters that a provider cut in two, in the texts that are joined later.</summary>
internal static class CutCharacters
{
    /// <summary>Copies the joined texts of an answer as it came into the same answer repaired.</summary>
    public static void Keep(ChatCompletion asItCame, ChatCompletion repaired)
    {
        for (var i = 0; i < Math.Min(asItCame.Choices?.Count ?? 0, repaired.Choices?.Count ?? 0); i++)
        {
            Keep(asItCame.Choices![i].Message, repaired.Choices![i].Message);
            Keep(asItCame.Choices[i].Delta, repaired.Choices[i].Delta);
        }
    }

    private static void Keep(AnswerMessage? asItCame, AnswerMessage? repaired)
    {
        if (asItCame is null || repaired is null)
            return;

        if (repaired.Content is { Parts: null })
            repaired.Content = asItCame.Content;
        repaired.Reasoning = asItCame.Reasoning;
        repaired.ReasoningContent = asItCame.ReasoningContent;
        repaired.Refusal = asItCame.Refusal;
        for (var i = 0; i < Math.Min(asItCame.ToolCalls?.Count ?? 0, repaired.ToolCalls?.Count ?? 0); i++)
        {
            if (asItCame.ToolCalls![i].Function is { } before && repaired.ToolCalls![i].Function is { } after)
                after.Arguments = before.Arguments;
        }
    }
}
