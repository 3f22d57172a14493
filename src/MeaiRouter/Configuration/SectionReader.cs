using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Configuration;

/// <summary>Reads one section of the configuration, key by key, and notes what is wrong with it instead of stopping.</summary>
/// <remarks>
/// <para>A setting that is absent, null, empty or blank reads as <see langword="null"/>: JSON's null and an emptied environment variable mean "not set".</para>
/// <para>The keys that were asked for are the known ones; <see cref="ReportUnknownKeys"/> names all others.</para>
/// </remarks>
internal sealed class SectionReader(IConfigurationSection section, ConfigurationErrors errors)
{
    // Days are left out on purpose: TimeSpan by itself reads "10" as ten days and "24:00:00" as twenty-four.
    private static readonly string[] DurationFormats = [@"h\:mm\:ss", @"h\:mm\:ss\.FFFFFFF"];

    private static readonly string[] MomentFormats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    // OpenRouter writes times of the day without a colon.
    private static readonly string[] TimeFormats = ["HH:mm", "HHmm", "HH:mm:ss"];

    private readonly List<string> _known = [];
    private readonly List<string> _tolerated = [];
    private readonly List<SectionReader> _nested = [];

    private delegate bool TryParse<T>(string text, out T value);

    /// <summary>The section's own key: the name of an entry, or its place in a list.</summary>
    public string Key => section.Key;

    /// <summary>The section's full path.</summary>
    public string Path => section.Path;

    /// <summary>What to add to the complaint about an unknown key that is a section.</summary>
    public string HintAboutUnknownSections { get; set; } = "";

    /// <summary>The full path of one of the section's settings.</summary>
    public string PathOf(string key) => section.GetSection(key).Path;

    /// <summary>Notes an error in one of the section's settings.</summary>
    public void Refuse(string key, string because) => errors.Add(PathOf(key), because);

    /// <summary>Notes an error in the section as a whole.</summary>
    public void Refuse(string because) => errors.Add(section.Path, because);

    /// <summary>Whether anything at all is set under a key.</summary>
    public bool Has(string key)
    {
        var setting = Setting(key);
        return !string.IsNullOrWhiteSpace(setting.Value) || setting.GetChildren().Any();
    }

    /// <summary>Whether a section stands under a key, rather than a value or nothing.</summary>
    public bool IsSection(string key) => Setting(key).GetChildren().Any();

    public string? Text(string key)
    {
        var setting = Setting(key);
        if (!setting.GetChildren().Any())
            return string.IsNullOrWhiteSpace(setting.Value) ? null : setting.Value.Trim();

        Refuse(key, "must be a single value, not a section.");
        return null;
    }

    public string? RequiredText(string key)
    {
        if (!Has(key))
            Refuse(key, "is missing.");

        return Text(key);
    }

    public bool? Flag(string key) => Parse<bool>(key, "true or false", bool.TryParse);

    public int? Number(string key, int minimum) => Parse(
        key,
        $"a whole number of at least {minimum}",
        (string text, out int value) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value) && value >= minimum);

    public double? Real(string key, double minimum, double maximum) => Parse(
        key,
        maximum == double.MaxValue ? $"a number of at least {minimum}" : $"a number from {minimum} to {maximum}",
        (string text, out double value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= minimum && value <= maximum);

    /// <summary>One of the names of an enumeration, without regard to case.</summary>
    public T? Choice<T>(string key)
        where T : struct, Enum => Parse(
            key,
            $"one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}",
            static (string text, out T value) => Enum.TryParse(text, ignoreCase: true, out value) && Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase));

    /// <summary>One of some names of an enumeration, without regard to case.</summary>
    public T? Choice<T>(string key, params T[] allowed)
        where T : struct, Enum => Parse(
            key,
            $"one of {string.Join(", ", allowed).ToLowerInvariant()}",
            (string text, out T value) => Enum.TryParse(text, ignoreCase: true, out value) && allowed.Contains(value) && Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase));

    // The upper limit keeps the cost of any answer within what a ledger can hold.
    public decimal? Dollars(string key) => Parse(
        key,
        "an amount of US dollars from 0 to 1000000, such as 0.5",
        static (string text, out decimal value) =>
            decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value is >= 0 and <= 1_000_000);

    public decimal? Factor(string key) => Parse(
        key,
        "a factor of more than 0 and at most 100, such as 0.9 for a discount of 10 %",
        static (string text, out decimal value) =>
            decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value is > 0 and <= 100);

    /// <summary>A moment; without an offset it is in UTC, and a day alone begins at midnight.</summary>
    public DateTimeOffset? Moment(string key) => Parse(
        key,
        "a day or a moment, such as 2026-12-01 or 2026-12-01T08:00:00Z",
        static (string text, out DateTimeOffset value) => DateTimeOffset.TryParseExact(
            text, MomentFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value));

    public TimeOnly? TimeOfDay(string key) => Parse(
        key,
        "a time of the day from 00:00 to 23:59, such as 16:30",
        static (string text, out TimeOnly value) => TimeOnly.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out value));

    public TimeSpan? Duration(string key) => Parse(
        key,
        "a duration of more than zero and less than a day, such as 00:00:10 (hours:minutes:seconds)",
        static (string text, out TimeSpan value) =>
            TimeSpan.TryParseExact(text, DurationFormats, CultureInfo.InvariantCulture, out value) && value > TimeSpan.Zero);

    public TimeSpan? DurationOrZero(string key) => Parse(
        key,
        "a duration of less than a day, such as 00:00:10 (hours:minutes:seconds), or 00:00:00 for none",
        static (string text, out TimeSpan value) =>
            TimeSpan.TryParseExact(text, DurationFormats, CultureInfo.InvariantCulture, out value) && value >= TimeSpan.Zero);

    /// <summary>A day, or a moment of one; without an offset in UTC.</summary>
    public DateTimeOffset? Date(string key) => Parse(
        key,
        "a date, such as 2026-03-31",
        static (string text, out DateTimeOffset value) =>
            DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value));

    public Uri? HttpAddress(string key)
    {
        var text = Text(key);
        if (text is null)
            return null;

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            return address;

        // The address itself stays out of the message: it may carry a password.
        Refuse(key, "must be an absolute http or https address, such as https://api.example.com/v1.");
        return null;
    }

    public IReadOnlyList<string>? Texts(string key)
    {
        var items = Children(key, "a list");
        if (items.Count == 0)
            return null;

        if (items.Exists(static item => !IsIndex(item.Key) || item.GetChildren().Any()))
        {
            Refuse(key, "must be a list of single values.");
            return null;
        }

        foreach (var item in items.Where(static item => string.IsNullOrWhiteSpace(item.Value)))
            errors.Add(item.Path, "must not be empty.");

        return [.. items.Where(static item => !string.IsNullOrWhiteSpace(item.Value)).Select(static item => item.Value!.Trim())];
    }

    /// <summary>A list of words of which only some have a meaning.</summary>
    public IReadOnlyList<string>? Words(string key, IReadOnlyCollection<string> known)
    {
        var words = Texts(key);
        foreach (var word in words?.Where(word => !known.Contains(word)) ?? [])
            Refuse(key, $"'{word}' is unknown.{Suggestion.For(word, known)}");

        return words;
    }

    /// <summary>Names and their values, both free to choose.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> NamedTexts(string key)
    {
        var texts = new List<KeyValuePair<string, string>>();
        foreach (var item in Children(key, "a section of names and values"))
        {
            if (item.GetChildren().Any())
                errors.Add(item.Path, "must be a single value, not a section.");
            else if (!string.IsNullOrWhiteSpace(item.Value))
                texts.Add(new(item.Key, item.Value.Trim()));
        }

        return texts;
    }

    /// <summary>The section under a key; <see langword="null"/> if it is absent or empty.</summary>
    public SectionReader? Section(string key) => Children(key, "a section").Count == 0 ? null : Nest(section.GetSection(key));

    /// <summary>The sections under a key, whether they are named or listed.</summary>
    public IReadOnlyList<SectionReader> Sections(string key)
    {
        var readers = new List<SectionReader>();
        foreach (var item in Children(key, "a section of sections"))
        {
            if (string.IsNullOrWhiteSpace(item.Value))
                readers.Add(Nest(item));
            else
                errors.Add(item.Path, "must be a section, not a single value.");
        }

        return readers;
    }

    /// <summary>Leaves a key to somebody else.</summary>
    public void Ignore(string key)
    {
        if (!IsKnown(key))
            _known.Add(key);
    }

    /// <summary>Lets a key be that means nothing here, and that nobody is to be pointed to.</summary>
    public void Tolerate(string key) => _tolerated.Add(key);

    /// <summary>Refuses keys of the configuration that this version does not act on: a setting that silently does nothing is worse than none.</summary>
    public void RefuseUnsupported(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            if (Has(key))
                Refuse(key, "is not supported by this version and would have no effect.");
    }

    /// <summary>Notes every key, here and in the sections read from here, that nobody asked for.</summary>
    public void ReportUnknownKeys()
    {
        foreach (var child in section.GetChildren().Where(child => !IsKnown(child.Key) && !_tolerated.Contains(child.Key)))
        {
            var hint = child.GetChildren().Any() ? HintAboutUnknownSections : "";
            errors.Add(child.Path, $"'{child.Key}' is not a setting.{Suggestion.For(child.Key, _known)}{hint}");
        }

        foreach (var reader in _nested)
            reader.ReportUnknownKeys();
    }

    /// <summary>Every key that was asked for, here and in the sections read from here, with the path of its section.</summary>
    public IEnumerable<(string Path, string Key)> KnownKeys() =>
        _known.Concat(_tolerated).Select(key => (section.Path, key)).Concat(_nested.SelectMany(static reader => reader.KnownKeys()));

    private bool IsKnown(string key) => _known.Contains(key, StringComparer.OrdinalIgnoreCase);

    private static bool IsIndex(string key) => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private IConfigurationSection Setting(string key)
    {
        Ignore(key);
        return section.GetSection(key);
    }

    private SectionReader Nest(IConfigurationSection inner)
    {
        var reader = new SectionReader(inner, errors);
        _nested.Add(reader);
        return reader;
    }

    private List<IConfigurationSection> Children(string key, string kind)
    {
        var setting = Setting(key);
        var children = setting.GetChildren().ToList();
        if (children.Count == 0 && !string.IsNullOrWhiteSpace(setting.Value))
            Refuse(key, $"must be {kind}, not a single value.");
        if (children.RemoveAll(static child => string.IsNullOrWhiteSpace(child.Key)) > 0)
            Refuse(key, "must not hold an empty key.");

        return children;
    }

    private T? Parse<T>(string key, string kind, TryParse<T> tryParse)
        where T : struct
    {
        var text = Text(key);
        if (text is null)
            return null;

        if (tryParse(text, out var value))
            return value;

        Refuse(key, $"'{text}' is not {kind}.");
        return null;
    }
}
