using System.Globalization;
using MeaiRouter.Pricing;

namespace MeaiRouter.Catalog;

/// <summary>Reads the tiers that LiteLLM writes into its names, such as <c>input_cost_per_token_above_200k_tokens_flex</c>.</summary>
internal static class LiteLlmTiers
{
    private const string Above = "_above_";
    private const string Tokens = "_tokens";
    private const string Batches = "_batches";

    private static readonly string[] ServiceTiers = ["flex", "priority"];

    /// <summary>The overrides of an entry, each able to win over those before it.</summary>
    public static PriceOverrides Read(EntryReader entry, PriceMembers members)
    {
        var tiers = new SortedDictionary<(string Name, int Step), PriceOverride>();
        foreach (var suffix in entry.Members.SelectMany(member => SuffixesOf(member.Name, members)).Distinct().ToList())
        {
            if (TryReadSuffix(suffix, out var name, out var step))
                tiers[(name, step)] = ImportedPrice.ReadOverride(entry, members.WithSuffix(suffix), ConditionsOf(name, step));
        }

        AddUnknown(tiers);
        return [.. tiers.Values];
    }

    private static IEnumerable<string> SuffixesOf(string member, PriceMembers members) =>
        members.All.Where(name => member.Length > name.Length && member.StartsWith(name, StringComparison.Ordinal)).Select(name => member[name.Length..]);

    private static bool TryReadSuffix(string suffix, out string name, out int step)
    {
        (name, step) = ("", 0);
        var rest = suffix.AsSpan();
        if (rest.StartsWith(Above) && rest.IndexOf(Tokens) is var end && end > Above.Length)
        {
            var number = rest[Above.Length..end];
            var isThousands = number[^1] == 'k';
            if (!int.TryParse(isThousands ? number[..^1] : number, NumberStyles.None, CultureInfo.InvariantCulture, out step)
                || step is <= 0 or >= 1_000_000_000 || (isThousands && step >= 1_000_000))
                return false;

            step *= isThousands ? 1_000 : 1;
            rest = rest[(end + Tokens.Length)..];
        }

        name = rest.Length == 0 ? "" : rest[1..].ToString();
        return rest.Length == 0 ? step > 0 : rest.Equals(Batches, StringComparison.Ordinal) || ServiceTiers.Contains(name);
    }

    private static PriceOverride ConditionsOf(string name, int step) => new()
    {
        MinPromptTokens = step == 0 ? null : step,
        ServiceTier = ServiceTiers.Contains(name) ? name : null,
        Batch = name == Batches[1..] ? true : null,
    };

    // A list that charges more for long prompts, and otherwise in a tier, but does not say what both together cost, does not say it.
    private static void AddUnknown(SortedDictionary<(string Name, int Step), PriceOverride> tiers)
    {
        var names = tiers.Keys.Select(tier => tier.Name).Where(name => name.Length > 0).Distinct().ToList();
        var steps = tiers.Keys.Where(tier => tier.Name.Length == 0).Select(tier => tier.Step).ToList();
        foreach (var tier in names.SelectMany(name => steps.Select(step => (name, step))))
            tiers.TryAdd(tier, ConditionsOf(tier.name, tier.step) with { IsUnknown = true });
    }
}
