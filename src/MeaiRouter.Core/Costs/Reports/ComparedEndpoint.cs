using MeaiRouter.Catalog;
using MeaiRouter.Pricing;

namespace MeaiRouter.Costs.Reports;

/// <summary>What all answers of a model would have cost at one of its endpoints.</summary>
/// <param name="Model">The model.</param>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Cost">The cost; <see langword="null"/> if the endpoint has no price for some of the answers.</param>
public sealed record ComparedEndpoint(Model Model, ModelEndpoint Endpoint, NanoUsd? Cost)
{
    /// <summary>Answers compared.</summary>
    public long Answers { get; init; }

    /// <summary>How many of them this endpoint gave.</summary>
    public long ServedHere { get; init; }

    /// <summary>For how many of them the endpoint has no price.</summary>
    public long Unpriced { get; init; }

    /// <summary>What the answers really cost, wherever they were given; unpriced ones count nothing.</summary>
    public NanoUsd Paid { get; init; }
}
