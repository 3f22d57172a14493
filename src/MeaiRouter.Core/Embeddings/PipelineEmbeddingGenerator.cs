using MeaiRouter.Attempts;
using MeaiRouter.Endpoints;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Embeddings;

/// <summary>Makes embeddings through a pipeline of MeaiRouter's layers: routed, with fallback, within budgets, and priced like any chat.</summary>
/// <remarks>
/// A model for embeddings stands in the catalogue with <c>embeddings</c> among its output modalities. Of a batch each text must fit the
/// endpoint's context by itself, and the batch goes to one endpoint as a whole. What the request asks of routing, its user and its tags are
/// set on the options with <see cref="EmbeddingGenerationOptionsExtensions.WithRequest"/>. The answer carries the route trace, and with it the cost.
/// Only MeaiRouter's own layers are passed, not those of others around them.
/// </remarks>
public sealed class PipelineEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly IChatClient _pipeline;
    private readonly IChatClient _entrance;
    private readonly bool _leaveOpen;
    private int _isDisposed;
    private readonly EmbeddingGeneratorMetadata _metadata;

    /// <summary>Creates a generator.</summary>
    /// <param name="pipeline">The pipeline; its innermost client is an <see cref="EndpointChatClient"/>.</param>
    /// <param name="leaveOpen">Whether the pipeline outlives the generator. Default: it is disposed with it.</param>
    /// <exception cref="ArgumentException">The pipeline does not end in an <see cref="EndpointChatClient"/>.</exception>
    public PipelineEmbeddingGenerator(IChatClient pipeline, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        if (pipeline.GetService(typeof(EndpointChatClient)) is null)
        {
            throw new ArgumentException(
                $"The pipeline does not end in an {nameof(EndpointChatClient)}, and any other client would take the texts for a conversation.", nameof(pipeline));
        }

        _pipeline = pipeline;

        // Layers of others around ours, which cache or call functions, know nothing but conversations.
        _entrance = pipeline.GetService(typeof(IPipelineLayer)) as IChatClient ?? pipeline;
        _leaveOpen = leaveOpen;
        var metadata = pipeline.GetService(typeof(ChatClientMetadata)) as ChatClientMetadata;
        _metadata = new EmbeddingGeneratorMetadata(metadata?.ProviderName ?? "meairouter", metadata?.ProviderUri, metadata?.DefaultModelId);
    }

    /// <inheritdoc/>
    /// <exception cref="RouterException">No endpoint answered; it says what each died of.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);

        var texts = values.ToArray();
        if (texts.Length == 0)
            return [];

        var call = new EmbeddingCall(texts, options);
        var response = await _entrance.GetResponseAsync(call.ToMessages(), call.ToChatOptions(), cancellationToken).ConfigureAwait(false);
        var made = EmbeddingsContent.From(response) ?? throw new RouterException(FailureKind.MalformedAnswer, "The answer holds no embeddings.");
        made.AdditionalProperties = response.AdditionalProperties;
        return made;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);

        if (serviceKey is null && serviceType == typeof(EmbeddingGeneratorMetadata))
            return _metadata;
        if (serviceKey is null && serviceType.IsInstanceOfType(this))
            return this;
        return typeof(IPipelineLayer).IsAssignableFrom(serviceType) ? _pipeline.GetService(serviceType, serviceKey) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_leaveOpen && Interlocked.Exchange(ref _isDisposed, 1) == 0)
            _pipeline.Dispose();
    }
}
