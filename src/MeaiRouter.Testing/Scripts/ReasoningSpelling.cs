namespace MeaiRouter.Testing;

/// <summary>The field in which a provider sends reasoning text.</summary>
public enum ReasoningSpelling
{
    /// <summary><c>reasoning</c>, as Groq and others do.</summary>
    Reasoning,

    /// <summary><c>reasoning_content</c>, as DeepSeek does.</summary>
    ReasoningContent,

    /// <summary><c>reasoning_details</c>, OpenRouter's list of typed items.</summary>
    ReasoningDetails,

    /// <summary>Both <c>reasoning</c> and <c>reasoning_details</c> with the same text, as OpenRouter does.</summary>
    ReasoningAndDetails,
}
