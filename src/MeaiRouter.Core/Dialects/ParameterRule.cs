namespace MeaiRouter.Dialects;

/// <summary>What an endpoint takes of one parameter.</summary>
public sealed record ParameterRule
{
    /// <summary>The endpoint refuses requests with the parameter: it is dropped, or the request is refused, as the caller decides.</summary>
    public static ParameterRule Refused { get; } = new() { IsTaken = false };

    /// <summary>Whether the endpoint takes the parameter at all.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool IsTaken { get; init; } = true;

    /// <summary>Whether the endpoint refuses the parameter in requests that ask it to reason.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool RefusedWhileReasoning { get; init; }

    /// <summary>The least value the endpoint takes; a smaller one is raised to it. Default: <see langword="null"/>, no limit.</summary>
    public double? Minimum { get; init; }

    /// <summary>The greatest value the endpoint takes; a greater one is lowered to it. Default: <see langword="null"/>, no limit.</summary>
    public double? Maximum { get; init; }

    /// <summary>How many elements of a list the endpoint takes; those after them are dropped. Default: <see langword="null"/>, no limit.</summary>
    public int? MaxCount { get; init; }

    /// <summary>Whether <c>stop</c> must not hold sequences of nothing but white space; they are then dropped.</summary>
    /// <value>Default: <see langword="false"/>; Anthropic refuses them.</value>
    public bool RefusesBlank { get; init; }
}
