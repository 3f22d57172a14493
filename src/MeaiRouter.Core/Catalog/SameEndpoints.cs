namespace MeaiRouter.Catalog;

/// <summary>What several contributions say of one provider's same model under different ids.</summary>
internal sealed class SameEndpoints
{
    private readonly Dictionary<(string Provider, string Model, string Tag), List<Mention>> _mentions = [];

    /// <param name="ranked">The contributions, those that win first.</param>
    public SameEndpoints(IReadOnlyList<CatalogContribution> ranked)
    {
        for (var rank = 0; rank < ranked.Count; rank++)
        {
            foreach (var model in ranked[rank].Models)
            {
                foreach (var endpoint in model.Endpoints)
                {
                    var key = KeyOf(endpoint);
                    if (!_mentions.TryGetValue(key, out var mentions))
                        _mentions.Add(key, mentions = []);
                    mentions.Add(new Mention(rank, model, endpoint, ranked[rank].OnlyCompletes));
                }
            }
        }
    }

    /// <summary>A model of the contribution of the given rank, each endpoint between those of other contributions that are the same.</summary>
    public Model Complete(Model model, int rank)
    {
        ModelEndpoint[]? completed = null;
        for (var i = 0; i < model.Endpoints.Count; i++)
        {
            var own = model.Endpoints[i];
            foreach (var mention in _mentions[KeyOf(own)])
            {
                // Models of the same id are merged whole, with all their endpoints.
                var isMergedWhole = !mention.OnlyCompletes && mention.Model.Id.Equals(model.Id, StringComparison.OrdinalIgnoreCase);
                if (mention.Rank == rank || isMergedWhole)
                    continue;

                var other = mention.As(own, model);
                own = mention.Rank < rank ? CatalogMerge.Over(other, own) : CatalogMerge.Over(own, other);
            }

            if (!ReferenceEquals(own, model.Endpoints[i]))
                (completed ??= [.. model.Endpoints])[i] = own;
        }

        return completed is null ? model : model with { Endpoints = completed };
    }

    private static (string Provider, string Model, string Tag) KeyOf(ModelEndpoint endpoint) =>
        (endpoint.Provider.ToLowerInvariant(), endpoint.Model, endpoint.Tag.ToLowerInvariant());

    private readonly record struct Mention(int Rank, Model Model, ModelEndpoint Endpoint, bool OnlyCompletes)
    {
        /// <summary>The endpoint with the spelling of another, and with what its own model says where the other's model is silent.</summary>
        public ModelEndpoint As(ModelEndpoint own, Model model) => own with
        {
            Price = Endpoint.Price,
            PriceSource = Endpoint.PriceSource,
            PricedUpTo = Endpoint.PricedUpTo,
            ContextLength = Endpoint.ContextLength ?? (model.ContextLength is null ? Model.ContextLength : null),
            MaxOutputTokens = Endpoint.MaxOutputTokens ?? (model.MaxOutputTokens is null ? Model.MaxOutputTokens : null),
            Quantization = Endpoint.Quantization,
            SupportedParameters = Endpoint.SupportedParameters,
            InputModalities = Endpoint.InputModalities.Count > 0 || model.DeclaresInputModalities || !Model.DeclaresInputModalities
                ? Endpoint.InputModalities
                : Model.InputModalities,
            Regions = Endpoint.Regions,
            DataPolicy = Endpoint.DataPolicy,
        };
    }
}
