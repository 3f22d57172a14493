using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MeaiRouter.Schemas;

/// <summary>The keyword <c>format</c>, as far as what breaks it certainly cannot be read by whoever asked for it.</summary>
/// <remarks>
/// JSON Schema leaves open whether formats are checked at all. Date and time are taken as <see cref="DateTime"/> reads them in JSON, which
/// is more than RFC 3339 allows: without an offset, for example.
/// </remarks>
internal static class StringFormats
{
    public static bool Fits(string text, string format) => format switch
    {
        "date" => IsDate(text),
        "time" => IsTime(text),
        "date-time" => text.Length > 10 && text[10] is 'T' or 't' or ' ' && IsDate(text.AsSpan(0, 10)) && IsTime(text.AsSpan(11)),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "ipv4" => IPAddress.TryParse(text, out var four) && four.AddressFamily == AddressFamily.InterNetwork && text.Count(c => c == '.') == 3,
        "ipv6" => IPAddress.TryParse(text, out var six) && six.AddressFamily == AddressFamily.InterNetworkV6,
        "email" => text.IndexOf('@') is > 0 and var at && at == text.LastIndexOf('@') && at < text.Length - 1 && !text.Any(char.IsWhiteSpace),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        _ => true,
    };

    private static bool IsDate(ReadOnlySpan<char> text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsTime(ReadOnlySpan<char> text)
    {
        if (text is [.., 'Z' or 'z'])
            text = text[..^1];
        else if (text.Length > 6 && text[^6] is '+' or '-')
            return IsClock(text[^5..]) && IsTime(text[..^6]);

        var point = text.IndexOf('.');
        if (point < 0)
            return IsClock(text);
        var fraction = text[(point + 1)..];
        return IsClock(text[..point]) && fraction.Length > 0 && !fraction.ContainsAnyExceptInRange('0', '9');
    }

    // A leap second is a second.
    private static bool IsClock(ReadOnlySpan<char> text) =>
        text.Length is 5 or 8 && text[2] == ':' && Number(text[..2]) <= 23 && Number(text.Slice(3, 2)) <= 59
        && (text.Length == 5 || (text[5] == ':' && Number(text[6..]) <= 60));

    private static int Number(ReadOnlySpan<char> digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
}
