using Microsoft.Extensions.AI;

namespace MeaiRouter.Attempts;

/// <summary>The answer to an <see cref="EmbeddingCall"/>.</summary>
internal sealed class EmbeddingsContent(GeneratedEmbeddings<Embedding<float>> embeddings) : AIContent
{
    public GeneratedEmbeddings<Embedding<float>> Embeddings => embeddings;

    /// <summary>The embeddings of an answer; <see langword="null"/> if it holds none.</summary>
    public static GeneratedEmbeddings<Embedding<float>>? From(ChatResponse response) =>
        response.Messages.SelectMany(static message => message.Contents).OfType<EmbeddingsContent>().FirstOrDefault()?.Embeddings;

    /// <summary>The answer as the pipeline takes it. That embeddings end by length or by refusal is unknown to the wire.</summary>
    public ChatResponse ToResponse(string? model) => new(new ChatMessage(ChatRole.Assistant, [this]))
    {
        ModelId = embeddings.Count > 0 ? embeddings[0].ModelId ?? model : model,
        FinishReason = ChatFinishReason.Stop,
        Usage = embeddings.Usage,
        AdditionalProperties = embeddings.AdditionalProperties,
    };
}
