using System.Collections.Frozen;

namespace MeaiRouter.Catalog;

/// <summary>The models that can be asked for and the endpoints that serve them: an immutable snapshot.</summary>
public sealed class ModelCatalog
{
    private readonly FrozenDictionary<string, Model> _models;
    private readonly FrozenDictionary<string, string> _aliases;

    /// <summary>Creates a snapshot.</summary>
    /// <param name="models">The models. Ids are compared without regard to case.</param>
    /// <param name="aliases">Other names for models in the catalogue; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException">
    /// An id or an alias occurs twice, a model has two endpoints with the same tag and provider model, or an alias hides a model or names
    /// none.
    /// </exception>
    public ModelCatalog(IEnumerable<Model> models, IReadOnlyDictionary<string, string>? aliases = null)
    {
        ArgumentNullException.ThrowIfNull(models);

        Models = [.. models.Select(SortedByPrice)];
        RejectDuplicates(Models);
        _models = Models.ToFrozenDictionary(model => model.Id, StringComparer.OrdinalIgnoreCase);

        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (alias, target) in aliases ?? FrozenDictionary<string, string>.Empty)
        {
            if (!names.TryAdd(alias, target))
                throw new ArgumentException($"The alias '{alias}' is given twice, in different case. Remove one.", nameof(aliases));
            if (_models.ContainsKey(alias))
                throw new ArgumentException($"The alias '{alias}' hides the model of the same name. Rename the alias.", nameof(aliases));
            if (!_models.ContainsKey(ModelName.Parse(target).Id))
            {
                var hint = NearestNames.Hint(target, _models.Keys);
                throw new ArgumentException($"The alias '{alias}' stands for '{target}', which is not in the catalogue.{hint}", nameof(aliases));
            }
        }

        _aliases = names.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Every model, in the order given; the endpoints of each stand cheapest first, unpriced ones last.</summary>
    public IReadOnlyList<Model> Models { get; }

    /// <summary>Other names for models, each with the id it stands for, and perhaps a routing variant: <c>acme/small:nitro</c>.</summary>
    public IReadOnlyDictionary<string, string> Aliases => _aliases;

    /// <summary>Finds a model by its id or an alias.</summary>
    /// <param name="name">The id or alias.</param>
    /// <returns>The model; <see langword="null"/> if there is none of that name.</returns>
    public Model? Find(string name) =>
        _models.GetValueOrDefault(name) ?? (_aliases.TryGetValue(name, out var target) ? _models[ModelName.Parse(target).Id] : null);

    /// <summary>The part that the given providers serve. Other endpoints, models left without one, and their aliases are not in it.</summary>
    /// <param name="providers">The names of the providers, compared without regard to case.</param>
    public ModelCatalog ServedBy(IEnumerable<string> providers)
    {
        ArgumentNullException.ThrowIfNull(providers);

        var served = providers.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        var models = Models
            .Select(model => model with { Endpoints = [.. model.Endpoints.Where(endpoint => served.Contains(endpoint.Provider))] })
            .Where(model => model.Endpoints.Count > 0)
            .ToArray();

        var ids = models.Select(model => model.Id).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        return new ModelCatalog(models, _aliases.Where(alias => ids.Contains(ModelName.Parse(alias.Value).Id)).ToFrozenDictionary());
    }

    // Sorted once here, so that no request sorts: strategies may rely on it.
    private static Model SortedByPrice(Model model) => model with
    {
        Endpoints = [.. model.Endpoints.OrderBy(endpoint => endpoint.Price?.Blended ?? decimal.MaxValue)],
    };

    private static void RejectDuplicates(IReadOnlyList<Model> models)
    {
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var model in models)
        {
            if (!ids.Add(model.Id))
                throw new ArgumentException($"The model '{model.Id}' is in the catalogue twice. Give each model one entry with all its endpoints.", nameof(models));

            var twin = model.Endpoints.GroupBy(endpoint => (endpoint.Tag, endpoint.Model)).FirstOrDefault(group => group.Count() > 1);
            if (twin is not null)
                throw new ArgumentException($"The model '{model.Id}' has two endpoints '{twin.First()}'. Give each a Tag of its own.", nameof(models));
        }
    }
}
