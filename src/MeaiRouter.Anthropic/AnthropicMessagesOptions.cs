using MeaiRouter.Dialects;

namespace MeaiRouter.Anthropic;

/// <summary>Where and as whom an <see cref="AnthropicMessagesChatClient"/> calls. Read once, by the client's constructor.</summary>
public sealed class AnthropicMessagesOptions
{
    /// <summary>The largest whole answer unless told otherwise: 16 MiB.</summary>
    public const int DefaultMaxResponseBytes = 16 * 1024 * 1024;

    /// <summary>The output limit of calls that set none, unless told otherwise. Every model of Anthropic's takes it.</summary>
    public const int DefaultOutputTokens = 4_096;

    /// <summary>The provider's name, in metadata, telemetry and errors. Default: <c>anthropic</c>.</summary>
    public string Provider { get; init; } = "anthropic";

    /// <summary>The address to which <c>/v1/messages</c> is appended. Default: <c>https://api.anthropic.com</c>.</summary>
    public Uri BaseUrl { get; init; } = new("https://api.anthropic.com");

    /// <summary>
    /// Keys, used in turn; traces call them <c>key 1</c>, <c>key 2</c>, ... Default: none. The environment variables that Anthropic's SDK knows are not read.
    /// </summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>Headers sent with every request, such as <c>anthropic-beta</c>. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The model for calls whose options name none. Default: <see langword="null"/>.</summary>
    public string? DefaultModelId { get; init; }

    /// <summary>The output limit of calls that set none, in tokens: Anthropic insists on one. Default: <see cref="DefaultOutputTokens"/>.</summary>
    public int MaxOutputTokens { get; init; } = DefaultOutputTokens;

    /// <summary>The largest whole answer, in bytes; more is a malformed answer. Default: <see cref="DefaultMaxResponseBytes"/>.</summary>
    public int MaxResponseBytes { get; init; } = DefaultMaxResponseBytes;

    /// <summary>What the models take, above all how their thinking is controlled. Default: <see cref="AnthropicDialect.Default"/>.</summary>
    public Dialect Dialect { get; init; } = AnthropicDialect.Default;

    /// <summary>The clock against which dates in <c>Retry-After</c> are read. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
