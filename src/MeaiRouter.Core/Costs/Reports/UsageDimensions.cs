namespace MeaiRouter.Costs.Reports;

/// <summary>What a report has a row for each of; several together give a row for each combination.</summary>
[Flags]
public enum UsageDimensions
{
    /// <summary>One row for everything.</summary>
    None = 0,

    /// <summary>The catalogue's model of the attempt.</summary>
    Model = 1,

    /// <summary>The provider called.</summary>
    Provider = 2,

    /// <summary>The endpoint's tag.</summary>
    Endpoint = 4,

    /// <summary>The caller's key, by its name.</summary>
    Key = 8,

    /// <summary>The user on whose behalf the request was made.</summary>
    User = 16,

    /// <summary>The tags. A request with several counts in the row of each, one without in none.</summary>
    Tag = 32,

    /// <summary>The day, in UTC.</summary>
    Day = 64,

    /// <summary>The hour, in UTC.</summary>
    Hour = 128,
}
