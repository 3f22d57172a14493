using System.Collections.Frozen;

namespace MeaiRouter.Testing;

/// <summary>How a provider spells its answers where it differs from others.</summary>
public sealed record AnswerShape
{
    /// <summary>OpenAI's.</summary>
    public static AnswerShape OpenAI { get; } = new();

    /// <summary>In which field reasoning is sent whose reply does not say. Default: <see cref="ReasoningSpelling.Reasoning"/>.</summary>
    public ReasoningSpelling Reasoning { get; init; } = ReasoningSpelling.Reasoning;

    /// <summary>Whether <c>reasoning_details</c> carry a signature over their text, which a stream brings after it.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool SignsReasoning { get; init; }

    /// <summary>Whether the first call of an answer carries Gemini's thought signature. Default: <see langword="false"/>.</summary>
    public bool SignsToolCalls { get; init; }

    /// <summary>How calls of tools are streamed. Default: <see cref="ToolCallDeltas.Pieces"/>.</summary>
    public ToolCallDeltas ToolCalls { get; init; }

    /// <summary>How tokens are reported. Default: <see cref="UsageSpelling.OpenAI"/>.</summary>
    public UsageSpelling Usage { get; init; }

    /// <summary>The provider's own finish reasons by those of OpenAI, for replies that do not say. Default: none, they are OpenAI's.</summary>
    public IReadOnlyDictionary<string, string> FinishReasons { get; init; } = FrozenDictionary<string, string>.Empty;

    internal static AnswerShape Gemini { get; } = new()
    {
        // https://github.com/wyeeeee/hajimi/pull/292: thoughts that were asked for stand in tags of their own.
        Reasoning = ReasoningSpelling.ThoughtTags,
        SignsToolCalls = true,
        // https://github.com/noho/dayu-agent/issues/45 has what was captured.
        ToolCalls = ToolCallDeltas.WholeWithoutIndex,
        Usage = UsageSpelling.ReasoningApart,
        FinishReasons = Ends(("tool_calls", "stop")),
    };

    internal static AnswerShape Mistral { get; } = new()
    {
        Reasoning = ReasoningSpelling.ThinkingChunks, ToolCalls = ToolCallDeltas.Whole, Usage = UsageSpelling.Totals, FinishReasons = Ends(("length", "model_length")),
    };

    internal static AnswerShape DeepSeek { get; } = new() { Reasoning = ReasoningSpelling.ReasoningContent, Usage = UsageSpelling.DeepSeek };

    internal static AnswerShape Groq { get; } = new() { Usage = UsageSpelling.Groq, ToolCalls = ToolCallDeltas.Whole };

    internal static AnswerShape XAI { get; } = new()
    {
        Reasoning = ReasoningSpelling.ReasoningContent, ToolCalls = ToolCallDeltas.Whole, Usage = UsageSpelling.ReasoningApart,
    };

    internal static AnswerShape Perplexity { get; } = new() { Reasoning = ReasoningSpelling.ThinkTags, Usage = UsageSpelling.Totals };

    internal static AnswerShape VLlm { get; } = new() { Reasoning = ReasoningSpelling.ThinkTags, ToolCalls = ToolCallDeltas.PiecesWithoutId };

    internal static AnswerShape Moonshot { get; } = new() { Reasoning = ReasoningSpelling.ReasoningContent, Usage = UsageSpelling.Moonshot };

    internal static AnswerShape ZAI { get; } = new()
    {
        Reasoning = ReasoningSpelling.ReasoningContent, ToolCalls = ToolCallDeltas.Whole, FinishReasons = Ends(("content_filter", "sensitive")),
    };

    internal static AnswerShape OpenRouter { get; } = new() { Reasoning = ReasoningSpelling.ReasoningAndDetails, SignsReasoning = true };

    internal string? FinishReason(string? reason) => reason is not null && FinishReasons.TryGetValue(reason, out var own) ? own : reason;

    private static FrozenDictionary<string, string> Ends(params ReadOnlySpan<(string Reason, string Own)> reasons)
    {
        var ends = new Dictionary<string, string>();
        foreach (var (reason, own) in reasons)
            ends[reason] = own;
        return ends.ToFrozenDictionary();
    }
}
