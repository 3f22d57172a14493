namespace MeaiRouter.OpenAI;

/// <summary>In which fields of an assistant's message a provider wants its reasoning back.</summary>
public enum ReasoningSpelling
{
    /// <summary>In those it came in, <c>reasoning_details</c> included.</summary>
    AsItCame,

    /// <summary>As <c>reasoning</c>.</summary>
    Reasoning,

    /// <summary>As <c>reasoning_content</c>.</summary>
    ReasoningContent,

    /// <summary>Not at all: the provider refuses fields it does not know.</summary>
    Omitted,
}
