namespace MeaiRouter.Attempts;

/// <summary>What was taken from the middle of a conversation so that it fits an endpoint.</summary>
/// <param name="MessagesBefore">How many messages there were.</param>
/// <param name="MessagesAfter">How many were sent.</param>
/// <param name="ShortenedTexts">How many texts lost their middle.</param>
/// <param name="TokensBefore">The tokens of the conversation as it was, counted or estimated.</param>
/// <param name="TokensAfter">The tokens of what was sent.</param>
public sealed record ContextCut(int MessagesBefore, int MessagesAfter, int ShortenedTexts, long TokensBefore, long TokensAfter);
