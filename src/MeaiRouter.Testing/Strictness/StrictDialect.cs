using System.Collections.Immutable;

namespace MeaiRouter.Testing;

/// <summary>
/// A provider's own rules, which a <see cref="ScriptedProvider"/> can be told to enforce: a request that breaks one is answered as the
/// real provider answers it, and its answers come in the real provider's shape.
/// </summary>
/// <remarks>
/// The rules are written from the providers' documentation and from the errors their users report, each with its source; where the
/// wording is not known, the rule's comment says so. The first rule that is broken decides. A rule of your own is added by
/// <see cref="With"/>, one you disagree with is removed by <see cref="Without"/>.
/// </remarks>
public sealed record StrictDialect
{
    /// <summary>Creates a dialect without rules, whose errors and answers are OpenAI's.</summary>
    /// <param name="name">Its name.</param>
    public StrictDialect(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    /// <summary>The dialect's name, that of the provider where there is only one.</summary>
    public string Name { get; init; }

    /// <summary>The rules, in the order in which they are looked at. Default: none.</summary>
    public ImmutableArray<StrictRule> Rules { get; init; } = [];

    /// <summary>Makes the body of a refusal. Default: OpenAI's <c>{"error":{"message","type","param","code"}}</c>.</summary>
    public Func<RuleViolation, string> ErrorBody { get; init; } = ErrorEnvelopes.OpenAI;

    /// <summary>How answers are spelled that say nothing else. Default: <see cref="AnswerShape.OpenAI"/>.</summary>
    public AnswerShape Answers { get; init; } = AnswerShape.OpenAI;

    /// <summary>OpenAI's chat models, such as gpt-4o.</summary>
    public static StrictDialect OpenAI { get; } = OpenAIRules.Chat;

    /// <summary>OpenAI's reasoning models, such as o3.</summary>
    public static StrictDialect OpenAIReasoning { get; } = OpenAIRules.Reasoning;

    /// <summary>Anthropic's OpenAI-compatible endpoint, with the rules for messages of the API behind it.</summary>
    public static StrictDialect Anthropic { get; } = AnthropicRules.Dialect;

    /// <summary>Google's OpenAI-compatible endpoint, with models before Gemini 3.</summary>
    public static StrictDialect Gemini { get; } = GeminiRules.Dialect;

    /// <summary>Google's OpenAI-compatible endpoint with Gemini 3, which wants its thought signatures back.</summary>
    public static StrictDialect Gemini3 { get; } = GeminiRules.Gemini3;

    /// <summary>Mistral.</summary>
    public static StrictDialect Mistral { get; } = MistralRules.Dialect;

    /// <summary>DeepSeek, which thinks where the model is <c>deepseek-reasoner</c> or the request asks for it.</summary>
    public static StrictDialect DeepSeek { get; } = DeepSeekRules.Dialect;

    /// <summary>Groq.</summary>
    public static StrictDialect Groq { get; } = GroqRules.Dialect;

    /// <summary>xAI's reasoning models, such as grok-4.</summary>
    public static StrictDialect XAI { get; } = XAIRules.Dialect;

    /// <summary>Perplexity's sonar models.</summary>
    public static StrictDialect Perplexity { get; } = PerplexityRules.Dialect;

    /// <summary>Cohere's compatibility API.</summary>
    public static StrictDialect Cohere { get; } = CohereRules.Dialect;

    /// <summary>vLLM, with a chat template that insists on turns.</summary>
    public static StrictDialect VLlm { get; } = ChatTemplateRules.VLlm;

    /// <summary>llama.cpp's server, with a chat template that insists on turns.</summary>
    public static StrictDialect LlamaCpp { get; } = ChatTemplateRules.LlamaCpp;

    /// <summary>Moonshot's thinking models, such as kimi-k2.5.</summary>
    public static StrictDialect Moonshot { get; } = MoonshotRules.Dialect;

    /// <summary>Z.ai's GLM models.</summary>
    public static StrictDialect ZAI { get; } = ZAIRules.Dialect;

    /// <summary>OpenRouter in front of Anthropic's models, whose signed reasoning it checks.</summary>
    public static StrictDialect OpenRouter { get; } = OpenRouterRules.Dialect;

    /// <summary>All dialects there are.</summary>
    public static IReadOnlyList<StrictDialect> All { get; } =
    [
        OpenAI, OpenAIReasoning, Anthropic, Gemini, Gemini3, Mistral, DeepSeek, Groq, XAI, Perplexity, Cohere, VLlm, LlamaCpp, Moonshot, ZAI, OpenRouter,
    ];

    /// <summary>The dialect with one more rule, which is looked at after the others.</summary>
    public StrictDialect With(StrictRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return this with { Rules = Rules.Add(rule) };
    }

    /// <summary>The dialect without the rule of that name.</summary>
    /// <exception cref="ArgumentException">The dialect has no such rule.</exception>
    public StrictDialect Without(string rule)
    {
        var left = Rules.RemoveAll(r => r.Name == rule);
        return left.Length < Rules.Length
            ? this with { Rules = left }
            : throw new ArgumentException($"The dialect '{Name}' has no rule '{rule}'. It has: {string.Join(", ", Rules)}.", nameof(rule));
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal StrictRefusal? Judge(StrictRequest request)
    {
        foreach (var rule in Rules)
        {
            if (rule.Check(request) is { } violation)
                return new StrictRefusal(rule.Name, violation.Status, violation.Message, ErrorBody(violation));
        }

        return null;
    }
}
