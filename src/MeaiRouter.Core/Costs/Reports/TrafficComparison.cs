using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Pricing;

namespace MeaiRouter.Costs.Reports;

/// <summary>Computes what answered traffic would have cost at the other endpoints of the same models.</summary>
/// <remarks>
/// Each answer is priced with the tokens it really had: another provider's tokenizer may count others, and its cache may hit less. Endpoints charge
/// what the catalogue says now.
/// </remarks>
public static class TrafficComparison
{
    /// <summary>Prices recorded answers at every endpoint of their models.</summary>
    /// <param name="records">The records, such as those of <see cref="ILedgerReports.RecordsAsync"/>.</param>
    /// <param name="catalog">The endpoints to compare, with their prices.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A row for each endpoint of each model that answered and is in the catalogue: by model, then cheapest first, incomparable ones last.</returns>
    public static async Task<IReadOnlyList<ComparedEndpoint>> OfAsync(
        IAsyncEnumerable<GenerationRecord> records, ModelCatalog catalog, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(catalog);

        var totals = new Dictionary<string, ModelTotal>(StringComparer.OrdinalIgnoreCase);
        await foreach (var record in records.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (var attempt in record.Attempts)
            {
                if (attempt.Outcome != AttemptOutcome.Answered || attempt.Model is not { } id || catalog.Find(id) is not { } model)
                    continue;
                if (!totals.TryGetValue(model.Id, out var total))
                    totals.Add(model.Id, total = new ModelTotal(model));
                total.Add(attempt);
            }
        }

        return [.. totals.Values
            .SelectMany(total => total.Endpoints)
            .OrderBy(row => row.Model.Id, StringComparer.OrdinalIgnoreCase)
            .ThenBy(row => row.Cost is null)
            .ThenBy(row => row.Cost.GetValueOrDefault())
            .ThenBy(row => row.Endpoint.Tag, StringComparer.OrdinalIgnoreCase)];
    }

    private sealed class ModelTotal(Model model)
    {
        // Each endpoint as a model of its own: the catalogue's comparison is the one place that knows when a price holds.
        private readonly Model[][] _alone = [.. model.Endpoints.Select(endpoint => new[] { model with { Endpoints = [endpoint] } })];
        private readonly NanoUsd[] _costs = new NanoUsd[model.Endpoints.Count];
        private readonly long[] _unpriced = new long[model.Endpoints.Count];
        private readonly long[] _served = new long[model.Endpoints.Count];
        private long _answers;
        private NanoUsd _paid;

        public IEnumerable<ComparedEndpoint> Endpoints => model.Endpoints.Select((endpoint, index) =>
            new ComparedEndpoint(model, endpoint, _unpriced[index] == 0 ? _costs[index] : null)
            {
                Answers = _answers,
                ServedHere = _served[index],
                Unpriced = _unpriced[index],
                Paid = _paid,
            });

        public void Add(AttemptRecord attempt)
        {
            _answers++;
            _paid += attempt.Cost.GetValueOrDefault();
            for (var index = 0; index < model.Endpoints.Count; index++)
            {
                var endpoint = model.Endpoints[index];
                if (endpoint.Provider == attempt.Provider && endpoint.Tag == attempt.Endpoint)
                    _served[index]++;

                if (PriceComparison.Of(_alone[index], attempt.Usage)[0].Cost is { } cost)
                    _costs[index] += cost;
                else
                    _unpriced[index]++;
            }
        }
    }
}
