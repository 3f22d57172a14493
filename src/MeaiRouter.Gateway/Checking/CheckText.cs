using System.Globalization;
using System.Text;
using MeaiRouter.Catalog;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;

namespace MeaiRouter.Gateway.Checking;

/// <summary>Writes the parts of a report so that they can be read in a terminal.</summary>
internal static class CheckText
{
    // A built-in list has hundreds; whoever wants all of them asks for JSON.
    private const int MostModels = 40;

    public static void Lines(StringBuilder text, string heading, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
            return;
        text.AppendLine().AppendLine(heading);
        foreach (var line in lines)
            text.Append("  - ").AppendLine(line);
    }

    public static void Table(StringBuilder text, string heading, IEnumerable<string[]> rows) => Rows(text.AppendLineIf(rows, heading), [.. rows]);

    public static void Models(StringBuilder text, IReadOnlyList<Model> models)
    {
        if (models.Count == 0)
            return;
        text.AppendLine().AppendLine("Models");
        foreach (var model in models.Take(MostModels))
        {
            var context = model.ContextLength is { } length ? $"  ({length.ToString("N0", CultureInfo.InvariantCulture)} tokens)" : "";
            text.Append("  ").Append(model.Id).AppendLine(context);
            Rows(text, [.. model.Endpoints.Select(static endpoint => (string[])["  " + endpoint.Tag, endpoint.Model, PriceOf(endpoint.Price)])]);
        }

        if (models.Count > MostModels)
            text.AppendLine(CultureInfo.InvariantCulture, $"  and {models.Count - MostModels} more");
    }

    public static void Plan(StringBuilder text, string model, RoutePlan? plan, string? failure)
    {
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Plan for '{model}'");
        if (failure is not null)
            text.Append("  ").AppendLine(failure);
        if (plan is null)
            return;

        if (failure is null)
            text.AppendLine(CultureInfo.InvariantCulture, $"  {plan.RequestedModel}, by the strategy {plan.Strategy}:");
        Rows(text, [.. plan.Candidates.Select(static (candidate, i) => (string[])[$"{i + 1}.", candidate.Model.Id, candidate.Endpoint.Tag, candidate.Endpoint.Model, PriceOf(candidate.Endpoint.Price)])]);
        if (plan.Excluded.Count > 0)
            text.AppendLine("  Left out:");
        Rows(text, [.. plan.Excluded.Select(static excluded => (string[])["-", excluded.Model.Id, excluded.Endpoint.Tag, excluded.Filter, excluded.Reason])]);
        foreach (var note in plan.Notes)
            text.Append("  ").AppendLine(note);
    }

    private static string PriceOf(Price? price) => price is null
        ? "unpriced"
        : string.Create(CultureInfo.InvariantCulture, $"${price.Prompt:0.######} in, ${price.Completion:0.######} out per million tokens");

    private static StringBuilder AppendLineIf(this StringBuilder text, IEnumerable<string[]> rows, string heading) => rows.Any() ? text.AppendLine().AppendLine(heading) : text;

    // Columns as wide as their widest text; the last one as long as it is.
    private static void Rows(StringBuilder text, IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0)
            return;
        var widths = Enumerable.Range(0, rows.Max(static row => row.Length)).Select(i => rows.Max(row => i < row.Length ? row[i].Length : 0)).ToArray();
        foreach (var row in rows)
            text.Append("  ").AppendLine(string.Join("  ", row.Select((cell, i) => i == row.Length - 1 ? cell : cell.PadRight(widths[i]))).TrimEnd());
    }
}
