using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Refusals, which Microsoft.Extensions.AI expresses as an error with a code of its own.</summary>
internal static class Refusals
{
    private const string Code = "Refusal";

    public static ErrorContent Read(string refusal) => new(refusal) { ErrorCode = Code };

    public static bool IsRefusal(ErrorContent error) => error.ErrorCode == Code;
}
