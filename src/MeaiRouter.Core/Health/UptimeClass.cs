namespace MeaiRouter.Health;

/// <summary>How reliably an endpoint answered in the last five minutes; OpenRouter's classes.</summary>
public enum UptimeClass
{
    /// <summary>At least 95 % of the requests were answered, or too few were made to tell.</summary>
    Normal,

    /// <summary>80 to 95 % were answered: tried after the normal ones.</summary>
    Degraded,

    /// <summary>Less than 80 % were answered: a last resort.</summary>
    Down,
}
