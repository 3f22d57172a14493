using MeaiRouter.OpenAI.Transport;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Embeddings;

/// <summary>Makes embeddings over the connections, and with the key, of a chat client.</summary>
internal sealed class OpenAICompatibleEmbeddingGenerator(OpenAICompatibleChatClient client) : IEmbeddingGenerator<string, Embedding<float>>
{
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);

        var settings = client.Options;
        var body = EmbeddingCodec.Write(values, options, settings.DefaultModelId);
        using var response = await client.PostAsync("embeddings", body, options, cancellationToken).ConfigureAwait(false);
        AnswerMedia.ThrowIfPage(response, settings.Provider);
        using var answer = await IncomingBody.ReadAsync(response, settings.Provider, settings.MaxResponseBytes, cancellationToken).ConfigureAwait(false);
        return EmbeddingCodec.Read(answer.Bytes, options?.ModelId, client.SourceOf(response));
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        if (serviceType == typeof(EmbeddingGeneratorMetadata))
            return new EmbeddingGeneratorMetadata(client.Options.Provider, client.Options.BaseUrl, client.Options.DefaultModelId);
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    // The connections are the chat client's.
    public void Dispose()
    {
    }
}
