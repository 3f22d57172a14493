namespace MeaiRouter.Diagnostics;

/// <summary>The names of what MeaiRouter measures.</summary>
/// <remarks>
/// Tags with the prefix <c>gen_ai</c> follow OpenTelemetry's conventions for generative AI 1.41; for cost there is no accepted convention
/// (proposal: open-telemetry/semantic-conventions-genai #443), so it has names of our own.
/// </remarks>
public static class TelemetryNames
{
    /// <summary>The meter of all metrics.</summary>
    public const string Meter = "MeaiRouter";

    /// <summary>A counter of what attempts cost, in whole nano-dollars: money is never a floating-point number here.</summary>
    public const string Cost = "meairouter.cost";

    /// <summary>A counter of attempts that may have cost something but have no price.</summary>
    public const string UnpricedAttempts = "meairouter.unpriced_attempts";

    /// <summary>The provider called.</summary>
    public const string Provider = "gen_ai.provider.name";

    /// <summary>The catalogue's model, or without a catalogue the model as the answer names it.</summary>
    public const string Model = "gen_ai.request.model";

    /// <summary>Whence a cost: <c>local</c> if computed from prices, <c>provider</c> if the provider reported it and no price is known.</summary>
    public const string CostSource = "meairouter.cost.source";

    /// <summary>How an attempt ended: <c>answered</c>, <c>failed</c>, <c>superseded</c> or <c>cancelled</c>.</summary>
    public const string Outcome = "meairouter.attempt.outcome";
}
