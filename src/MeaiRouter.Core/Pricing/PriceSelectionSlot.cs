namespace MeaiRouter.Pricing;

/// <summary>Holds what a price has worked out about itself. All slots are equal, so that equal prices are.</summary>
internal struct PriceSelectionSlot : IEquatable<PriceSelectionSlot>
{
    public volatile PriceSelection? Value;

    public readonly bool Equals(PriceSelectionSlot other) => true;

    public override readonly bool Equals(object? obj) => obj is PriceSelectionSlot;

    public override readonly int GetHashCode() => 0;
}
