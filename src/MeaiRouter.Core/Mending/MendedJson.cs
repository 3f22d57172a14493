namespace MeaiRouter.Mending;

/// <summary>An object or an array that was found in a text, as valid JSON.</summary>
/// <param name="Text">The JSON, without needless white space.</param>
/// <param name="Flaws">What had to be mended.</param>
/// <param name="IsClosed">
/// Whether the text itself ends the value. If not, its last brackets are missing and everything before them is whole; only who knows that
/// the text was not cut may take it.
/// </param>
/// <param name="Start">Where the value begins in the text.</param>
/// <param name="End">Where it ends.</param>
internal sealed record MendedJson(string Text, JsonFlaws Flaws, bool IsClosed, int Start, int End)
{
    private static readonly (JsonFlaws Flaw, string Words)[] Descriptions =
    [
        (JsonFlaws.Surroundings, "text around it"),
        (JsonFlaws.Commas, "commas"),
        (JsonFlaws.Quotes, "quotes"),
        (JsonFlaws.Keys, "bare names"),
        (JsonFlaws.Brackets, "brackets"),
        (JsonFlaws.Comments, "comments"),
        (JsonFlaws.Words, "words of other languages"),
        (JsonFlaws.Numbers, "numbers"),
        (JsonFlaws.Escapes, "escapes"),
    ];

    /// <summary>The flaws in words, for a note: <c>commas, quotes</c>.</summary>
    public string FlawsInWords => string.Join(", ", Descriptions.Where(one => (Flaws & one.Flaw) != 0).Select(one => one.Words));
}
