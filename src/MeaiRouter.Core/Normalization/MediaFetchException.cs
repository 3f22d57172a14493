namespace MeaiRouter.Normalization;

/// <summary>An address in a conversation that is not fetched, or cannot be.</summary>
/// <param name="message">Why, as the end of a sentence, for the caller: it says nothing of what was found there.</param>
/// <param name="innerException">What it was read from.</param>
public sealed class MediaFetchException(string message, Exception? innerException = null) : Exception(message, innerException);
