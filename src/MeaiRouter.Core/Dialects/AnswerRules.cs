using System.Collections.Frozen;

namespace MeaiRouter.Dialects;

/// <summary>What is to be recognized in an endpoint's answers.</summary>
public sealed record AnswerRules
{
    private static readonly string[] DefaultTagNames = ["think", "thinking"];

    /// <summary>What is recognized where nothing particular is known.</summary>
    public static AnswerRules Default { get; } = new();

    /// <summary>Whether text in tags such as <c>&lt;think&gt;</c> at the beginning of an answer is its reasoning.</summary>
    /// <value>Default: <see langword="true"/>: models served raw write it so.</value>
    public bool ThinkTags { get; init; } = true;

    /// <summary>The names of those tags. Of <see cref="BeginsThinking"/>, the first is the one that closes.</summary>
    /// <value>Default: <c>think</c> and <c>thinking</c>.</value>
    public IReadOnlyList<string> ThinkTagNames { get; init; } = DefaultTagNames;

    /// <summary>
    /// Whether the answer begins inside its reasoning, so that only the closing tag is written. An answer that ends without it, and was not cut by
    /// its length, is all answer: what had been streamed as reasoning by then is said again as text, and noted in the trace.
    /// </summary>
    /// <value>Default: <see langword="false"/>; some chat templates open the tag themselves.</value>
    public bool BeginsThinking { get; init; }

    /// <summary>In which forms calls of declared tools are recognized in text. Default: <see cref="TextToolCalls.None"/>.</summary>
    public TextToolCalls TextToolCalls { get; init; }

    /// <summary>Native finish reasons in addition to the well-known ones, with the normalized reason each stands for.</summary>
    /// <value>Default: none. Values: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>content_filter</c>.</value>
    public IReadOnlyDictionary<string, string> FinishReasons { get; init; } = FrozenDictionary<string, string>.Empty;
}
