using System.Globalization;
using System.Text;
using MeaiRouter.Attempts;

namespace MeaiRouter.Budgets;

/// <summary>Says a refusal as sentences: whose budget, how much room there was, and what would fit.</summary>
internal static class RefusalText
{
    public static string Of(BudgetRefusal refusal)
    {
        var text = new StringBuilder();
        _ = refusal.Measure switch
        {
            BudgetMeasure.Usd => text.Append(CultureInfo.InvariantCulture,
                $"The {refusal.Window} budget {refusal.Scope} has no room: of {Usd(refusal.Limit)}, {Usd(refusal.Spent)} is spent and {Usd(refusal.Reserved)} reserved, and the call could cost {Usd(refusal.Needed ?? 0)}."),
            BudgetMeasure.RequestsPerMinute => text.Append(CultureInfo.InvariantCulture,
                $"The budget {refusal.Scope} allows {Plural(refusal.Limit, "request")} per minute, and {refusal.Spent:0} began in the last one."),
            BudgetMeasure.TokensPerMinute => text.Append(CultureInfo.InvariantCulture,
                $"The budget {refusal.Scope} allows {Plural(refusal.Limit, "token")} per minute: {refusal.Spent:0} were used in the last one, {refusal.Reserved:0} are reserved, and the call could use {refusal.Needed:0}."),
            BudgetMeasure.Concurrency => text.Append(CultureInfo.InvariantCulture,
                $"The budget {refusal.Scope} allows {Plural(refusal.Limit, "request")} at the same time, and {refusal.Reserved:0} have not ended."),
            _ => text.Append(CultureInfo.InvariantCulture,
                $"The budget {refusal.Scope} would need one more account than the {refusal.Limit:0} its store keeps. Raise its capacity, or give budgets for each user or session a window that ends."),
        };

        if (refusal.ResetsAt is { } resets)
            text.Append(CultureInfo.InvariantCulture, $" Room returns at {resets.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.");
        if (refusal.FittingOutputTokens is { } fitting)
            text.Append(CultureInfo.InvariantCulture, $" With max_tokens of at most {fitting} it would fit.");
        return text.ToString();
    }

    private static string Usd(decimal amount) => amount < 0
        ? "-$" + (-amount).ToString("0.#########", CultureInfo.InvariantCulture)
        : "$" + amount.ToString("0.#########", CultureInfo.InvariantCulture);

    private static string Plural(decimal count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count:0} {noun}{(count == 1 ? "" : "s")}");
}
