using MeaiRouter.Text;

namespace MeaiRouter.Dialects;

/// <summary>The dialect of those models of a provider whose ids fit one of the patterns.</summary>
/// <param name="Patterns">The provider's ids of models, in which <c>*</c> stands for any run of characters; case does not matter.</param>
/// <param name="Dialect">The dialect they speak, whole: it replaces that of the provider.</param>
public sealed record ModelDialect(IReadOnlyList<string> Patterns, Dialect Dialect)
{
    /// <summary>Whether the dialect is that of a model.</summary>
    /// <param name="model">The provider's id of the model.</param>
    public bool Fits(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return NamePattern.MatchesAny(model, Patterns);
    }
}
