using Microsoft.Extensions.AI;

namespace MeaiRouter.Limits;

/// <summary>The observer of a call's rate limits, as it travels in the call's options to an <see cref="IRateLimitSource"/>.</summary>
public static class ChatOptionsRateLimitExtensions
{
    internal const string Key = "meairouter.limits";

    /// <summary>Has a client that is an <see cref="IRateLimitSource"/> report what the provider says about its limits.</summary>
    /// <remarks>For a client that is called on its own. A pipeline observes the calls it makes itself, and takes this observer's place.</remarks>
    /// <param name="options">The options to change.</param>
    /// <param name="observer">Who is told.</param>
    /// <returns>The same options.</returns>
    public static ChatOptions WithRateLimitObserver(this ChatOptions options, IRateLimitObserver observer)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(observer);

        (options.AdditionalProperties ??= [])[Key] = observer;
        return options;
    }

    /// <summary>Who is to be told about limits; <see langword="null"/> for nobody.</summary>
    /// <param name="options">The options a client was called with.</param>
    public static IRateLimitObserver? GetRateLimitObserver(this ChatOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        return ObserverIn(options.AdditionalProperties);
    }

    /// <inheritdoc cref="GetRateLimitObserver(ChatOptions)"/>
    public static IRateLimitObserver? GetRateLimitObserver(this EmbeddingGenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        return ObserverIn(options.AdditionalProperties);
    }

    private static IRateLimitObserver? ObserverIn(AdditionalPropertiesDictionary? properties) =>
        properties?.TryGetValue(Key, out var value) == true ? value as IRateLimitObserver : null;
}
