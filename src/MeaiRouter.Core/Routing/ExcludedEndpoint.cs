using MeaiRouter.Catalog;

namespace MeaiRouter.Routing;

/// <summary>An endpoint of a requested model that the plan leaves out.</summary>
/// <param name="Model">The model.</param>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Filter">The preference or rule that removed it, such as <c>only</c>.</param>
/// <param name="Reason">The reason as a sentence.</param>
public sealed record ExcludedEndpoint(Model Model, ModelEndpoint Endpoint, string Filter, string Reason);
