namespace MeaiRouter.Aspire;

/// <summary>How a router takes part in an app of Aspire's. What it routes, and how, is the configuration of <c>AddMeaiRouter</c>.</summary>
/// <remarks>
/// Read from the section <c>Aspire:MeaiRouter</c>, then <c>Aspire:MeaiRouter:{name}</c>, then <c>ConnectionStrings:{name}</c>, then what the call itself
/// says; the later one wins.
/// </remarks>
public sealed class MeaiRouterSettings
{
    /// <summary>
    /// The names of connection strings whose models the router serves: each by the name of its connection, and all together as the model named like the
    /// router, which is the default model unless <c>Routing:DefaultModel</c> is set. A model that is configured under such a name stays as configured.
    /// Default: the router's own connection string where there is one, else none.
    /// </summary>
    public IList<string> Connections { get; internal set; } = [];

    /// <summary>
    /// Whether the router's traces are left out of the app's OpenTelemetry. All routers of a process share one source, so one that leaves it in has it in
    /// for all. Default: <see langword="false"/>.
    /// </summary>
    public bool DisableTracing { get; set; }

    /// <summary>
    /// Whether the router's metrics are left out of the app's OpenTelemetry. All routers of a process share one meter, so one that leaves it in has it in
    /// for all. Default: <see langword="false"/>.
    /// </summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Whether the router is left out of the app's health checks. Default: <see langword="false"/>.</summary>
    public bool DisableHealthChecks { get; set; }
}
