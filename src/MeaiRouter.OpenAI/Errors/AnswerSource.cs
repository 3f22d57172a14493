namespace MeaiRouter.OpenAI.Errors;

/// <summary>Whose bytes are read, so that errors name the provider and never repeat a key.</summary>
/// <param name="Provider">The provider; <see langword="null"/> if unknown.</param>
/// <param name="Secrets">Texts that no error may hold.</param>
internal readonly record struct AnswerSource(string? Provider, string[]? Secrets = null)
{
    /// <summary>The provider as the subject of a sentence.</summary>
    public string Subject => Provider ?? "The provider";
}
