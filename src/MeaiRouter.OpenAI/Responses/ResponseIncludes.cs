namespace MeaiRouter.OpenAI.Responses;

/// <summary>What <c>include</c> may hold.</summary>
internal static class ResponseIncludes
{
    public const string EncryptedReasoning = "reasoning.encrypted_content";
    public const string Logprobs = "message.output_text.logprobs";
}
