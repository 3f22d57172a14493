using System.Text.Json.Nodes;
using MeaiRouter.Dialects;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Requests;

/// <summary>Says what a request wants of reasoning in the one form the endpoint is controlled by.</summary>
/// <remarks>
/// Handed on in one spelling: the effort in the options where their enumeration has the word, everything else as members of
/// <c>reasoning</c> in the extra body; to leave the reasoning out of the answer is left to whoever reads it, as <see cref="ReasoningOutput.None"/>.
/// </remarks>
internal static class ReasoningAdaptation
{
    /// <returns>Whether the model is asked to reason.</returns>
    /// <exception cref="Attempts.RouterException">The wish contradicts itself, or the endpoint cannot fulfil it.</exception>
    public static bool Apply(ref OptionsDraft draft, in RequestTarget target)
    {
        if (draft.Current.Reasoning is null && !ExtraBody.IsPresent(draft.Current))
            return false;

        var wish = ReasoningWish.Of(draft.Current);
        var form = wish.IsSaid ? FormOf(wish, ref draft, target) : default;
        Write(form, wish, ref draft, target);
        return form.IsOn;
    }

    private static ReasoningForm FormOf(in ReasoningWish wish, ref OptionsDraft draft, in RequestTarget target)
    {
        var rules = target.Dialect.Reasoning;
        if (wish.IsOff && rules.IsMandatory)
            throw target.Unsupported("The request asks the model not to reason, but it always does", "ask for a low effort, or for another model");

        var control = target.Rules.Reasoning;
        if (control == ReasoningControl.None)
        {
            target.Adapt(
                $"The request steers the model's reasoning, which {target.Rules.SourceOf(RequestParameters.Reasoning)} does not take",
                "it was left out", "send the request without `reasoning`");
            return default;
        }

        if (!wish.IsOff && !wish.IsOn)
            return default;
        return control switch
        {
            ReasoningControl.Switch => Switch(wish, target),
            ReasoningControl.Effort => new ReasoningForm { Effort = EffortOf(wish, draft, target) },
            _ when wish.IsOff => Off(control, rules),
            ReasoningControl.EffortOrBudget when wish.Budget is null => new ReasoningForm { Effort = EffortOf(wish, draft, target) },
            _ => new ReasoningForm { Budget = ReasoningBudget.Of(wish, ref draft, target) },
        };
    }

    private static ReasoningForm Switch(in ReasoningWish wish, in RequestTarget target)
    {
        if (wish.IsOn && Said(wish) is { } said)
            target.Adapt($"The request asks for {said}, but reasoning is only on or off at the endpoint", "it was switched on", "send `reasoning.enabled`");
        return new ReasoningForm { Enabled = wish.IsOn };
    }

    private static ReasoningForm Off(ReasoningControl control, ReasoningRules rules) =>
        control == ReasoningControl.EffortOrBudget && rules.Efforts.Contains(ReasoningEfforts.None)
            ? new ReasoningForm { Effort = ReasoningEfforts.None }
            : new ReasoningForm { Enabled = false };

    private static string? EffortOf(in ReasoningWish wish, in OptionsDraft draft, in RequestTarget target)
    {
        var supported = target.Dialect.Reasoning.Efforts;
        if (wish.IsOn && wish.Budget is { } budget)
        {
            // The word says what the caller meant, the number needs translating.
            var effort = wish.Effort is { } word
                ? ReasoningEfforts.Nearest(word, supported)
                : ReasoningEfforts.Nearest((double)budget / ReasoningBudget.OutputFor(draft.Current, target), supported);
            target.Tell($"The reasoning budget of {budget} tokens was sent as the effort '{effort}'.");
            return effort;
        }

        var asked = wish.IsOff ? ReasoningEfforts.None : wish.Effort ?? ReasoningEfforts.Medium;
        if (wish.Effort == asked && supported.Contains(asked))
            return asked;

        var nearest = ReasoningEfforts.Nearest(asked, supported);
        if (wish.Effort is null && wish.IsOn)
            target.Tell($"Reasoning was switched on by the effort '{nearest}'.");
        else if (nearest != asked)
            target.Adapt(
                $"The request asks for the reasoning effort '{asked}', and the endpoint knows only {string.Join(", ", supported.Select(static word => $"'{word}'"))}",
                nearest is null ? "it was left out" : $"'{nearest}' was sent", "ask for one of them");
        return nearest;
    }

    private static string? Said(in ReasoningWish wish) => wish switch
    {
        { Effort: { } effort } => $"the reasoning effort '{effort}'",
        { Budget: { } budget } => $"a reasoning budget of {budget} tokens",
        _ => null,
    };

    private static void Write(in ReasoningForm form, in ReasoningWish wish, ref OptionsDraft draft, in RequestTarget target)
    {
        var effort = ReasoningEfforts.EffortOf(form.Effort);
        var given = draft.Current.Reasoning;
        var output = wish.IsExcluded ? ReasoningOutput.None : given?.Output;
        // An effort that is new to Microsoft.Extensions.AI is not ours to take away.
        if (given?.Effort is { } unknown && ReasoningEfforts.WordOf(unknown) is null)
            effort ??= unknown;
        if (given?.Effort != effort || given?.Output != output)
            draft.Change().Reasoning = effort is null && output is null ? null : new ReasoningOptions { Effort = effort, Output = output };

        draft.RemoveExtra(RequestParameters.ReasoningEffort);
        draft.RemoveExtra(RequestParameters.IncludeReasoning);
        if (wish.IsExcluded && given?.Output != ReasoningOutput.None)
            target.Tell("The wish for an answer without its reasoning was not sent: the reasoning is left out of the answer here.");
        var members = MembersOf(form, OthersFor(wish, target));
        if (members is null)
            draft.RemoveExtra(RequestParameters.Reasoning);
        else if (!JsonNode.DeepEquals(members, ExtraBody.Find(draft.Current, RequestParameters.Reasoning)))
            draft.ChangeExtra()[RequestParameters.Reasoning] = members;
    }

    private static JsonObject? OthersFor(in ReasoningWish wish, in RequestTarget target)
    {
        // Where nothing steers, that was said of the whole.
        if (wish.Others is not { } others || target.Rules.Reasoning == ReasoningControl.None)
            return null;
        if (target.Dialect.Reasoning.TakesOtherMembers)
            return others;

        target.Adapt(
            $"The request holds {string.Join(", ", others.Select(static member => $"`reasoning.{member.Key}`"))}, which the dialect '{target.Dialect.Name}' does not take",
            "it was left out", "send the request without it");
        return null;
    }

    private static JsonObject? MembersOf(in ReasoningForm form, JsonObject? members)
    {
        if (form.Effort is { } word && ReasoningEfforts.EffortOf(word) is null)
            (members ??= [])[ReasoningWish.EffortField] = word;
        if (form.Budget is { } budget)
            (members ??= [])[ReasoningWish.BudgetField] = budget;
        if (form.Enabled is { } enabled)
            (members ??= [])[ReasoningWish.EnabledField] = enabled;
        return members;
    }
}
