using System.Text.Json;
using System.Text.RegularExpressions;

namespace MeaiRouter.Schemas;

/// <summary>What a schema demands of strings. Patterns are kept for one check, in which each may be asked for many times.</summary>
internal sealed class StringRules
{
    private const int LongestPattern = 2_000;

    // Both come from outside; a pattern that needs longer is not judged.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private Dictionary<string, Regex?>? _patterns;

    /// <summary>Whether a string breaks a rule.</summary>
    public Verdict Judge(JsonElement value, JsonElement schema, out string? rule)
    {
        rule = null;
        var (shortest, longest) = (NumberRules.Count(schema, "minLength"), NumberRules.Count(schema, "maxLength"));
        var hasPattern = schema.TryGetProperty("pattern", out var pattern) && pattern.ValueKind == JsonValueKind.String;
        var hasFormat = schema.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.String;
        if (shortest is null && longest is null && !hasPattern && !hasFormat)
            return Verdict.Satisfied;

        var text = value.GetString()!;
        var length = CodePoints(text);
        if (length < shortest)
            rule = $"must have at least {shortest} characters";
        else if (length > longest)
            rule = $"must have at most {longest} characters";
        else if (hasPattern && Matches(text, pattern.GetString()!) == Verdict.Broken)
            rule = "must match the regular expression of 'pattern'";
        else if (hasFormat && !StringFormats.Fits(text, format.GetString()!))
            rule = $"must be in the format '{format.GetString()}'";
        return rule is null ? Verdict.Satisfied : Verdict.Broken;
    }

    /// <summary>Whether a text matches a pattern; unknown where the pattern cannot be read or takes too long.</summary>
    public Verdict Matches(string text, string pattern)
    {
        _patterns ??= [];
        if (!_patterns.TryGetValue(pattern, out var regex))
            _patterns[pattern] = regex = Read(pattern);
        if (regex is null)
            return Verdict.Unknown;

        try
        {
            return regex.IsMatch(text) ? Verdict.Satisfied : Verdict.Broken;
        }
        catch (RegexMatchTimeoutException)
        {
            _patterns[pattern] = null;
            return Verdict.Unknown;
        }
    }

    private static Regex? Read(string pattern)
    {
        if (pattern.Length > LongestPattern)
            return null;

        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Patience);
        }
        catch (ArgumentException)
        {
            // ECMAScript has forms that .NET does not know.
            return null;
        }
        catch (NotSupportedException)
        {
            // Lookarounds and back references.
            return new Regex(pattern, RegexOptions.CultureInvariant, Patience);
        }
    }

    // JSON Schema counts characters as RFC 8259 does, not UTF-16 units.
    private static int CodePoints(string text)
    {
        var count = 0;
        foreach (var c in text)
            count += char.IsLowSurrogate(c) ? 0 : 1;
        return count;
    }
}
