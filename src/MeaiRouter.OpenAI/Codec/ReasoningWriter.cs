using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>
/// From the one form in which reasoning is asked for (the options' effort; <c>reasoning</c> with <c>effort</c>, <c>max_tokens</c> and
/// <c>enabled</c>) to the provider's fields.
/// </summary>
internal static class ReasoningWriter
{
    private const string EffortMember = "effort";
    private const string BudgetMember = "max_tokens";
    private const string SwitchMember = "enabled";
    private const string None = "none";

    // OpenRouter: enabled alone means medium.
    private const string Usual = "medium";

    public static void Write(ChatCompletionRequest request, ReasoningEffort? effort, ReasoningControlSpelling control)
    {
        if (request.Reasoning is null && request.ReasoningEffort is null && effort is null)
            return;
        if (request.Reasoning is { ValueKind: not JsonValueKind.Object } odd)
        {
            // Not ours to understand; a null says nothing.
            if (odd.ValueKind != JsonValueKind.Null)
                return;
            request.Reasoning = null;
        }

        if (control.TakesObject && request.Reasoning is { } given && HasMoreThanEffort(given))
        {
            // It says it all; only an effort that stands elsewhere may be missing.
            if (SpeaksObject(control) && Word(request, effort) is { } missing && !Says(given, BudgetMember))
                Put(request, control.Effort, Named(missing, control));
            if (SpeaksObject(control))
                request.ReasoningEffort = null;
            return;
        }

        var asked = Asked.Read(request, effort);
        request.Reasoning = null;
        request.ReasoningEffort = null;
        Spell(request, asked, control);
    }

    private static void Spell(ChatCompletionRequest request, in Asked asked, ReasoningControlSpelling control)
    {
        if (asked.IsOff)
        {
            if (control.Switch is not null)
                Put(request, control.Switch, control.OffValue);
            else if (control.Effort is not null)
                Put(request, control.Effort, Named(None, control));
            else
                Put(request, control.Budget, JsonValue.Create(0));
        }
        else if (asked.Budget is { } budget && control.Budget is not null)
        {
            Put(request, control.Budget, JsonValue.Create(budget));
            if (control.SwitchesOnForBudget)
                Put(request, control.Switch, control.OnValue);
        }
        else if (asked.Effort is { } word && control.Effort is not null)
        {
            Put(request, control.Effort, Named(word, control));
        }
        else if (asked.Budget is not null)
        {
            throw new RouterException(
                FailureKind.Unsupported, "`reasoning.max_tokens` cannot be said to this provider, which has no field for a budget: give `reasoning.effort` instead.");
        }
        else if (control.Switch is not null)
        {
            Put(request, control.Switch, control.OnValue);
        }
        else if (asked.IsOn)
        {
            Put(request, control.Effort, Named(Usual, control));
        }
    }

    private static void Put(ChatCompletionRequest request, string? path, JsonNode value)
    {
        if (path is not null)
            WireFields.Put(request, path, value);
    }

    private static JsonValue Named(string effort, ReasoningControlSpelling control) =>
        JsonValue.Create(control.EffortWords.TryGetValue(effort, out var word) ? word : effort)!;

    private static bool SpeaksObject(ReasoningControlSpelling control) => control.Effort?.StartsWith("reasoning.", StringComparison.Ordinal) == true;

    private static bool HasMoreThanEffort(JsonElement reasoning) => reasoning.EnumerateObject().Any(static member => member.Name != EffortMember);

    private static bool Says(JsonElement reasoning, string member) =>
        reasoning.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null;

    private static string? Word(ChatCompletionRequest request, ReasoningEffort? effort) => request.ReasoningEffort ?? effort switch
    {
        ReasoningEffort.None => None,
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => Usual,
        ReasoningEffort.High => "high",
        ReasoningEffort.ExtraHigh => "xhigh",
        _ => null,
    };

    private readonly record struct Asked(string? Effort, long? Budget, bool IsOn, bool IsOff)
    {
        public static Asked Read(ChatCompletionRequest request, ReasoningEffort? effort)
        {
            var word = Word(request, effort);
            if (request.Reasoning is not { } said)
                return new Asked(word, null, false, word == None);

            if (said.TryGetProperty(EffortMember, out var named) && named.ValueKind == JsonValueKind.String)
                word = named.GetString();
            var budget = said.TryGetProperty(BudgetMember, out var tokens) && tokens.ValueKind == JsonValueKind.Number && tokens.TryGetInt64(out var count)
                ? count
                : (long?)null;
            var on = said.TryGetProperty(SwitchMember, out var enabled) ? enabled.ValueKind : JsonValueKind.Undefined;
            return new Asked(word, budget, on == JsonValueKind.True, word == None || budget == 0 || on == JsonValueKind.False);
        }
    }
}
