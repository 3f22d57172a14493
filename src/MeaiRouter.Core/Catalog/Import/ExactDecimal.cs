namespace MeaiRouter.Catalog;

/// <summary>Reads decimal numerals without rounding: what a decimal cannot hold exactly is refused.</summary>
/// <remarks><see cref="decimal.Parse(string)"/> and System.Text.Json round instead, and turn 1e-30 into 0 without a word.</remarks>
internal static class ExactDecimal
{
    // Longer than any price that is meant; keeps a hostile numeral from costing time.
    private const int MaxLength = 64;
    private const int MaxScale = 28;
    private const int MaxExponent = 999;
    private static readonly UInt128 MaxMantissa = (UInt128.One << 96) - 1;

    /// <summary>Reads a numeral as JSON writes numbers, multiplied by ten to the power of <paramref name="shift"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, int shift, out decimal value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > MaxLength)
            return false;

        var negative = text[0] == '-';
        var rest = negative ? text[1..] : text;
        if (!TryCutExponent(ref rest, out var exponent) || !TryReadDigits(rest, out var mantissa, out var scale))
            return false;

        if (mantissa == UInt128.Zero)
            return true;

        scale -= exponent + shift;
        for (; scale < 0; scale++)
        {
            if (mantissa > MaxMantissa / 10)
                return false;
            mantissa *= 10;
        }

        if (scale > MaxScale)
            return false;

        value = new decimal((int)(uint)mantissa, (int)(uint)(mantissa >> 32), (int)(uint)(mantissa >> 64), negative, (byte)scale);
        return true;
    }

    private static bool TryCutExponent(ref ReadOnlySpan<char> text, out int exponent)
    {
        exponent = 0;
        var mark = text.IndexOfAny('e', 'E');
        if (mark < 0)
            return true;

        var digits = text[(mark + 1)..];
        text = text[..mark];
        var negative = digits is ['-', ..];
        if (digits is ['-' or '+', ..])
            digits = digits[1..];
        if (digits.IsEmpty)
            return false;

        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit) || exponent > MaxExponent)
                return false;
            exponent = exponent * 10 + (digit - '0');
        }

        exponent = negative ? -exponent : exponent;
        return true;
    }

    /// <summary>Reads digits with at most one point between them. Zeros at the end go into the scale, where they cost no precision.</summary>
    private static bool TryReadDigits(ReadOnlySpan<char> text, out UInt128 mantissa, out int scale)
    {
        mantissa = UInt128.Zero;
        scale = 0;
        var zeros = 0;
        var inFraction = false;
        if (text.IsEmpty || !char.IsAsciiDigit(text[0]) || !char.IsAsciiDigit(text[^1]))
            return false;

        foreach (var digit in text)
        {
            if (digit == '.' && !inFraction)
            {
                inFraction = true;
                continue;
            }

            if (!char.IsAsciiDigit(digit))
                return false;

            scale += inFraction ? 1 : 0;
            zeros++;
            if (digit == '0')
                continue;

            for (; zeros > 0; zeros--)
            {
                if (mantissa > MaxMantissa / 10)
                    return false;
                mantissa *= 10;
            }

            mantissa += (uint)(digit - '0');
        }

        scale -= zeros;
        return mantissa <= MaxMantissa;
    }
}
