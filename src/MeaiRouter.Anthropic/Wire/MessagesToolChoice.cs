namespace MeaiRouter.Anthropic.Wire;

/// <summary>Whether the model may, must or must not call a tool: <c>auto</c>, <c>any</c>, <c>tool</c> or <c>none</c>.</summary>
internal sealed class MessagesToolChoice
{
    public string? Type { get; set; }

    public string? Name { get; set; }

    public bool? DisableParallelToolUse { get; set; }
}
