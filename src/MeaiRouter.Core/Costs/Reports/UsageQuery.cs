namespace MeaiRouter.Costs.Reports;

/// <summary>What a report is about. A filter that is <see langword="null"/> leaves nothing out.</summary>
public sealed record UsageQuery
{
    /// <summary>The beginning, a whole hour in UTC; <see langword="null"/> for that of the ledger.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The end, a whole hour in UTC, itself not included; <see langword="null"/> reaches to the present.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>What to have a row for each of.</summary>
    /// <value>Default: one row for everything.</value>
    public UsageDimensions GroupBy { get; init; }

    /// <summary>Only attempts at this model.</summary>
    public string? Model { get; init; }

    /// <summary>Only attempts at this provider.</summary>
    public string? Provider { get; init; }

    /// <summary>Only attempts at the endpoint of this tag.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Only requests by the key of this name.</summary>
    public string? Key { get; init; }

    /// <summary>Only requests on behalf of this user.</summary>
    public string? User { get; init; }

    /// <summary>Only requests with this tag.</summary>
    public string? Tag { get; init; }
}
