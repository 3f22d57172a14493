using System.Collections;
using System.Runtime.CompilerServices;

namespace MeaiRouter.Pricing;

/// <summary>The overrides of a price, in order. Two are equal if their overrides are.</summary>
[CollectionBuilder(typeof(PriceOverrides), nameof(Create))]
public sealed class PriceOverrides : IReadOnlyList<PriceOverride>, IEquatable<PriceOverrides>
{
    /// <summary>How many overrides a price may have.</summary>
    public const int Most = 64;

    private readonly PriceOverride[] _overrides;

    private PriceOverrides(PriceOverride[] overrides) => _overrides = overrides;

    /// <summary>No overrides.</summary>
    public static PriceOverrides None { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _overrides.Length;

    /// <inheritdoc/>
    public PriceOverride this[int index] => _overrides[index];

    /// <summary>Makes a list of overrides; a later one wins over an earlier one, price by price.</summary>
    /// <param name="overrides">The overrides.</param>
    /// <exception cref="ArgumentException">There are more than <see cref="Most"/>.</exception>
    public static PriceOverrides Create(ReadOnlySpan<PriceOverride> overrides)
    {
        if (overrides.Length > Most)
            throw new ArgumentException($"A price has {overrides.Length} overrides; it may have {Most}.", nameof(overrides));
        return overrides.IsEmpty ? None : new PriceOverrides(overrides.ToArray());
    }

    /// <inheritdoc/>
    public bool Equals(PriceOverrides? other) => other is not null && _overrides.AsSpan().SequenceEqual(other._overrides);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PriceOverrides);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var change in _overrides)
            hash.Add(change);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<PriceOverride> GetEnumerator() => ((IEnumerable<PriceOverride>)_overrides).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Each override's conditions.</summary>
    public override string ToString() => string.Join("; ", (object[])_overrides);
}
