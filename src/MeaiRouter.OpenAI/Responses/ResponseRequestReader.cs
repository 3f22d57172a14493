using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>From a request of the Responses API to messages and options. Strict: what is wrong, or cannot be done without a memory, is said by name.</summary>
/// <remarks>OpenRouter's API is stateless: <c>store</c> is always false, and a <c>previous_response_id</c> is refused.</remarks>
public static class ResponseRequestReader
{
    /// <summary>Parses the body of a request.</summary>
    /// <param name="utf8Json">The body.</param>
    /// <exception cref="RouterException">
    /// It is no JSON object, or a known field has the wrong type (<see cref="FailureKind.InvalidRequest"/>).
    /// </exception>
    public static ResponseRequest Parse(ReadOnlySpan<byte> utf8Json)
    {
        utf8Json = BrokenText.Repair(utf8Json, out _);
        try
        {
            return JsonSerializer.Deserialize(utf8Json, ResponsesJson.Strict.ResponseRequest) ?? throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw InvalidResponseRequests.From(exception, utf8Json);
        }
    }

    /// <summary>The request without its conversation, in the words of chat completions: what is left are options, and fields for whoever routes.</summary>
    /// <param name="request">The request, which is not changed.</param>
    /// <exception cref="RouterException">A field is missing, cannot be understood or cannot be honoured (<see cref="FailureKind.InvalidRequest"/>).</exception>
    public static ChatCompletionRequest ReadTerms(ResponseRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ResponseTerms.Read(request);
    }

    /// <summary>Maps a request to what an <see cref="IChatClient"/> takes.</summary>
    /// <param name="request">The request, which is not changed.</param>
    /// <param name="terms">What <see cref="ReadTerms"/> made of it.</param>
    /// <returns>
    /// New messages and options. Fields without a word in Microsoft.Extensions.AI are under <see cref="RequestProperties.ExtraBody"/>;
    /// the routing fields stay behind in <paramref name="terms"/>.
    /// </returns>
    /// <exception cref="RouterException">A field is missing or cannot be understood (<see cref="FailureKind.InvalidRequest"/>).</exception>
    public static (List<ChatMessage> Messages, ChatOptions Options) Read(ResponseRequest request, ChatCompletionRequest terms)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(terms);

        var messages = new List<ChatMessage>();
        if (!string.IsNullOrEmpty(request.Instructions))
            messages.Add(new ChatMessage(ChatRole.System, request.Instructions));
        ResponseItems.Read(request.Input, messages);

        var options = RequestReader.ReadOptions(terms);
        if ((request.Reasoning?.Summary ?? request.Reasoning?.GenerateSummary) is { } summary)
            (options.Reasoning ??= new()).Output = summary == "detailed" ? ReasoningOutput.Full : ReasoningOutput.Summary;
        return (messages, options);
    }
}
