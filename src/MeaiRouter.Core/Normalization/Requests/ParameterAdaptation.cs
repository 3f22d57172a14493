using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Requests;

/// <summary>Drops, clamps and cuts parameters that an endpoint does not take as they are.</summary>
internal static class ParameterAdaptation
{
    private const string OutputLimitSource = "the longest answer of the endpoint";

    /// <summary>Lowers the output limit to the longest answer the endpoint gives.</summary>
    public static void LimitOutput(ref OptionsDraft draft, in RequestTarget target)
    {
        if (target.MaxOutputTokens is { } longest && RequestParameters.OutputLimit.IsSent(draft.Current))
            Clamp(ref draft, RequestParameters.OutputLimit, null, longest, OutputLimitSource, target);
    }

    /// <param name="draft">The options.</param>
    /// <param name="target">The endpoint.</param>
    /// <param name="reasons">Whether the request asks the model to reason.</param>
    public static void Apply(ref OptionsDraft draft, in RequestTarget target, bool reasons)
    {
        foreach (var limit in target.Rules.Limits)
        {
            if (!limit.Parameter.IsSent(draft.Current))
                continue;

            var rule = limit.Rule;
            if (!rule.IsTaken)
            {
                Drop(ref draft, limit.Parameter, $"which {limit.Source} does not take", "send the request without it", target);
                continue;
            }

            if (rule.RefusedWhileReasoning && reasons)
            {
                Drop(
                    ref draft, limit.Parameter, $"which {limit.Source} does not take while the model reasons",
                    "send the request without it or without reasoning", target);
                continue;
            }

            if (rule.Minimum is not null || rule.Maximum is not null)
                Clamp(ref draft, limit.Parameter, rule.Minimum, rule.Maximum, limit.Source, target);
            if (rule.RefusesBlank && limit.Parameter.Name == RequestParameters.Stop)
                DropBlankStops(ref draft, limit.Source, target);
            if (rule.MaxCount is { } count)
                Cut(ref draft, limit, count, target);
        }
    }

    private static void Drop(ref OptionsDraft draft, RequestParameter parameter, string why, string remedy, in RequestTarget target)
    {
        target.Adapt($"The request holds `{parameter.Name}`{Shown(draft.Current, parameter)}, {why}", "it was left out", remedy);
        if (parameter.IsSet?.Invoke(draft.Current) == true)
            parameter.Clear!(draft.Change());
        foreach (var field in parameter.Fields)
            draft.RemoveExtra(field);
    }

    private static void Clamp(
        ref OptionsDraft draft, RequestParameter parameter, double? minimum, double? maximum, string source, in RequestTarget target)
    {
        if (parameter.Number?.Invoke(draft.Current) is { } set && Outside(set, minimum, maximum, parameter.IsWhole) is { } nearest)
        {
            TellClamp(parameter.Name, set, nearest, source, target);
            parameter.SetNumber!(draft.Change(), nearest);
        }

        foreach (var field in parameter.Fields)
        {
            if (NumberOf(ExtraBody.Find(draft.Current, field)) is { } sent && Outside(sent, minimum, maximum, parameter.IsWhole) is { } allowed)
            {
                TellClamp(field, sent, allowed, source, target);
                draft.ChangeExtra()[field] = JsonValue.Create(allowed);
            }
        }
    }

    private static void TellClamp(string name, double value, double nearest, string source, in RequestTarget target)
    {
        var (direction, limit) = value > nearest ? ("more", "most") : ("less", "least");
        target.Adapt(
            $"`{name}` is {Text(value)}, {direction} than {Text(nearest)}, the {limit} by {source}", $"{Text(nearest)} was sent",
            $"send {Text(nearest)} or {(value > nearest ? "less" : "more")}");
    }

    private static double? Outside(double value, double? minimum, double? maximum, bool isWhole)
    {
        if (value > maximum)
            return isWhole ? Math.Floor(maximum.Value) : maximum;
        if (value < minimum)
            return isWhole ? Math.Ceiling(minimum.Value) : minimum;
        return null;
    }

    private static void Cut(ref OptionsDraft draft, ParameterLimit limit, int count, in RequestTarget target)
    {
        if (limit.Parameter.Name == RequestParameters.Stop)
        {
            CutStops(ref draft, limit, count, target);
            return;
        }

        foreach (var field in limit.Parameter.Fields)
        {
            var length = ExtraBody.Find(draft.Current, field) switch { JsonArray list => list.Count, JsonObject map => map.Count, _ => 0 };
            if (length <= count)
                continue;

            TellCut(field, length, count, limit.Source, target);
            if (draft.ChangeExtra()[field] is JsonArray array)
                array.RemoveRange(count, length - count);
            else if (draft.ChangeExtra()[field] is JsonObject members)
                Truncate(members, count);
        }
    }

    private static void Truncate(JsonObject members, int count)
    {
        while (members.Count > count)
            members.RemoveAt(members.Count - 1);
    }

    private static void DropBlankStops(ref OptionsDraft draft, string source, in RequestTarget target)
    {
        var extra = ExtraBody.Find(draft.Current, RequestParameters.Stop);
        var isBlankExtra = extra is JsonArray list ? list.Any(IsBlank) : IsBlank(extra);
        var isBlank = draft.Current.StopSequences?.Any(string.IsNullOrWhiteSpace) == true;
        if (!isBlankExtra && !isBlank)
            return;

        target.Adapt($"`stop` holds sequences of white space only, which {source} does not take", "they were left out", "send other sequences");
        if (isBlank)
            draft.Change().StopSequences = [.. draft.Current.StopSequences!.Where(static stop => !string.IsNullOrWhiteSpace(stop))];
        if (isBlankExtra && draft.ChangeExtra()[RequestParameters.Stop] is JsonArray array)
            array.RemoveAll(IsBlank);
        else if (isBlankExtra)
            draft.RemoveExtra(RequestParameters.Stop);
    }

    private static bool IsBlank(JsonNode? stop) => stop is JsonValue value && value.TryGetValue<string>(out var text) && string.IsNullOrWhiteSpace(text);

    // On the wire those of the extra body come first.
    private static void CutStops(ref OptionsDraft draft, ParameterLimit limit, int count, in RequestTarget target)
    {
        var extra = ExtraBody.Find(draft.Current, RequestParameters.Stop);
        var extras = extra switch { JsonArray list => list.Count, null => 0, _ => 1 };
        var own = draft.Current.StopSequences;
        var length = extras + (own?.Count ?? 0);
        if (length <= count)
            return;

        TellCut(RequestParameters.Stop, length, count, limit.Source, target);
        var kept = Math.Max(0, count - extras);
        draft.Change().StopSequences = kept == 0 ? null : [.. own!.Take(kept)];
        if (extras > count && draft.ChangeExtra()[RequestParameters.Stop] is JsonArray array)
            array.RemoveRange(count, extras - count);
        else if (extras > count)
            draft.RemoveExtra(RequestParameters.Stop);
    }

    private static void TellCut(string name, int length, int count, string source, in RequestTarget target) => target.Adapt(
        $"`{name}` has {length} entries, more than {count}, the most by {source}", $"only the first {count} were sent", $"send {count} or fewer");

    /// <summary>The value as a note may show it: numbers and switches, never a text, which may be the caller's own words.</summary>
    private static string Shown(ChatOptions options, RequestParameter parameter)
    {
        if (parameter.Number?.Invoke(options) is { } number)
            return $" {Text(number)}";

        foreach (var field in parameter.Fields)
        {
            if (ExtraBody.Find(options, field) is JsonValue value && value.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
                return $" {value.ToJsonString()}";
        }

        return parameter.Name == RequestParameters.ParallelToolCalls && options.AllowMultipleToolCalls is { } several
            ? several ? " true" : " false"
            : "";
    }

    private static double? NumberOf(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
