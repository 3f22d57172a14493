namespace MeaiRouter.Resilience;

/// <summary>How many endpoints strategies are for, the widest first.</summary>
internal enum ResilienceScope
{
    All,
    Provider,
    Endpoint,
}
