using MeaiRouter.Dialects;

namespace MeaiRouter.Catalog;

/// <summary>Lays what several sources say about models over each other.</summary>
/// <remarks>
/// <para>The rule: code wins over configuration, configuration over imports, imports over what is built in; of two contributions of
/// the same origin the one given first wins. Models are matched by id without regard to case, endpoints by tag and provider model.</para>
/// <para>Where the winner is silent, the next one is heard, field by field. A field is silent when it is <see langword="null"/>, empty,
/// or has the default of its type: a name equal to the id, modalities that were never set, a weight of 1, the default dialect.</para>
/// <para>Lists name the same model differently. So an endpoint hears what is said of the same provider's same model under any other
/// id, and a better-ranked contribution wins there as well: an endpoint that you name without a price gets that of the list.</para>
/// <para>A price is one field: it is taken whole, together with its overrides and where it comes from. Buckets of two price lists
/// are never mixed.</para>
/// </remarks>
public static class CatalogMerge
{
    /// <summary>Merges contributions into a catalogue.</summary>
    /// <param name="contributions">What each source says, in any order of origin.</param>
    /// <exception cref="ArgumentException">One contribution has a model or an endpoint twice, or the aliases contradict the models.</exception>
    public static ModelCatalog Merge(params IEnumerable<CatalogContribution> contributions)
    {
        ArgumentNullException.ThrowIfNull(contributions);

        // OrderBy is stable: contributions of one origin keep the order they were given in.
        var ranked = contributions.OrderByDescending(contribution => contribution.Origin).ToArray();
        var order = new List<string>();
        var merged = new Dictionary<string, Model>(StringComparer.OrdinalIgnoreCase);
        var aliases = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

        foreach (var contribution in ranked)
        {
            RejectDuplicates(contribution);
            if (contribution.OnlyCompletes)
                continue;

            foreach (var model in contribution.Models)
            {
                if (merged.TryGetValue(model.Id, out var higher))
                {
                    merged[model.Id] = Over(higher, model);
                    continue;
                }

                merged.Add(model.Id, model);
                order.Add(model.Id);
            }

            foreach (var (alias, target) in contribution.Aliases)
                aliases.TryAdd(alias, target);
        }

        var same = new SameEndpoints(ranked);
        return new ModelCatalog(order.Select(id => same.Complete(merged[id])), aliases);
    }

    // Two entries of one source would otherwise melt into one, and a typing error would never show.
    private static void RejectDuplicates(CatalogContribution contribution)
    {
        try
        {
            _ = new ModelCatalog(contribution.Models);
        }
        catch (ArgumentException duplicate)
        {
            throw new ArgumentException($"{contribution.Name}: {duplicate.Message}", nameof(contribution), duplicate);
        }
    }

    private static Model Over(Model higher, Model lower) => higher with
    {
        Name = higher.Name == higher.Id ? lower.Name == lower.Id ? higher.Id : lower.Name : higher.Name,
        ContextLength = higher.ContextLength ?? lower.ContextLength,
        MaxOutputTokens = higher.MaxOutputTokens ?? lower.MaxOutputTokens,
        InputModalities = ReferenceEquals(higher.InputModalities, Model.TextOnly) ? lower.InputModalities : higher.InputModalities,
        OutputModalities = ReferenceEquals(higher.OutputModalities, Model.TextOnly) ? lower.OutputModalities : higher.OutputModalities,
        Created = higher.Created ?? lower.Created,
        AllowsDistillation = higher.AllowsDistillation ?? lower.AllowsDistillation,
        Endpoints = Over(higher.Endpoints, lower.Endpoints),
    };

    private static IReadOnlyList<ModelEndpoint> Over(IReadOnlyList<ModelEndpoint> higher, IReadOnlyList<ModelEndpoint> lower)
    {
        var below = lower.ToDictionary(endpoint => (endpoint.Tag, endpoint.Model));
        var above = higher.Select(endpoint => below.Remove((endpoint.Tag, endpoint.Model), out var match) ? Over(endpoint, match) : endpoint);
        return [.. above.ToArray(), .. lower.Where(endpoint => below.ContainsKey((endpoint.Tag, endpoint.Model)))];
    }

    internal static ModelEndpoint Over(ModelEndpoint higher, ModelEndpoint lower)
    {
        var price = higher.Price is null ? lower : higher;
        return higher with
        {
            Price = price.Price,
            PriceSource = price.PriceSource,
            ContextLength = higher.ContextLength ?? lower.ContextLength,
            MaxOutputTokens = higher.MaxOutputTokens ?? lower.MaxOutputTokens,
            Quantization = higher.Quantization ?? lower.Quantization,
            SupportedParameters = higher.SupportedParameters.Count > 0 ? higher.SupportedParameters : lower.SupportedParameters,
            InputModalities = higher.InputModalities.Count > 0 ? higher.InputModalities : lower.InputModalities,
            Regions = higher.Regions.Count > 0 ? higher.Regions : lower.Regions,
            DataPolicy = Over(higher.DataPolicy, lower.DataPolicy),
            Weight = higher.Weight != 1 ? higher.Weight : lower.Weight,
            QuotaDomain = higher.QuotaDomain ?? lower.QuotaDomain,
            MaxConcurrency = higher.MaxConcurrency ?? lower.MaxConcurrency,
            QueueLimit = higher.QueueLimit ?? lower.QueueLimit,
            RequestsPerMinute = higher.RequestsPerMinute ?? lower.RequestsPerMinute,
            TokensPerMinute = higher.TokensPerMinute ?? lower.TokensPerMinute,
            Dialect = ReferenceEquals(higher.Dialect, Dialect.Default) ? lower.Dialect : higher.Dialect,
        };
    }

    private static DataPolicy? Over(DataPolicy? higher, DataPolicy? lower) => (higher, lower) switch
    {
        (null, _) => lower,
        (_, null) => higher,
        _ => higher with
        {
            Training = higher.Training ?? lower.Training,
            Retention = higher.Retention ?? lower.Retention,
            AllowedDataClasses = higher.AllowedDataClasses.Count > 0 ? higher.AllowedDataClasses : lower.AllowedDataClasses,
        },
    };
}
