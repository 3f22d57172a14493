using MeaiRouter.Routing;

namespace MeaiRouter.Normalization.Compression;

/// <summary>How conversations that are too long for the chosen endpoint are made to fit, by <see cref="MiddleOutChatReducer"/>.</summary>
public sealed class ContextCompression
{
    /// <summary>Tokens to leave for the answer where the request sets no limit to it; at most half of the endpoint's context is left.</summary>
    /// <value>Default: 4,096.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int OutputReserve
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(OutputReserve));
            field = value;
        }
    } = 4_096;

    /// <summary>How many messages a request may hold. Anthropic refused more than 1,000 when OpenRouter set this limit.</summary>
    /// <value>Default: <see langword="null"/>, no limit.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? MaxMessages
    {
        get;
        init
        {
            if (value is { } limit)
                ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, nameof(MaxMessages));
            field = value;
        }
    }

    /// <summary>Counts the tokens; <see langword="null"/> estimates them at four characters each.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public ITokenCounter? TokenCounter { get; init; }
}
