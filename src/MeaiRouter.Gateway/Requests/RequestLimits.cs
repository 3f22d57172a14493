using System.Diagnostics.CodeAnalysis;
using MeaiRouter.Gateway.Errors;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Requests;

/// <summary>How large a request may be, and how long it may take to arrive: the section <c>Gateway:Limits</c>.</summary>
internal sealed record RequestLimits
{
    /// <summary>The deepest nesting that the JSON of a request can have at all: what the serializer reads.</summary>
    public const int DeepestJson = 64;

    /// <summary>The largest body, in bytes.</summary>
    public long MaxBodyBytes { get; init; } = RequestBody.MaxBytes;

    /// <summary>The most messages of a conversation.</summary>
    public int MaxMessages { get; init; } = 10_000;

    /// <summary>The deepest nesting of the body, in objects and arrays.</summary>
    public int MaxJsonDepth { get; init; } = DeepestJson;

    /// <summary>The largest image, audio or file that a message itself holds, in bytes once decoded. OpenAI's limit on images.</summary>
    public long MaxMediaBytes { get; init; } = 20 * 1024 * 1024;

    /// <summary>How long a body may take to arrive.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Refuses a conversation that is too long, or holds media that are too large, also in the results of tools.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="field">The request's field that holds it.</param>
    /// <param name="isExact">Whether each entry of that field is one message, so that an error can say which.</param>
    /// <exception cref="GatewayException">It is, or does; the message names where.</exception>
    public void Check(IReadOnlyList<ChatMessage> messages, string field = "messages", bool isExact = true)
    {
        if (messages.Count > MaxMessages)
            throw GatewayException.TooLarge($"'{field}' has {messages.Count} messages; it may have at most {MaxMessages}. Send fewer, or summarize the oldest.");

        for (var i = 0; i < messages.Count; i++)
        {
            var contents = messages[i].Contents;
            for (var j = 0; j < contents.Count; j++)
            {
                if (!IsTooLarge(contents[j], out var media))
                    continue;
                var place = isExact ? $"{field}[{i}].content[{j}]" : field;
                throw GatewayException.TooLarge(
                    $"'{place}' holds about {Bytes(media)} bytes of {media.MediaType}; it may hold at most {MaxMediaBytes}. Send less, or refer to it by URL.");
            }
        }
    }

    private bool IsTooLarge(AIContent content, [NotNullWhen(true)] out DataContent? found)
    {
        found = content as DataContent;
        if (content is FunctionResultContent { Result: IEnumerable<AIContent> parts })
            found = parts.OfType<DataContent>().FirstOrDefault(part => Bytes(part) > MaxMediaBytes);
        return found is not null && Bytes(found) > MaxMediaBytes;
    }

    // From the length of the text: to decode it only to find out that it is too long is what the limit is to prevent.
    private static long Bytes(DataContent media) => media.Base64Data.Length / 4 * 3L;
}
