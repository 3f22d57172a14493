using MeaiRouter.Costs.Reports;

namespace MeaiRouter.Gateway.Accounts;

/// <summary>What keys have spent: ever, and this UTC day, week (from Monday) and month, as at OpenRouter.</summary>
internal sealed class KeyUsage
{
    private static readonly Spending None = new(0, 0);

    private readonly Dictionary<string, Spending>[] _sums;

    private KeyUsage(Dictionary<string, Spending>[] sums) => _sums = sums;

    /// <summary>Asks the reports, about one key or all.</summary>
    /// <returns>The sums; <see langword="null"/> if there is nobody to ask.</returns>
    public static async Task<KeyUsage?> OfAsync(AccountReports reports, string? key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!reports.AreThere)
            return null;

        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var week = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
        var sums = new List<Dictionary<string, Spending>>();
        foreach (var from in (DateTimeOffset?[])[null, day, week, day.AddDays(1 - day.Day)])
        {
            var query = new UsageQuery { From = from, Key = key, GroupBy = UsageDimensions.Key };
            var report = await reports.AskAsync(ledger => ledger.SummarizeAsync(query, cancellationToken));
            sums.Add(report.Rows.Where(row => row.Key is not null).ToDictionary(
                row => row.Key!, row => new Spending(row.Cost.ToUsd(), row.UpstreamCost.ToUsd()), StringComparer.OrdinalIgnoreCase));
        }

        return new KeyUsage([.. sums]);
    }

    public Spending Ever(string key) => _sums[0].GetValueOrDefault(key, None);

    public Spending Today(string key) => _sums[1].GetValueOrDefault(key, None);

    public Spending ThisWeek(string key) => _sums[2].GetValueOrDefault(key, None);

    public Spending ThisMonth(string key) => _sums[3].GetValueOrDefault(key, None);

    /// <summary>Sums in US dollars.</summary>
    /// <param name="Cost">What the gateway charged.</param>
    /// <param name="Upstream">What providers charged to the caller's own keys, on top.</param>
    internal sealed record Spending(decimal Cost, decimal Upstream);
}
