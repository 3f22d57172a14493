namespace MeaiRouter.Fallback.Continuation;

/// <summary>A stretch of an answer that is all text or all reasoning.</summary>
/// <param name="IsReasoning">Which of the two.</param>
/// <param name="End">The position after its last character.</param>
internal readonly record struct Run(bool IsReasoning, int End);
