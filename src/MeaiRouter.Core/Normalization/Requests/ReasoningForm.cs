namespace MeaiRouter.Normalization.Requests;

/// <summary>How reasoning is asked for at an endpoint: by at most one of the three.</summary>
internal readonly record struct ReasoningForm
{
    public string? Effort { get; init; }

    public int? Budget { get; init; }

    public bool? Enabled { get; init; }

    /// <summary>Whether the model is asked to reason.</summary>
    public bool IsOn => Enabled == true || Budget > 0 || Effort is not (null or ReasoningEfforts.None);
}
