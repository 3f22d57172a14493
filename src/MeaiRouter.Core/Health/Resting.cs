using MeaiRouter.Attempts;

namespace MeaiRouter.Health;

/// <summary>A rest as it is kept: why, and from when until when by the board's clock.</summary>
internal readonly record struct Resting(FailureKind Why, int? Status, long Since, long Until);
