using System.Globalization;

namespace MeaiRouter.Pricing;

/// <summary>A settled amount of money: whole nano-dollars (10⁻⁹ US dollars). Money is never a floating-point number here.</summary>
/// <param name="Value">The amount in nano-dollars.</param>
public readonly record struct NanoUsd(long Value) : IComparable<NanoUsd>
{
    private const decimal PerDollar = 1_000_000_000m;

    /// <summary>No money.</summary>
    public static NanoUsd Zero => default;

    /// <summary>Rounds an amount in US dollars to the nearest nano-dollar, halves away from zero.</summary>
    /// <param name="usd">The amount in US dollars.</param>
    /// <exception cref="OverflowException">The amount exceeds about 9.2 billion dollars.</exception>
    public static NanoUsd FromUsd(decimal usd) => FromFraction(usd * PerDollar);

    /// <summary>The amount in US dollars.</summary>
    public decimal ToUsd() => Value / PerDollar;

    /// <summary>Adds two amounts.</summary>
    /// <exception cref="OverflowException">The sum does not fit.</exception>
    public static NanoUsd operator +(NanoUsd left, NanoUsd right) => new(checked(left.Value + right.Value));

    /// <summary>Subtracts one amount from another.</summary>
    /// <exception cref="OverflowException">The difference does not fit.</exception>
    public static NanoUsd operator -(NanoUsd left, NanoUsd right) => new(checked(left.Value - right.Value));

    /// <summary>Whether <paramref name="left"/> is less than <paramref name="right"/>.</summary>
    public static bool operator <(NanoUsd left, NanoUsd right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> is more than <paramref name="right"/>.</summary>
    public static bool operator >(NanoUsd left, NanoUsd right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> is at most <paramref name="right"/>.</summary>
    public static bool operator <=(NanoUsd left, NanoUsd right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> is at least <paramref name="right"/>.</summary>
    public static bool operator >=(NanoUsd left, NanoUsd right) => left.Value >= right.Value;

    /// <summary>Adds two amounts.</summary>
    public static NanoUsd Add(NanoUsd left, NanoUsd right) => left + right;

    /// <summary>Subtracts one amount from another.</summary>
    public static NanoUsd Subtract(NanoUsd left, NanoUsd right) => left - right;

    /// <inheritdoc/>
    public int CompareTo(NanoUsd other) => Value.CompareTo(other.Value);

    /// <summary>The amount in dollars with as many digits as it has, such as <c>$0.00014</c>.</summary>
    public override string ToString() => Value < 0
        ? "-$" + (-ToUsd()).ToString("0.#########", CultureInfo.InvariantCulture)
        : "$" + ToUsd().ToString("0.#########", CultureInfo.InvariantCulture);

    internal static NanoUsd FromFraction(decimal nanoUsd) => new((long)decimal.Round(nanoUsd, MidpointRounding.AwayFromZero));
}
