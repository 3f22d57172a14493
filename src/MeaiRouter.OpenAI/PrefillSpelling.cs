namespace MeaiRouter.OpenAI;

/// <summary>How a request says that the answer is to continue the assistant's last message.</summary>
public enum PrefillSpelling
{
    /// <summary><c>"prefix": true</c> on the message (Mistral, DeepSeek).</summary>
    Prefix,

    /// <summary><c>"partial": true</c> on the message (Moonshot, Alibaba).</summary>
    Partial,

    /// <summary><c>"continue_final_message": true</c> and <c>"add_generation_prompt": false</c> in the request (vLLM).</summary>
    ContinueFinalMessage,
}
