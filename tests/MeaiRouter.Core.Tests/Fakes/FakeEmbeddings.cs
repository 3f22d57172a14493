using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fakes;

/// <summary>Makes of each text the embedding of its length, counts a token for each character, and records what it was asked.</summary>
internal sealed class FakeEmbeddings : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly ConcurrentQueue<(string[] Texts, EmbeddingGenerationOptions? Options)> _calls = new();

    /// <summary>Made instead of what is asked for.</summary>
    public Func<GeneratedEmbeddings<Embedding<float>>>? Instead { get; init; }

    public IReadOnlyList<(string[] Texts, EmbeddingGenerationOptions? Options)> Calls => [.. _calls];

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values.ToArray();
        _calls.Enqueue((texts, options));
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Instead?.Invoke() ?? new GeneratedEmbeddings<Embedding<float>>(
            texts.Select(text => new Embedding<float>(new float[] { text.Length }) { ModelId = options?.ModelId }))
        {
            Usage = new UsageDetails { InputTokenCount = texts.Sum(text => text.Length), TotalTokenCount = texts.Sum(text => text.Length) },
        });
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
