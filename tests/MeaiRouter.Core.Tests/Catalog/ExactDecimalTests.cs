using System.Globalization;
using System.Numerics;
using MeaiRouter.Catalog;

namespace MeaiRouter.Core.Tests.Catalog;

public sealed class ExactDecimalTests
{
    [Theory]
    [InlineData("0.0000025", 6, "2.5")]
    [InlineData("2.5e-06", 6, "2.5")]
    [InlineData("2.5E-6", 6, "2.5")]
    [InlineData("1e-05", 6, "10")]
    [InlineData("3.625e-09", 6, "0.003625")]
    [InlineData("0.00000000000000000000000001", 6, "0.00000000000000000001")]
    [InlineData("1.00000000000000000000000000000000000", 0, "1")]
    [InlineData("000000000000000000000000000000000000001", 0, "1")]
    [InlineData("1e6", 0, "1000000")]
    [InlineData("1e+2", 0, "100")]
    [InlineData("-0.5", 0, "-0.5")]
    [InlineData("0", 6, "0")]
    [InlineData("0e-999", 6, "0")]
    [InlineData("79228162514264337593543950335", 0, "79228162514264337593543950335")]
    public void A_numeral_is_read_exactly(string text, int shift, string expected)
    {
        Assert.True(ExactDecimal.TryParse(text, shift, out var value));
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1.2.3")]
    [InlineData("1e")]
    [InlineData("1e-")]
    [InlineData("e5")]
    [InlineData("1,5")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("+1")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("٣")]
    [InlineData("1e-400")]
    [InlineData("1e-30")]
    [InlineData("1e400")]
    [InlineData("1e99999999999")]
    [InlineData("79228162514264337593543950336")]
    [InlineData("0.12345678901234567890123456789012345")]
    public void What_is_no_numeral_or_cannot_be_held_exactly_is_refused_and_never_becomes_zero(string text) =>
        Assert.False(ExactDecimal.TryParse(text, 0, out _));

    [Fact]
    public void Whatever_is_accepted_equals_the_numeral_as_a_ratio_of_integers()
    {
        var random = new Random(20261120);
        var accepted = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var whole = Digits(random, 1, 16);
            var fraction = Digits(random, 1, 20);
            var exponent = random.Next(-14, 8);
            var text = $"{whole}.{fraction}e{exponent}";
            if (!ExactDecimal.TryParse(text, 6, out var value))
                continue;

            accepted++;
            var bits = decimal.GetBits(value);
            var mantissa = (new BigInteger((uint)bits[2]) << 64) | (new BigInteger((uint)bits[1]) << 32) | (uint)bits[0];
            var scale = (bits[3] >> 16) & 0xFF;

            // whole.fraction * 10^(exponent + 6) = mantissa / 10^scale, with every power brought to a whole number.
            var left = BigInteger.Parse(whole + fraction, CultureInfo.InvariantCulture) * BigInteger.Pow(10, 40 + exponent + 6 - fraction.Length);
            var right = mantissa * BigInteger.Pow(10, 40 - scale);
            Assert.True(left == right, text);
        }

        Assert.InRange(accepted, 10_000, 20_000);
    }

    private static string Digits(Random random, int least, int most) =>
        string.Concat(Enumerable.Range(0, random.Next(least, most)).Select(_ => random.Next(10).ToString(CultureInfo.InvariantCulture)));
}
