using MeaiRouter.Gateway.Errors;
using MeaiRouter.Health;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Models;

/// <summary>OpenRouter's filters and orders of <c>/models</c>. What the catalogue does not know about a model does not fulfil a wish about it.</summary>
internal sealed class ModelQuery
{
    private const int MostAtOnce = 1_000;

    // A model has none of these scores here: whoever asks for one finds nobody, and nobody comes first by one.
    private static readonly string[] Scores = ["intelligence", "coding", "agentic"];
    private static readonly string[] OrdersWithoutScores = ["intelligence-high-to-low", "coding-high-to-low", "agentic-high-to-low", "design-arena-elo-high-to-low"];

    private readonly List<Func<ListedModel, bool>> _filters = [];
    private readonly Listing _listing;
    private readonly TimeProvider _time;
    private readonly string? _order;
    private readonly int _offset;
    private readonly int? _limit;

    /// <exception cref="GatewayException">A parameter cannot be read.</exception>
    public ModelQuery(IQueryCollection query, Listing listing, TimeProvider time)
    {
        (_listing, _time) = (listing, time);
        var reader = new QueryReader(query);
        if (reader.Flag("use_rss") == true)
            throw GatewayException.Invalid("'use_rss' is not supported: this gateway lists models as JSON alone.");
        AddNames(reader);
        AddAbilities(reader);
        AddPrices(reader);
        AddRecords(reader);
        _order = reader.Text("sort");
        Compare(_order, []);
        _offset = reader.Count("offset", 0) ?? 0;
        _limit = reader.Count("limit", 1, MostAtOnce);
    }

    /// <summary>Whether nothing is asked for, so that the answer is the same for all.</summary>
    public bool IsPlain => _filters.Count == 0 && _order is null && _offset == 0 && _limit is null;

    /// <summary>The models that fit, in order.</summary>
    public IReadOnlyList<ListedModel> Apply(IReadOnlyList<ListedModel> models) => IsPlain
        ? models
        : [.. Compare(_order, models.Where(model => _filters.TrueForAll(filter => filter(model))))];

    /// <summary>The page of them that is asked for, and where the next begins; <see langword="null"/> if it is the last.</summary>
    public (IReadOnlyList<ListedModel> Page, int? Next) PageOf(IReadOnlyList<ListedModel> models)
    {
        if (_offset == 0 && _limit is null)
            return (models, null);

        var page = models.Skip(_offset).Take(_limit ?? int.MaxValue).ToList();
        return (page, _limit is not null && _offset + page.Count < models.Count && page.Count > 0 ? _offset + page.Count : null);
    }

    private void AddNames(QueryReader reader)
    {
        if (reader.Text("q") is { } text)
            _filters.Add(model => Contains(model.Model.Id, text) || Contains(model.Model.Name, text));
        if (reader.Text("arch") is { } family)
            _filters.Add(model => Contains(model.Model.Id, family) || Contains(model.Model.Name, family));
        if (reader.Words("model_authors") is { Length: > 0 } authors)
            _filters.Add(model => Includes(authors, ModelJson.AuthorOf(model.Model)));
        if (reader.Words("providers") is { Length: > 0 } providers)
            _filters.Add(model => model.Endpoints.Any(endpoint => Includes(providers, endpoint.Provider)));

        // The catalogue puts no model into a category.
        if (reader.Text("category") is not null)
            _filters.Add(static _ => false);
    }

    private void AddAbilities(QueryReader reader)
    {
        if (reader.Words("supported_parameters") is { Length: > 0 } parameters)
            _filters.Add(model => parameters.All(parameter => Includes(model.SupportedParameters, parameter)));
        if (reader.Words("input_modalities") is { Length: > 0 } inputs)
            _filters.Add(model => inputs.All(input => Includes(model.Model.InputModalities, input)));

        // OpenRouter: one of them is enough, and "all" is no filter.
        if (reader.Words("output_modalities") is { Length: > 0 } outputs && !Includes(outputs, "all"))
            _filters.Add(model => outputs.Any(output => Includes(model.Model.OutputModalities, output)));
        if (reader.Count("context", 0) is { } context)
            _filters.Add(model => model.ContextLength >= context);
        if (reader.Flag("distillable") is { } distillable)
            _filters.Add(model => model.Model.AllowsDistillation == true == distillable);
        if (reader.Flag("zdr") == true)
            _filters.Add(static model => model.Endpoints.Any(EndpointJson.KeepsNothing));
        if (reader.Text("region") is { } region)
            _filters.Add(model => model.Endpoints.Any(endpoint => Includes(endpoint.Regions, region)));
    }

    private void AddPrices(QueryReader reader)
    {
        AddRange(reader, "min_price", "max_price", static model => model.Cheapest?.Price?.Prompt);
        AddRange(reader, "min_output_price", "max_output_price", static model => model.Cheapest?.Price?.Completion);
    }

    private void AddRecords(QueryReader reader)
    {
        AddRange(reader, "min_age_days", "max_age_days", model => model.Model.Created is { } created ? (decimal)(_time.GetUtcNow() - created).TotalDays : null);
        AddRange(reader, "min_tool_success_rate", "max_tool_success_rate", model => (decimal?)Best(model, static health => health.ToolCallValidity));
        foreach (var score in Scores)
            AddRange(reader, $"min_{score}_index", $"max_{score}_index", static _ => null);
    }

    private void AddRange(QueryReader reader, string lowest, string highest, Func<ListedModel, decimal?> value)
    {
        if (reader.Number(lowest) is { } minimum)
            _filters.Add(model => value(model) >= minimum);
        if (reader.Number(highest) is { } maximum)
            _filters.Add(model => value(model) <= maximum);
    }

    // OpenRouter's twelve orders; those without a number for it come last, and the catalogue's order decides among equals.
    private IEnumerable<ListedModel> Compare(string? order, IEnumerable<ListedModel> models) => order switch
    {
        null => models,
        "pricing-low-to-high" => Rising(models, static model => model.MeanPrice),
        "pricing-high-to-low" => Falling(models, static model => model.MeanPrice),
        "context-high-to-low" => Falling(models, static model => model.ContextLength),
        "newest" => Falling(models, static model => model.Model.Created?.ToUnixTimeSeconds()),
        "throughput-high-to-low" => Falling(models, model => Best(model, static health => health.Throughput?.P50)),
        "latency-low-to-high" => Rising(models, model => -Best(model, static health => -health.TimeToFirstContent?.P50)),
        "most-popular" or "top-weekly" => Falling(models, model => model.Endpoints.Sum(endpoint => _listing.HealthOf(model.Model, endpoint)?.Answered)),
        _ when OrdersWithoutScores.Contains(order) => models,
        _ => throw QueryReader.Wrong("sort", order, $"one of {string.Join(", ", (string[])["pricing-low-to-high", "pricing-high-to-low", "context-high-to-low", "throughput-high-to-low", "latency-low-to-high", "most-popular", "top-weekly", "newest", .. OrdersWithoutScores])}"),
    };

    // Whoever has no value comes last in either direction.
    private static IEnumerable<ListedModel> Rising<T>(IEnumerable<ListedModel> models, Func<ListedModel, T?> value)
        where T : struct => models.OrderBy(model => value(model) is null).ThenBy(value);

    private static IEnumerable<ListedModel> Falling<T>(IEnumerable<ListedModel> models, Func<ListedModel, T?> value)
        where T : struct => models.OrderBy(model => value(model) is null).ThenByDescending(value);

    private double? Best(ListedModel model, Func<HealthSnapshot, double?> value) =>
        model.Endpoints.Max(endpoint => _listing.HealthOf(model.Model, endpoint) is { } health ? value(health) : null);

    private static bool Contains(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static bool Includes(IEnumerable<string> words, string word) => words.Contains(word, StringComparer.OrdinalIgnoreCase);
}
