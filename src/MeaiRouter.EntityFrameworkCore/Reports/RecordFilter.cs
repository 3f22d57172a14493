using MeaiRouter.Costs;
using MeaiRouter.Costs.Reports;

namespace MeaiRouter.EntityFrameworkCore.Reports;

/// <summary>Tells whether a record is one that a query is about.</summary>
internal static class RecordFilter
{
    public static bool Fits(GenerationRecord record, UsageQuery query) =>
        (query.From is not { } from || record.CreatedAt >= from)
        && (query.To is not { } to || record.CreatedAt < to)
        && (query.Key is null || query.Key == record.Key)
        && (query.User is null || query.User == record.User)
        && (query.Tag is null || record.Tags.Contains(query.Tag))
        && (record.Attempts.Count == 0
            ? (query.Model is null || query.Model == record.RequestedModel) && query.Provider is null && query.Endpoint is null
            : record.Attempts.Any(attempt => Fits(attempt, query)));

    private static bool Fits(AttemptRecord attempt, UsageQuery query) =>
        (query.Model is null || query.Model == attempt.Model)
        && (query.Provider is null || query.Provider == attempt.Provider)
        && (query.Endpoint is null || query.Endpoint == attempt.Endpoint);
}
