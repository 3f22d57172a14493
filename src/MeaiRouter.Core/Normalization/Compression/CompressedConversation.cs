using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Compression;

/// <summary>A conversation from whose middle was taken what was too much.</summary>
/// <param name="Messages">What is left: the same list if nothing was too much.</param>
/// <param name="RemovedMessages">How many messages were removed.</param>
/// <param name="ShortenedTexts">How many texts lost their middle. Each says in its place how much is missing.</param>
/// <param name="TokensBefore">The tokens of the conversation as it was, counted or estimated.</param>
/// <param name="TokensAfter">The tokens of what is left. More than the limit where what must stay is too much by itself.</param>
public sealed record CompressedConversation(
    IReadOnlyList<ChatMessage> Messages, int RemovedMessages, int ShortenedTexts, long TokensBefore, long TokensAfter)
{
    /// <summary>Whether anything was taken out.</summary>
    public bool IsCompressed => RemovedMessages > 0 || ShortenedTexts > 0;
}
