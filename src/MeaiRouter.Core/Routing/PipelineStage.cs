namespace MeaiRouter.Routing;

/// <summary>The places of the layers in a pipeline, outermost first.</summary>
internal enum PipelineStage
{
    Budgets,
    CostTracking,
    ResponseCache,
    Routing,
    Fallback,
    Normalization,
    Endpoint,
}
