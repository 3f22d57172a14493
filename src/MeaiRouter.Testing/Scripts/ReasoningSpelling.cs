namespace MeaiRouter.Testing;

/// <summary>Where a provider sends reasoning text.</summary>
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

    /// <summary>In the content, before the answer, in <c>&lt;think&gt;</c> tags, as models served raw do.</summary>
    ThinkTags,

    /// <summary>In the content, before the answer, in <c>&lt;thought&gt;</c> tags, as Gemini's OpenAI-compatible endpoint does.</summary>
    ThoughtTags,

    /// <summary>In the content, which then is a list of chunks of type <c>thinking</c> and <c>text</c>, as Mistral's magistral does.</summary>
    ThinkingChunks,
}
