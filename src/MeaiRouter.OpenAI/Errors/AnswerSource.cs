using System.Net.Http.Headers;

namespace MeaiRouter.OpenAI.Errors;

/// <summary>Whose bytes are read, so that errors name the provider and never repeat a key.</summary>
/// <param name="Provider">The provider; <see langword="null"/> if unknown.</param>
/// <param name="Secrets">Texts that no error may hold.</param>
/// <param name="Headers">The headers the bytes came with, for the request's id.</param>
internal readonly record struct AnswerSource(string? Provider, string[]? Secrets = null, HttpResponseHeaders? Headers = null)
{
    /// <summary>The provider as the subject of a sentence.</summary>
    public string Subject => Provider ?? "The provider";
}
