using MeaiRouter.Dialects;

namespace MeaiRouter.OpenAI;

/// <summary>The spelling for those models of a provider whose ids fit one of the patterns.</summary>
/// <param name="Patterns">The provider's ids of models, in which <c>*</c> stands for any run of characters; case does not matter.</param>
/// <param name="Spelling">Their spelling, whole: it replaces that of the provider.</param>
public sealed record ModelSpelling(IReadOnlyList<string> Patterns, RequestSpelling Spelling)
{
    private readonly ModelDialect _patterns = new(Patterns, Dialect.Default);

    /// <summary>Whether the spelling is that for a model.</summary>
    /// <param name="model">The provider's id of the model.</param>
    public bool Fits(string model) => _patterns.Fits(model);
}
