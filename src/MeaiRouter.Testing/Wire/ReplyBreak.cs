namespace MeaiRouter.Testing;

/// <summary>Where and how a reply goes wrong.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="After">After how many pieces of content.</param>
/// <param name="Error">For <see cref="BreakKind.Error"/>, what is reported.</param>
internal sealed record ReplyBreak(BreakKind Kind, int After, Func<ReceivedRequest, WireError>? Error);

internal enum BreakKind
{
    Cut,
    Reset,
    Stall,
    End,
    Malformed,
    Error,
}
