namespace MeaiRouter.Attempts;

/// <summary>A place in a streamed answer where one attempt broke and another went on.</summary>
/// <param name="TextOffset">Characters (UTF-16) of the answer's text before the seam.</param>
/// <param name="ReasoningOffset">Characters (UTF-16) of the answer's reasoning before the seam.</param>
/// <param name="From">The attempt that broke.</param>
/// <param name="To">The attempt that went on.</param>
/// <param name="Way">How it went on.</param>
public sealed record Seam(int TextOffset, int ReasoningOffset, RouteAttempt From, RouteAttempt To, SeamWay Way)
{
    /// <summary>Where and how, without anything of the answer.</summary>
    public override string ToString() =>
        $"seam after {TextOffset} characters of text and {ReasoningOffset} of reasoning, from {From.Provider} to {To.Provider} by {Way.ToString().ToLowerInvariant()}";
}
