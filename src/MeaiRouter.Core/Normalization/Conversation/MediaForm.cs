namespace MeaiRouter.Normalization.Conversation;

/// <summary>How a medium is given.</summary>
internal enum MediaForm
{
    /// <summary>As data in the request.</summary>
    Inline,

    /// <summary>By an address on the web.</summary>
    Address,

    /// <summary>By the id of a file that was uploaded before.</summary>
    Hosted,
}
