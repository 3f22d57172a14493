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

    /// <summary>A merged model, each of its endpoints with all that is said of it: under the model's own id, or in contributions that have no such model under any other.</summary>
    public Model Complete(Model model)
    {
        ModelEndpoint[]? completed = null;
        for (var i = 0; i < model.Endpoints.Count; i++)
        {
            var mentions = _mentions[KeyOf(model.Endpoints[i])];
            if (mentions.Count == 1)
                continue;

            // Who speaks of the endpoint under the model's own id means what he says of it elsewhere for elsewhere.
            var ownRanks = mentions.Where(mention => mention.IsOf(model)).Select(mention => mention.Rank).ToHashSet();
            (completed ??= [.. model.Endpoints])[i] = mentions
                .Where(mention => mention.IsOf(model) || !ownRanks.Contains(mention.Rank))
                .OrderBy(mention => mention.Rank)
                .Select(mention => mention.IsOf(model) && !mention.OnlyCompletes ? mention.Endpoint : mention.As(model.Endpoints[i], model))
                .Aggregate(CatalogMerge.Over);
        }

        return completed is null ? model : model with { Endpoints = completed };
    }

    private static (string Provider, string Model, string Tag) KeyOf(ModelEndpoint endpoint) =>
        (endpoint.Provider.ToLowerInvariant(), endpoint.Model, endpoint.Tag.ToLowerInvariant());

    private readonly record struct Mention(int Rank, Model Model, ModelEndpoint Endpoint, bool OnlyCompletes)
    {
        public bool IsOf(Model model) => Model.Id.Equals(model.Id, StringComparison.OrdinalIgnoreCase);

        /// <summary>The endpoint with the spelling of another, and with what its own model says where the other's model is silent.</summary>
        public ModelEndpoint As(ModelEndpoint own, Model model) => own with
        {
            Price = Endpoint.Price,
            PriceSource = Endpoint.PriceSource,
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
