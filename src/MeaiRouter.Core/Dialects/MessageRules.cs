namespace MeaiRouter.Dialects;

/// <summary>What an endpoint demands of the order and the roles of messages.</summary>
public sealed record MessageRules
{
    /// <summary>What most endpoints take.</summary>
    public static MessageRules Default { get; } = new();

    /// <summary>Where messages of the system may stand. Default: <see cref="SystemPlacement.Anywhere"/>.</summary>
    public SystemPlacement System { get; init; }

    /// <summary>Whether the role <c>developer</c> is known; where it is not, such messages are sent as <c>system</c>.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool TakesDeveloper { get; init; }

    /// <summary>Whether user and assistant must take turns; messages of the same role in a row are then sent as one.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool MustAlternate { get; init; }

    /// <summary>Whether the first message after those of the system must be the user's.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool MustBeginWithUser { get; init; }

    /// <summary>Whether a message of the user may follow the result of a tool.</summary>
    /// <value>Default: <see langword="true"/>; Mistral wants the assistant to speak in between.</value>
    public bool UserMayFollowToolResult { get; init; } = true;

    /// <summary>Whether messages without any content are taken.</summary>
    /// <value>Default: <see langword="true"/>; Anthropic refuses empty text.</value>
    public bool TakesEmptyContent { get; init; } = true;

    /// <summary>Whether the name of a message's author is taken.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool TakesAuthorNames { get; init; } = true;

    /// <summary>What becomes of a last message that is the assistant's. Default: <see cref="PrefillForm.AsItIs"/>.</summary>
    public PrefillForm Prefill { get; init; }

    /// <summary>Whether a last message that is the assistant's may end in white space; where not, that is cut off.</summary>
    /// <value>Default: <see langword="true"/>; Anthropic refuses it.</value>
    public bool PrefillMayEndInSpace { get; init; } = true;
}
