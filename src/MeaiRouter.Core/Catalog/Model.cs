namespace MeaiRouter.Catalog;

/// <summary>A model that callers can ask for, with every endpoint that serves it.</summary>
public sealed record Model
{
    // One instance, so that a merge can tell modalities nobody set from those somebody set to text.
    internal static readonly IReadOnlyList<string> TextOnly = ["text"];

    // OpenRouter's word.
    internal const string Embeddings = "embeddings";

    /// <summary>Creates a model.</summary>
    /// <param name="id">The public id, usually <c>author/slug</c>.</param>
    public Model(string id)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        Id = id;
    }

    /// <summary>The public id that callers use.</summary>
    public string Id { get; }

    /// <summary>The name shown to people.</summary>
    /// <value>Default: <see cref="Id"/>.</value>
    public string Name { get => field ?? Id; init; }

    /// <summary>Tokens of prompt and answer together; <see langword="null"/> if unknown.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Tokens of an answer; <see langword="null"/> if unknown.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>The kinds of input: <c>text</c>, <c>image</c>, <c>file</c>, <c>audio</c>, <c>video</c>.</summary>
    /// <value>Default: text, by which no request is refused: only kinds that were set leave an endpoint out.</value>
    public IReadOnlyList<string> InputModalities { get; init; } = TextOnly;

    /// <summary>Whether somebody said what kinds of input the model takes.</summary>
    internal bool DeclaresInputModalities => !ReferenceEquals(InputModalities, TextOnly);

    /// <summary>The kinds of output: <c>text</c>, <c>image</c>, <c>audio</c>, <c>embeddings</c>.</summary>
    /// <value>Default: text.</value>
    public IReadOnlyList<string> OutputModalities { get; init; } = TextOnly;

    /// <summary>Whether the model makes embeddings.</summary>
    internal bool MakesEmbeddings => OutputModalities.Contains(Embeddings, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the model makes nothing but embeddings.</summary>
    internal bool MakesOnlyEmbeddings => OutputModalities is [var only] && only.Equals(Embeddings, StringComparison.OrdinalIgnoreCase);

    /// <summary>When the model came out, by which <c>~author/family-latest</c> finds the newest; <see langword="null"/> if unknown.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Whether the author allows answers to train other models; <see langword="null"/> if unknown.</summary>
    public bool? AllowsDistillation { get; init; }

    /// <summary>The endpoints that serve the model.</summary>
    public IReadOnlyList<ModelEndpoint> Endpoints { get; init; } = [];

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}
