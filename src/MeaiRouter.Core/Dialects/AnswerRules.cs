using System.Collections.Frozen;

namespace MeaiRouter.Dialects;

/// <summary>What is to be recognized in an endpoint's answers.</summary>
public sealed record AnswerRules
{
    /// <summary>What is recognized where nothing particular is known.</summary>
    public static AnswerRules Default { get; } = new();

    /// <summary>Whether text in <c>&lt;think&gt;</c> tags at the beginning of an answer is its reasoning.</summary>
    /// <value>Default: <see langword="true"/>: models served raw write it so.</value>
    public bool ThinkTags { get; init; } = true;

    /// <summary>Whether the answer begins inside its reasoning, so that only the closing <c>&lt;/think&gt;</c> is written.</summary>
    /// <value>Default: <see langword="false"/>; some chat templates open the tag themselves.</value>
    public bool BeginsThinking { get; init; }

    /// <summary>In which forms calls of declared tools are recognized in text. Default: <see cref="TextToolCalls.None"/>.</summary>
    public TextToolCalls TextToolCalls { get; init; }

    /// <summary>Native finish reasons in addition to the well-known ones, with the normalized reason each stands for.</summary>
    /// <value>Default: none. Values: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>content_filter</c>.</value>
    public IReadOnlyDictionary<string, string> FinishReasons { get; init; } = FrozenDictionary<string, string>.Empty;
}
