using System.Text.Json.Nodes;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Requests;

/// <summary>A budget of tokens for reasoning, by OpenRouter's rule: a share of the answer, within the endpoint's limits, below the output limit.</summary>
internal static class ReasoningBudget
{
    // The longest answer where neither request nor catalogue says; what BudgetOptions assumes as well.
    private const int AssumedOutput = 32_768;

    /// <summary>The answer of which an effort is a share: as long as the request allows, or the endpoint.</summary>
    public static long OutputFor(ChatOptions options, in RequestTarget target) => LimitOf(options) ?? target.MaxOutputTokens ?? AssumedOutput;

    /// <summary>The budget for a request that asks to reason; where it must fit below the output limit, that limit may change.</summary>
    /// <exception cref="Attempts.RouterException">No budget fits.</exception>
    public static int Of(in ReasoningWish wish, ref OptionsDraft draft, in RequestTarget target)
    {
        var rules = target.Dialect.Reasoning;
        var asked = wish.Budget ?? (long)(OutputFor(draft.Current, target) * ReasoningEfforts.ShareOf(wish.Effort ?? ReasoningEfforts.Medium));
        var budget = (int)Math.Clamp(asked, rules.MinBudget, rules.MaxBudget);
        if (rules.BudgetIsWithinOutput)
            budget = Fit(budget, ref draft, target);

        if (wish.Budget is null)
            target.Tell($"{(wish.Effort is { } effort ? $"The reasoning effort '{effort}'" : "Reasoning")} was sent as a budget of {budget} tokens.");
        else if (budget != asked)
            target.Adapt(
                $"The reasoning budget of {asked} tokens is not within the endpoint's limits ({rules.MinBudget} to {rules.MaxBudget}"
                + (rules.BudgetIsWithinOutput ? ", below the output limit)" : ")"),
                $"{budget} was sent", $"send {budget}");
        else if (wish.Effort is not null)
            target.Tell($"The reasoning effort '{wish.Effort}' was left out beside the budget of {budget} tokens.");
        return budget;
    }

    private static int Fit(int budget, ref OptionsDraft draft, in RequestTarget target)
    {
        var least = target.Dialect.Reasoning.MinBudget;
        var limit = LimitOf(draft.Current);
        if (limit is null)
        {
            // An endpoint's own default may be smaller than the budget.
            limit = target.MaxOutputTokens ?? Math.Max(AssumedOutput, budget + least);
            target.Tell($"The output limit was set to {limit} tokens: the endpoint wants one that is larger than the reasoning budget.");
            SetLimit(limit.Value, ref draft);
        }

        if (budget < limit)
            return budget;

        // A higher output limit costs more than the caller allowed, a smaller budget does not.
        if ((int)(limit.Value * ReasoningEfforts.MaxShare) is var lowered && lowered >= least)
            return lowered;

        var raised = Math.Min(limit.Value + least, target.MaxOutputTokens ?? long.MaxValue);
        if (raised <= least)
            throw target.Unsupported(
                $"The smallest reasoning budget is {least} tokens, and the endpoint's answers have at most {raised}", "send the request without `reasoning`");
        target.Adapt(
            $"The output limit of {limit} tokens leaves no room for the smallest reasoning budget, {least}", $"{raised} was sent as the limit",
            $"send an output limit of more than {least}, or no `reasoning`");
        SetLimit(raised, ref draft);
        return least;
    }

    private static long? LimitOf(ChatOptions options)
    {
        var limit = RequestParameters.OutputLimit;
        foreach (var field in limit.Fields)
        {
            if (ExtraBody.Find(options, field) is JsonValue value && long.TryParse(value.ToJsonString(), out var sent))
                return sent;
        }

        return options.MaxOutputTokens;
    }

    private static void SetLimit(long limit, ref OptionsDraft draft)
    {
        foreach (var field in RequestParameters.OutputLimit.Fields)
            draft.RemoveExtra(field);
        draft.Change().MaxOutputTokens = (int)Math.Min(limit, int.MaxValue);
    }
}
