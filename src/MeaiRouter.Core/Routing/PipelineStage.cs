namespace MeaiRouter.Routing;

/// <summary>The places of the layers in a pipeline, outermost first.</summary>
internal enum PipelineStage
{
    CostTracking,
    Routing,
    Fallback,
    Normalization,
    Endpoint,
}
