namespace MeaiRouter.Fallback;

/// <summary>Where a request turns next.</summary>
/// <param name="Kind">What is new about it.</param>
/// <param name="Index">Which of the alternatives is tried.</param>
/// <param name="Wait">How long to wait first.</param>
internal readonly record struct NextMove(MoveKind Kind, int Index, TimeSpan Wait = default);
