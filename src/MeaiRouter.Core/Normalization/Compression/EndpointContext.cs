using MeaiRouter.Catalog;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Compression;

/// <summary>Compresses a conversation to the context of the endpoint that is to read it.</summary>
internal static class EndpointContext
{
    private static readonly ContextCompression Default = new();

    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options that it is sent with.</param>
    /// <param name="context">The request, which may wish for compression or not.</param>
    /// <param name="compression">What the layer is set to; <see langword="null"/> compresses only on request.</param>
    /// <param name="notes">Where it is taken down.</param>
    /// <returns>The same list if it fits, or nobody knows the limit.</returns>
    public static IReadOnlyList<ChatMessage> Fit(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, RouteContext context, ContextCompression? compression, RouteNotes notes)
    {
        if (!(RequestWishes.Of(context).CompressContext ?? compression is not null))
            return messages;

        compression ??= Default;
        var model = context.Attempt?.Model;
        var limit = (context.Attempt?.Endpoint?.ContextLength ?? model?.ContextLength) is { } length
            ? Math.Max(1, length - Reserve(length, options, compression) - Tokens([], options, compression, model))
            : (long?)null;
        if (limit is null && compression.MaxMessages is null)
            return messages;

        // Counting may take long, and what cannot be too long need not be counted.
        if ((limit is null || PromptFacts.Of(messages, null).AtMost <= limit) && !(messages.Count > compression.MaxMessages))
            return messages;

        var counter = model is null ? null : compression.TokenCounter;
        var compressed = new MiddleOutChatReducer(limit, compression.MaxMessages, counter, model).Compress(messages);
        if (compressed.IsCompressed)
        {
            notes.Add(Describe(compressed));
            if (context.Attempt is { } attempt)
                attempt.ContextCut = new(messages.Count, compressed.Messages.Count, compressed.ShortenedTexts, compressed.TokensBefore, compressed.TokensAfter);
        }

        return compressed.Messages;
    }

    private static long Reserve(int length, ChatOptions options, ContextCompression compression) =>
        options.MaxOutputTokens is { } most && most < length ? most : Math.Min(compression.OutputReserve, length / 2);

    private static long Tokens(IReadOnlyList<ChatMessage> messages, ChatOptions options, ContextCompression compression, Model? model) =>
        compression.TokenCounter is { } counter && model is not null
            ? counter.Count(messages, options, model)
            : PromptFacts.Of(messages, options).Estimate;

    private static string Describe(CompressedConversation compressed) =>
        $"The conversation was compressed from about {compressed.TokensBefore} tokens to {compressed.TokensAfter}: "
        + $"messages left out of its middle: {compressed.RemovedMessages}, texts shortened: {compressed.ShortenedTexts}.";
}
