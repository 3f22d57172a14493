using MeaiRouter.Costs.Reports;

namespace MeaiRouter.Gateway.Accounts;

/// <summary>What keys have spent: ever, and this UTC day, week (from Monday) and month, as at OpenRouter.</summary>
internal sealed class KeyUsage
{
    private static readonly UsageDimensions ByKey = UsageDimensions.Key;

    private readonly Dictionary<string, decimal>[] _sums;

    private KeyUsage(Dictionary<string, decimal>[] sums) => _sums = sums;

    /// <summary>Asks the reports, about one key or all.</summary>
    /// <returns>The sums; <see langword="null"/> if there is nobody to ask.</returns>
    public static async Task<KeyUsage?> OfAsync(AccountReports reports, string? key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!reports.AreThere)
            return null;

        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var week = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
        var sums = new List<Dictionary<string, decimal>>();
        foreach (var from in (DateTimeOffset?[])[null, day, week, day.AddDays(1 - day.Day)])
        {
            var report = await reports.AskAsync(ledger => ledger.SummarizeAsync(new UsageQuery { From = from, Key = key, GroupBy = ByKey }, cancellationToken));
            sums.Add(report.Rows.Where(row => row.Key is not null).ToDictionary(row => row.Key!, row => row.Cost.ToUsd(), StringComparer.OrdinalIgnoreCase));
        }

        return new KeyUsage([.. sums]);
    }

    public decimal Ever(string key) => _sums[0].GetValueOrDefault(key);

    public decimal Today(string key) => _sums[1].GetValueOrDefault(key);

    public decimal ThisWeek(string key) => _sums[2].GetValueOrDefault(key);

    public decimal ThisMonth(string key) => _sums[3].GetValueOrDefault(key);
}
