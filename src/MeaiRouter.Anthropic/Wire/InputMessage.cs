namespace MeaiRouter.Anthropic.Wire;

/// <summary>One turn of the conversation.</summary>
internal sealed class InputMessage
{
    public string? Role { get; set; }

    public BlockList? Content { get; set; }
}
