using System.Collections.Frozen;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;

namespace MeaiRouter.Routing.Resolution;

/// <summary>Finds out what the names in a request stand for: models, aliases, families, variants, presets and strategies.</summary>
internal sealed class ModelResolver
{
    private const int MostSiblings = 2;

    private readonly RoutingOptions _options;
    private readonly FrozenDictionary<string, NamedModel> _names;
    private readonly FrozenDictionary<string, Preset> _presets;
    private readonly FrozenDictionary<string, IRoutingStrategy> _strategies;
    private readonly ModelFamilies _families;

    /// <exception cref="ArgumentException">A preset or the default model names something that does not exist.</exception>
    public ModelResolver(ModelCatalog catalog, RoutingOptions options)
    {
        _options = options;
        var models = catalog.Models.ToDictionary(
            static model => model.Id,
            model => new RoutableModel(model, [.. model.Endpoints.Select(endpoint => CandidateOf(model, endpoint, options))]),
            StringComparer.OrdinalIgnoreCase);

        // Looked up once: what a request costs does not depend on how many models the catalogue holds.
        _names = models
            .Select(static model => KeyValuePair.Create(model.Key, new NamedModel(model.Value, null)))
            .Concat(catalog.Aliases.Select(alias =>
            {
                var target = ModelName.Parse(alias.Value);
                return KeyValuePair.Create(alias.Key, new NamedModel(models[target.Id], target.Variant));
            }))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _families = new ModelFamilies(models.Values);
        _presets = options.Presets.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _strategies = options.Strategies.ToFrozenDictionary(static strategy => strategy.Name, StringComparer.OrdinalIgnoreCase);

        foreach (var (name, preset) in _presets)
            Verify(name, preset);
        VerifyDefault(options);
    }

    /// <summary>Resolves every name of a request.</summary>
    /// <exception cref="RouterException">A name stands for nothing, or the request names no model and there is no default.</exception>
    public ResolvedRequest Resolve(string? modelId, RoutingPreferences preferences)
    {
        var first = string.IsNullOrWhiteSpace(modelId) ? null : modelId;
        if (first is not null && preferences.Models.Count == 0 && preferences.Preset is null && _names.TryGetValue(first, out var plain))
            return new ResolvedRequest(first, [Route(plain, null, preferences, preferences, null)], preferences, null);

        return ResolveAll(first, preferences);
    }

    private static Candidate CandidateOf(Model model, ModelEndpoint endpoint, RoutingOptions options)
    {
        var candidate = new Candidate(model, endpoint, options.Health.For(model, endpoint));
        return candidate with { Weights = candidate.Weights };
    }

    private ResolvedRequest ResolveAll(string? first, RoutingPreferences preferences)
    {
        var presetName = preferences.Preset;
        RoutingVariant? variant = null;
        var own = Entries(first, preferences.Models, ref presetName, ref variant);
        if (own.Count == 0 && presetName is null && _options.DefaultModel is { } fallback)
            own = Entries(fallback, [], ref presetName, ref variant);

        var preset = presetName is null ? null : FindPreset(presetName);
        List<ModelFallback> entries = own.Count > 0 || preset is null ? own : [.. preset.Models];
        if (entries.Count == 0)
            entries = [_options.DefaultModel ?? throw NoModel(presetName)];

        var filled = preset is null ? preferences : preferences.Over(preset.Preferences);
        RoutedModel[] models = [.. Distinct(entries).Select(pair => Route(
            variant is null ? pair.Named : pair.Named with { Variant = variant }, pair.Entry, preferences, filled, preset))];
        return new ResolvedRequest(first ?? entries[0].Model, models, filled, preset);
    }

    /// <summary>
    /// The request's own models, without the preset that the first of them may name. The variant of a name that is a preset alone is for all
    /// models: the name stands for none of them in particular.
    /// </summary>
    private static List<ModelFallback> Entries(string? first, IReadOnlyList<ModelFallback> others, ref string? preset, ref RoutingVariant? presetVariant)
    {
        var entries = new List<ModelFallback>(others.Count + 1);
        if (first is not null)
        {
            var mark = ModelName.Parse(first);
            if (mark.Preset is not null && preset is not null && !mark.Preset.Equals(preset, StringComparison.OrdinalIgnoreCase))
            {
                throw new RouterException(
                    FailureKind.InvalidRequest, $"The request names two presets, '{mark.Preset}' in its model and '{preset}' besides. Remove one.");
            }

            preset = mark.Preset ?? preset;
            if (mark.Preset is null)
                entries.Add(first);
            else if (mark.Id.Length > 0)
                entries.Add(mark.Variant is { } variant ? $"{mark.Id}:{variant}" : mark.Id);
            else
                presetVariant = mark.Variant;
        }

        foreach (var other in others)
        {
            if (ModelName.Parse(other.Model).Preset is not null)
                throw new RouterException(FailureKind.InvalidRequest, $"'{other}' names a preset, which only the first model of a request may do.");
            entries.Add(other);
        }

        return entries;
    }

    // An alias and the id behind it are two names and one model: it has the place and the variant of the first, and what the first says that says more.
    private List<(NamedModel Named, ModelFallback Entry)> Distinct(List<ModelFallback> entries)
    {
        var models = new List<(NamedModel Named, ModelFallback Entry)>(entries.Count);
        foreach (var entry in entries)
        {
            var named = Find(entry.Model);
            var earlier = models.FindIndex(other => ReferenceEquals(other.Named.Model, named.Model));
            if (earlier < 0)
                models.Add((named, entry));
            else if (models[earlier].Entry.IsPlain)
                models[earlier] = (models[earlier].Named, entry);
        }

        return models;
    }

    private RoutedModel Route(
        in NamedModel named, ModelFallback? entry, RoutingPreferences preferences, RoutingPreferences filled, Preset? preset)
    {
        if (entry?.Preferences is { } own)
        {
            Verify(entry, own, filled);
            filled = own.Over(filled);
        }

        var tiers = named.Variant switch
        {
            // OpenRouter: an order switches the admission of tiers off.
            _ when filled.Order.Count > 0 => ServiceTiers.None,
            RoutingVariant.Nitro => ServiceTiers.Priority,
            RoutingVariant.Floor => ServiceTiers.Flex,
            _ => ServiceTiers.None,
        };
        var strategy = StrategyFor(named.Variant, entry?.Preferences, preferences, preset);
        return new RoutedModel(named.Model, strategy, tiers, filled, entry is { IsPlain: false } ? entry : null);
    }

    private static void Verify(ModelFallback entry, RoutingPreferences own, RoutingPreferences request)
    {
        if (own.Models.Count > 0 || own.Preset is not null)
            throw new RouterException(FailureKind.InvalidRequest, $"The preferences of '{entry}' have models or a preset, which only a request may have.");
        if (own.Sort is { Partition: SortPartition.None })
            throw new RouterException(FailureKind.InvalidRequest, $"The sort of '{entry}' reaches over models, which only the request's may.");
        if (request.Sort is { Partition: SortPartition.None } && (own.Sort is not null || own.Strategy is not null || own.Order.Count > 0))
        {
            throw new RouterException(
                FailureKind.InvalidRequest, $"'{entry}' has an order, sort or strategy of its own, and the request sorts all models together. Remove one.");
        }
    }

    // What is said of the model alone comes before what the request says, that before what its preset says, and within each a sort before a strategy.
    private IRoutingStrategy StrategyFor(RoutingVariant? variant, RoutingPreferences? own, RoutingPreferences preferences, Preset? preset)
    {
        var name = SortName(own?.Sort?.By)
            ?? own?.Strategy
            ?? SortName(preferences.Sort?.By)
            ?? SortName(SortOf(variant))
            ?? preferences.Strategy
            ?? SortName(preset?.Preferences.Sort?.By)
            ?? preset?.Preferences.Strategy;
        if (name is null)
            return _options.Strategy;

        return _strategies.GetValueOrDefault(name) ?? throw new RouterException(
            FailureKind.InvalidRequest,
            $"'{name}' is not a strategy of this router. Its strategies are: {string.Join(", ", _options.Strategies.Select(static s => s.Name))}.");
    }

    private static EndpointSort? SortOf(RoutingVariant? variant) => variant switch
    {
        RoutingVariant.Nitro => EndpointSort.Throughput,
        RoutingVariant.Floor => EndpointSort.Price,
        RoutingVariant.Exacto => EndpointSort.Exacto,
        _ => null,
    };

    private static string? SortName(EndpointSort? sort) => sort switch
    {
        EndpointSort.Price => "price",
        EndpointSort.Throughput => "throughput",
        EndpointSort.Latency => "latency",
        EndpointSort.Exacto => "exacto",
        _ => null,
    };

    private NamedModel Find(string name)
    {
        if (_names.TryGetValue(name, out var found))
            return found;

        var parsed = ModelName.Parse(name);
        if (ModelFamilies.IsFamily(parsed.Id))
            return new NamedModel(_families.Newest(parsed.Id), parsed.Variant);
        if (_names.TryGetValue(parsed.Id, out found))
            return found with { Variant = parsed.Variant ?? found.Variant };
        throw new RouterException(FailureKind.UnknownModel, $"'{name}' is not a model of the catalogue.{Hint(name)}");
    }

    private Preset FindPreset(string name) => _presets.GetValueOrDefault(name) ?? throw new RouterException(
        FailureKind.InvalidRequest,
        $"'{name}' is not a preset of this router.{NearestNames.Hint(name, _presets.Keys)}");

    // A variant that is not there is no misspelt model: the model itself and the variants it does have come first.
    private string Hint(string name)
    {
        var colon = name.IndexOf(':');
        if (colon < 0 || !_names.ContainsKey(name[..colon]))
            return NearestNames.Hint(name, _names.Keys);

        var model = name[..colon];
        var siblings = _names.Keys.Where(key => key.Length > colon && key[colon] == ':' && key.StartsWith(model, StringComparison.OrdinalIgnoreCase));
        return NearestNames.Hint(model, [model, .. siblings.Order(StringComparer.OrdinalIgnoreCase).Take(MostSiblings)]);
    }

    private static RouterException NoModel(string? preset) => new(
        FailureKind.InvalidRequest,
        preset is null
            ? "The request names no model, and there is no default. Set 'model' (ChatOptions.ModelId), or give the router a DefaultModel."
            : $"Neither the request nor its preset '{preset}' names a model, and RoutingOptions has no DefaultModel.");

    private void Verify(string name, Preset preset)
    {
        if (preset.Preferences.Models.Count > 0 || preset.Preferences.Preset is not null)
            throw new ArgumentException($"The preset '{name}' has models or a preset in its Preferences. Use Preset.Models, and no preset within a preset.");

        try
        {
            foreach (var model in preset.Models)
                Find(model);
            StrategyFor(null, null, RoutingPreferences.None, preset);
        }
        catch (RouterException exception)
        {
            throw new ArgumentException($"The preset '{name}' cannot be used: {exception.Message}", exception);
        }
    }

    private void VerifyDefault(RoutingOptions options)
    {
        if (options.DefaultModel is not { } model)
            return;

        try
        {
            Resolve(model, RoutingPreferences.None);
        }
        catch (RouterException exception)
        {
            var problem = exception.Kind == FailureKind.UnknownModel ? $"is not in the catalogue.{Hint(model)}" : $"cannot be used: {exception.Message}";
            throw new ArgumentException($"The default model '{model}' {problem}", nameof(options), exception);
        }
    }

    private readonly record struct NamedModel(RoutableModel Model, RoutingVariant? Variant);
}
