namespace MeaiRouter.OpenAI;

/// <summary>Where and as whom an <see cref="OpenAICompatibleChatClient"/> calls. Read once, by the client's constructor.</summary>
public sealed class OpenAICompatibleOptions
{
    /// <summary>The largest whole answer, and the largest event of a stream, unless told otherwise: 16 MiB.</summary>
    public const int DefaultMaxResponseBytes = 16 * 1024 * 1024;

    /// <summary>The header that carries the key unless told otherwise: <c>Authorization</c>.</summary>
    public const string DefaultKeyHeader = "Authorization";

    /// <summary>The provider's name, in metadata, telemetry and errors.</summary>
    public required string Provider { get; init; }

    /// <summary>The address to which <c>/chat/completions</c> is appended, such as <c>https://api.openai.com/v1</c>.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>
    /// Keys sent in <see cref="KeyHeader"/>, used in turn; traces call them <c>key 1</c>, <c>key 2</c>, ... Default: none, for providers that
    /// want none.
    /// </summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>
    /// The header that carries the key: <c>Authorization</c>, where it is a bearer token, or another (<c>api-key</c>, <c>x-api-key</c>), where it
    /// stands by itself.
    /// </summary>
    /// <value>Default: <c>Authorization</c>.</value>
    public string KeyHeader { get; init; } = DefaultKeyHeader;

    /// <summary>Headers sent with every request. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The model for calls whose options name none. Default: <see langword="null"/>.</summary>
    public string? DefaultModelId { get; init; }

    /// <summary>The largest whole answer, and the largest event of a stream, in bytes; more is a malformed answer.</summary>
    /// <value>Default: <see cref="DefaultMaxResponseBytes"/>.</value>
    public int MaxResponseBytes { get; init; } = DefaultMaxResponseBytes;

    /// <summary>How the provider spells what others spell differently. Default: <see cref="RequestSpelling.Default"/>.</summary>
    public RequestSpelling Spelling { get; init; } = RequestSpelling.Default;

    /// <summary>The clock against which dates in <c>Retry-After</c> are read. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
