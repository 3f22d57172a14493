using System.Globalization;
using MeaiRouter.Pricing;

namespace MeaiRouter.Core.Tests.Pricing;

public sealed class NanoUsdTests
{
    [Theory]
    [InlineData("1", 1_000_000_000)]
    [InlineData("0.0000000014", 1)]
    [InlineData("0.0000000015", 2)]
    [InlineData("0.0000000025", 3)]
    [InlineData("-0.0000000015", -2)]
    [InlineData("0.0000000004999", 0)]
    public void Dollars_are_rounded_to_the_nearest_nano_dollar_and_halves_away_from_zero(string usd, long nano) =>
        Assert.Equal(new NanoUsd(nano), NanoUsd.FromUsd(decimal.Parse(usd, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(0, "$0")]
    [InlineData(140_000, "$0.00014")]
    [InlineData(1, "$0.000000001")]
    [InlineData(-1_500_000_000, "-$1.5")]
    [InlineData(1_234_567_890_123, "$1234.567890123")]
    [InlineData(long.MaxValue, "$9223372036.854775807")]
    [InlineData(long.MinValue, "-$9223372036.854775808")]
    public void The_text_has_as_many_digits_as_the_amount(long nano, string text)
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
        try
        {
            Assert.Equal(text, new NanoUsd(nano).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void What_does_not_fit_overflows_instead_of_wrapping()
    {
        var most = new NanoUsd(long.MaxValue);

        Assert.Throws<OverflowException>(() => most + new NanoUsd(1));
        Assert.Throws<OverflowException>(() => new NanoUsd(long.MinValue) - new NanoUsd(1));
        Assert.Throws<OverflowException>(() => NanoUsd.FromUsd(9_223_372_037m));
        Assert.Throws<OverflowException>(() => NanoUsd.FromUsd(decimal.MaxValue));
        Assert.Equal(most, NanoUsd.FromUsd(9_223_372_036.854775807m));
    }

    [Fact]
    public void Amounts_compare_add_and_subtract_exactly()
    {
        var (one, two) = (new NanoUsd(1), new NanoUsd(2));

        Assert.True(one < two && one <= two && two > one && two >= one);
        Assert.True(one.CompareTo(two) < 0);
        Assert.Equal(new NanoUsd(3), NanoUsd.Add(one, two));
        Assert.Equal(new NanoUsd(-1), NanoUsd.Subtract(one, two));
        Assert.Equal(0.000000002m, two.ToUsd());
        Assert.Equal(default, NanoUsd.Zero);
    }
}
