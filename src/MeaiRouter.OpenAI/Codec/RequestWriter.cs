using System.Text.Json;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>From messages and options to a request on the wire.</summary>
public static class RequestWriter
{
    /// <summary>Maps a call of an <see cref="IChatClient"/> to a request.</summary>
    /// <param name="messages">The conversation; enumerated once.</param>
    /// <param name="options">The options, which are not changed.</param>
    /// <param name="stream">Whether the answer is to be streamed; usage is then asked for, unless the provider refuses to be asked.</param>
    /// <param name="client">The client passed to <c>RawRepresentationFactory</c>; without one the factory is not asked.</param>
    /// <param name="spelling">The provider's spelling; default <see cref="RequestSpelling.Default"/>.</param>
    /// <remarks>
    /// A <see cref="ChatCompletionRequest"/> from <c>RawRepresentationFactory</c>, then <see cref="RequestProperties.ExtraBody"/>, win over
    /// the options; stop sequences and tools are added to theirs. Content and hosted tools this wire has no form for are left out.
    /// </remarks>
    /// <exception cref="Attempts.RouterException">
    /// The extra body is no JSON object, or holds a known field of the wrong type; or a budget for reasoning is asked of a provider whose
    /// spelling has no field for one (<see cref="Attempts.FailureKind.Unsupported"/>).
    /// </exception>
    public static ChatCompletionRequest Write(
        IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream, IChatClient? client = null, RequestSpelling? spelling = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        spelling = (spelling ?? RequestSpelling.Default).For(options?.ModelId);

        var request = Start(options, client);
        new MessageWriter(spelling).Write(messages, options?.Instructions, request);
        request.Stream = stream ? true : null;
        request.StreamOptions = stream && spelling.AsksForUsage ? new StreamOptions { IncludeUsage = true } : null;
        if (options is not null)
            Fill(request, options, spelling);
        Spell(request, options, spelling);
        return request;
    }

    private static ChatCompletionRequest Start(ChatOptions? options, IChatClient? client)
    {
        var raw = client is null ? null : options?.RawRepresentationFactory?.Invoke(client) as ChatCompletionRequest;
        if (Verbatim.Unbundle(options?.AdditionalProperties) is not { } extra)
            return raw ?? new ChatCompletionRequest();

        if (raw is not null)
        {
            foreach (var field in JsonSerializer.SerializeToElement(raw, WireJson.Strict.ChatCompletionRequest).EnumerateObject())
                extra[field.Name] = field.Value;
        }

        // Through the serializer, so that known fields land in their members and cannot be written twice.
        var merged = JsonSerializer.SerializeToUtf8Bytes(extra, WireJson.Strict.IDictionaryStringJsonElement);
        return RequestReader.Parse(merged);
    }

    private static void Fill(ChatCompletionRequest request, ChatOptions options, RequestSpelling spelling)
    {
        request.Model ??= options.ModelId;
        request.Temperature ??= options.Temperature;
        request.TopP ??= options.TopP;
        request.TopK ??= options.TopK;
        request.FrequencyPenalty ??= options.FrequencyPenalty;
        request.PresencePenalty ??= options.PresencePenalty;
        request.Seed ??= options.Seed;
        request.ResponseFormat ??= FormatWriter.Write(options);

        if (request.MaxTokens is null && request.MaxCompletionTokens is null)
        {
            if (spelling.MaxCompletionTokens)
                request.MaxCompletionTokens = options.MaxOutputTokens;
            else
                request.MaxTokens = options.MaxOutputTokens;
        }

        if (options.StopSequences is { Count: > 0 } stops)
            request.Stop = [.. request.Stop ?? [], .. stops];
        ToolWriter.Write(request, options, spelling);
    }

    private static void Spell(ChatCompletionRequest request, ChatOptions? options, RequestSpelling spelling)
    {
        request.ResponseFormat = FormatWriter.Spell(request.ResponseFormat, spelling.Schemas);
        ReasoningWriter.Write(request, options?.Reasoning?.Effort, spelling.ReasoningControl);
        if (spelling.Renames.Count > 0)
            WireFields.Rename(request, spelling.Renames);
        if (spelling.Always.Count > 0)
            WireFields.PutAll(request, spelling.Always);
    }
}
