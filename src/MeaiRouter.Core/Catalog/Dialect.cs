using System.Collections.Frozen;

namespace MeaiRouter.Catalog;

/// <summary>How an endpoint deviates from the common chat wire, declared as data.</summary>
public sealed record Dialect
{
    // OpenAI refuses tool-call ids of more than 40 characters; Anthropic takes only [a-zA-Z0-9_-].
    private const int DefaultToolCallIdLength = 40;

    /// <summary>The dialect of an endpoint about which nothing particular is known.</summary>
    public static Dialect Default { get; } = new("default");

    /// <summary>Creates a dialect with the defaults of every property.</summary>
    /// <param name="name">The name by which configuration refers to it.</param>
    public Dialect(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    /// <summary>The name by which configuration refers to the dialect.</summary>
    public string Name { get; }

    /// <summary>The longest tool-call id the endpoint takes.</summary>
    /// <value>Default: 40, OpenAI's limit.</value>
    public int MaxToolCallIdLength { get; init; } = DefaultToolCallIdLength;

    /// <summary>Whether a tool-call id must have exactly <see cref="MaxToolCallIdLength"/> letters and digits and nothing else.</summary>
    /// <value>Default: <see langword="false"/>; Mistral wants nine.</value>
    public bool FixedToolCallIds { get; init; }

    /// <summary>Native finish reasons in addition to the well-known ones, with the normalized reason each stands for.</summary>
    /// <value>Default: none. Values: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>content_filter</c>.</value>
    public IReadOnlyDictionary<string, string> FinishReasons { get; init; } = FrozenDictionary<string, string>.Empty;
}
