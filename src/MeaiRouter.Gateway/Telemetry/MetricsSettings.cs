namespace MeaiRouter.Gateway.Telemetry;

/// <summary>The section <c>Gateway:Metrics</c>: whether, where and to whom metrics are served as Prometheus reads them.</summary>
internal sealed record MetricsSettings
{
    /// <summary>Whether they are served.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Where.</summary>
    public string Path { get; init; } = "/metrics";

    /// <summary>
    /// Whether the management key is needed; <see langword="null"/> needs it wherever the gateway has keys: metrics name models, providers and spending.
    /// </summary>
    public bool? RequireKey { get; init; }
}
