using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace MeaiRouter.Pricing;

/// <summary>The prices that one price list makes with its overrides, each worked out once.</summary>
internal sealed class PriceSelection(Price list)
{
    private const int FingerprintBytes = 6;

    private readonly ConcurrentDictionary<ulong, Price?> _prices = new();
    private string? _fingerprint;

    /// <summary>A short name of the numbers.</summary>
    public string Fingerprint => _fingerprint ??=
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list.ToCanonicalText())).AsSpan(0, FingerprintBytes));

    public bool IsOf(Price price) => ReferenceEquals(list, price);

    public Price? For(in PriceConditions conditions)
    {
        var (applying, hasTier, hasBatch) = (0ul, false, false);
        for (var i = 0; i < list.Overrides.Count; i++)
        {
            var change = list.Overrides[i];
            if (!change.AppliesTo(conditions))
                continue;

            applying |= 1ul << i;
            hasTier |= change.ServiceTier is not null;
            hasBatch |= change.Batch == true;
        }

        if ((conditions.HasTierOfOwnPrice && !hasTier) || (conditions.IsBatch && !hasBatch))
            return null;
        return applying == 0 ? list : _prices.GetOrAdd(applying, static (bits, list) => Make(list, bits), list);
    }

    private static Price? Make(Price list, ulong applying)
    {
        var price = list with { Overrides = PriceOverrides.None, Version = list.Version };
        var applied = new List<string>();
        for (var i = 0; i < list.Overrides.Count; i++)
        {
            if ((applying & (1ul << i)) == 0)
                continue;

            var change = list.Overrides[i];
            if (change.IsUnknown)
                return null;
            price = change.ApplyTo(price);
            applied.Add(change.ToString());
        }

        return price with { Applied = string.Join("; ", applied) };
    }
}
