namespace Microsoft.Extensions.AI;

/// <summary>Says on whose behalf and by which route embeddings are made.</summary>
public static class EmbeddingGenerationOptionsExtensions
{
    /// <summary>Sets what chat requests set on their options: <c>WithRouting</c>, <c>WithUser</c>, <c>WithTag</c>, <c>WithCaller</c> and the like.</summary>
    /// <param name="options">The options to change.</param>
    /// <param name="configure">Sets it, on options of a chat whose additional properties are these options' own.</param>
    /// <returns>The same options.</returns>
    /// <example><c>options.WithRequest(request => request.WithRouting(preferences).WithUser("u1"))</c></example>
    public static EmbeddingGenerationOptions WithRequest(this EmbeddingGenerationOptions options, Action<ChatOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(configure);

        var chat = new ChatOptions { AdditionalProperties = options.AdditionalProperties };
        configure(chat);
        options.AdditionalProperties = chat.AdditionalProperties;
        return options;
    }
}
