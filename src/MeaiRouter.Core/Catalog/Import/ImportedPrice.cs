using System.Text.Json;
using MeaiRouter.Pricing;

namespace MeaiRouter.Catalog;

/// <summary>Reads prices per token, exactly. What cannot be read is an error of its entry: never a price of zero, never a guess.</summary>
internal static class ImportedPrice
{
    // Per token to per million tokens.
    private const int Million = 6;

    // The dearest list prices stand at hundreds of dollars per million tokens. Ten thousand means the file has another unit.
    private const decimal Implausible = 10_000m;

    /// <summary>The price of an entry; <see langword="null"/> if it has none, or a wrong one, which breaks the entry.</summary>
    public static Price? Read(EntryReader entry, PriceMembers members)
    {
        var prompt = PerMillion(entry, members.Prompt);
        var completion = PerMillion(entry, members.Completion);
        var price = new Price
        {
            Prompt = prompt ?? 0,
            Completion = completion ?? 0,
            CacheRead = Bucket(entry, members.CacheRead),
            CacheWrite = Bucket(entry, members.CacheWrite),
            CacheWrite1h = Bucket(entry, members.CacheWrite1h),
            Reasoning = Bucket(entry, members.Reasoning),
            AudioInput = Bucket(entry, members.AudioInput),
            AudioOutput = Bucket(entry, members.AudioOutput),
            ImageInput = Bucket(entry, members.ImageInput),
            ImageOutput = Bucket(entry, members.ImageOutput),
            Request = Amount(entry, members.Request, shift: 0) ?? 0,
            WebSearch = Amount(entry, members.WebSearch, shift: 0) ?? 0,
        };

        if (entry.IsBroken)
            return null;

        if (prompt is null && completion is null)
        {
            entry.Note("", "has no price per token. The endpoint is unpriced.");
            return null;
        }

        if (prompt is null || completion is null)
        {
            entry.Refuse(prompt is null ? members.Prompt : members.Completion, "is missing. A price per token has both an input and an output side.");
            return null;
        }

        NoteFree(entry, members.Prompt, prompt);
        NoteFree(entry, members.Completion, completion);
        return price;
    }

    /// <summary>The prices of an override. One that is wrong breaks the entry.</summary>
    public static PriceOverride ReadOverride(EntryReader entry, PriceMembers members, PriceOverride conditions) => conditions with
    {
        Prompt = PerMillion(entry, members.Prompt),
        Completion = PerMillion(entry, members.Completion),
        CacheRead = Bucket(entry, members.CacheRead),
        CacheWrite = Bucket(entry, members.CacheWrite),
        CacheWrite1h = Bucket(entry, members.CacheWrite1h),
        Reasoning = Bucket(entry, members.Reasoning),
        AudioInput = Bucket(entry, members.AudioInput),
        AudioOutput = Bucket(entry, members.AudioOutput),
        ImageInput = Bucket(entry, members.ImageInput),
        ImageOutput = Bucket(entry, members.ImageOutput),
        Request = Amount(entry, members.Request, shift: 0),
        WebSearch = Amount(entry, members.WebSearch, shift: 0),
    };

    private static void NoteFree(EntryReader entry, string member, decimal? price)
    {
        if (price == 0)
            entry.Note(member, "is 0. These tokens are taken to be free.");
    }

    // Lists write 0 for "no price of its own" (OpenRouter's internal_reasoning): read literally it would give reasoning away.
    private static decimal? Bucket(EntryReader entry, string member) => PerMillion(entry, member) is { } price and not 0 ? price : null;

    private static decimal? PerMillion(EntryReader entry, string member) => Amount(entry, member, Million);

    private static decimal? Amount(EntryReader entry, string? member, int shift)
    {
        if (member is null || !entry.TryGet(member, out var value))
            return null;

        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString(),
            _ => null,
        };

        if (!ExactDecimal.TryParse(text, shift, out var amount))
            entry.Refuse(member, "is not a decimal number that can be held exactly.");
        else if (amount < 0)
            entry.Refuse(member, "is negative.");
        else if (amount >= Implausible)
            entry.Refuse(member, "is implausibly high. The unit is US dollars per token.");
        else
            return amount;

        return null;
    }
}
