using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using MeaiRouter.Dialects;

namespace MeaiRouter.OpenAI;

/// <summary>The table of known providers.</summary>
public static class KnownProviders
{
    private static readonly RequestSpelling OmitsReasoning = new() { Reasoning = ReasoningSpelling.Omitted };
    private static readonly RequestSpelling WantsReasoning = new() { Reasoning = ReasoningSpelling.Reasoning };
    private static readonly RequestSpelling WantsReasoningContent = new() { Reasoning = ReasoningSpelling.ReasoningContent };

    /// <summary>All known providers.</summary>
    public static IReadOnlyList<KnownProvider> All { get; } =
    [
        Row("openai", "https://api.openai.com/v1", "OPENAI_API_KEY", OmitsReasoning with { MaxCompletionTokens = true }),
        Row("anthropic", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY"),
        Row("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
        Row("gemini", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY", OmitsReasoning),
        Row("deepseek", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY", WantsReasoningContent),
        Row("mistral", "https://api.mistral.ai/v1", "MISTRAL_API_KEY", OmitsReasoning, Mistral()),
        Row("groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY", WantsReasoning),
        Row("xai", "https://api.x.ai/v1", "XAI_API_KEY"),
        Row("together", "https://api.together.xyz/v1", "TOGETHER_API_KEY"),
        Row("fireworks", "https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY"),
        Row("cerebras", "https://api.cerebras.ai/v1", "CEREBRAS_API_KEY"),
        Row("moonshot", "https://api.moonshot.ai/v1", "MOONSHOT_API_KEY", WantsReasoningContent),
        Row("ollama", "http://localhost:11434/v1", null),
    ];

    private static FrozenDictionary<string, KnownProvider> ByName { get; } =
        All.ToFrozenDictionary(static provider => provider.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds a provider.</summary>
    /// <param name="name">Its name; case does not matter.</param>
    /// <param name="provider">The provider.</param>
    public static bool TryGet(string name, [NotNullWhen(true)] out KnownProvider? provider) => ByName.TryGetValue(name, out provider);

    private static KnownProvider Row(
        string name, string baseUrl, string? keyVariable, RequestSpelling? spelling = null, Dialect? dialect = null) =>
        new(name, new Uri(baseUrl), keyVariable, dialect ?? new Dialect(name), spelling ?? RequestSpelling.Default);

    // Mistral: a tool-call id has exactly nine letters or digits.
    private static Dialect Mistral() => new("mistral") { Tools = new() { MaxCallIdLength = 9, FixedCallIds = true } };
}
