namespace MeaiRouter.Normalization.Conversation;

/// <summary>The kinds of media that a dialect has a rule for.</summary>
internal enum MediaKind
{
    Image,
    File,
    Audio,
    Video,
}
