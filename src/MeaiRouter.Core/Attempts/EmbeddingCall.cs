using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Attempts;

/// <summary>A request for embeddings on its way through the pipeline, where it looks like a chat request whose messages are the texts.</summary>
/// <remarks>Planning, attempts, budgets and costs are the same for both; only the innermost client turns it into what it is.</remarks>
/// <param name="texts">The texts to embed.</param>
/// <param name="options">What the caller asked for; <see langword="null"/> for nothing.</param>
[JsonConverter(typeof(ConstantConverter<EmbeddingCall>))]
internal sealed class EmbeddingCall(IReadOnlyList<string> texts, EmbeddingGenerationOptions? options)
{
    private const string Key = "meairouter.embeddings";

    public IReadOnlyList<string> Texts => texts;

    /// <summary>The call in the options; <see langword="null"/> where they belong to a chat.</summary>
    public static EmbeddingCall? From(ChatOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(Key, out var call) == true ? call as EmbeddingCall : null;

    /// <summary>The texts as messages.</summary>
    public ChatMessage[] ToMessages() => [.. texts.Select(static text => new ChatMessage(ChatRole.User, text))];

    /// <summary>The longest of the messages: each text must fit a context, not all of them together.</summary>
    public static ChatMessage[] Longest(IReadOnlyList<ChatMessage> messages) => [messages.MaxBy(static message => message.Text.Length)!];

    /// <summary>Options for the pipeline, with all that the caller's hold for it.</summary>
    public ChatOptions ToChatOptions()
    {
        var chat = new ChatOptions
        {
            ModelId = options?.ModelId,
            AdditionalProperties = options?.AdditionalProperties is { } properties ? new(properties) : [],
        };
        chat.AdditionalProperties[Key] = this;
        return chat;
    }

    /// <summary>What the provider's generator is called with: the caller's wishes with the model and the properties of the attempt.</summary>
    public EmbeddingGenerationOptions ToProviderOptions(ChatOptions attempt)
    {
        var own = options?.Clone() ?? new EmbeddingGenerationOptions();
        own.ModelId = attempt.ModelId;
        own.AdditionalProperties = attempt.AdditionalProperties is { } properties ? new(properties) : [];
        own.AdditionalProperties.Remove(Key);
        if (own.AdditionalProperties.Count == 0)
            own.AdditionalProperties = null;
        return own;
    }

    public override string ToString() => ConstantConverter<EmbeddingCall>.Constant;
}
