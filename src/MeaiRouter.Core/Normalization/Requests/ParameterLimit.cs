using MeaiRouter.Dialects;
using MeaiRouter.Routing;

namespace MeaiRouter.Normalization.Requests;

/// <summary>What an endpoint takes of one parameter, and who says so.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Rule">What is taken of it.</param>
/// <param name="Source">Who says so, as the subject of a sentence that ends in "does not take it".</param>
internal sealed record ParameterLimit(RequestParameter Parameter, ParameterRule Rule, string Source);
