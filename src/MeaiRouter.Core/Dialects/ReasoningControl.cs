namespace MeaiRouter.Dialects;

/// <summary>By what an endpoint's reasoning is controlled.</summary>
public enum ReasoningControl
{
    /// <summary>By nothing: any word on it is refused.</summary>
    None,

    /// <summary>It is on or off.</summary>
    Switch,

    /// <summary>By a word for the effort.</summary>
    Effort,

    /// <summary>By a number of tokens.</summary>
    Budget,

    /// <summary>By a word for the effort or by a number of tokens.</summary>
    EffortOrBudget,
}
