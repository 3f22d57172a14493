using System.Globalization;
using MeaiRouter.Attempts;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;

namespace MeaiRouter.Testing;

/// <summary>What a test expects of the route that a request took. Each expectation that does not hold throws, with the whole route in the message.</summary>
/// <remarks>Providers are named by their name or by the tag of the endpoint; capitals and small letters are the same.</remarks>
public sealed class RouteExpectation
{
    private readonly IReadOnlyList<RouteAttempt> _attempts;
    private readonly RouteAttempt? _answer;
    private readonly IReadOnlyList<Candidate> _candidates;
    private readonly IReadOnlyList<ExcludedEndpoint> _excluded;
    private readonly IReadOnlyList<string> _notes;
    private readonly NanoUsd? _cost;
    private readonly bool _isCacheHit;
    private readonly int _seams;
    private readonly string _story;

    internal RouteExpectation(RouteTrace trace)
    {
        _attempts = trace.Attempts;
        _answer = trace.Answer;
        _candidates = [.. trace.Candidates.Select(static candidate => candidate.Candidate)];
        _excluded = trace.Excluded;
        _notes = trace.Notes;
        _cost = trace.Cost;
        _isCacheHit = trace.IsCacheHit;
        _seams = trace.Seams.Count;
        _story = trace.ToString();
    }

    internal RouteExpectation(RouterException failure)
    {
        var plan = failure.GetRoutePlan();
        _attempts = failure.Attempts;
        _candidates = plan?.Candidates ?? [];
        _excluded = plan?.Excluded ?? [];
        _notes = plan?.Notes ?? [];
        _cost = failure.Attempts.All(static attempt => attempt.Cost is not null)
            ? failure.Attempts.Aggregate(NanoUsd.Zero, static (sum, attempt) => sum + attempt.Cost!.Value)
            : null;
        _story = failure.Message + Environment.NewLine + string.Join(Environment.NewLine, _attempts.Select(ExpectedAttempt.Describe));
    }

    /// <summary>Expects the answer to be this provider's.</summary>
    /// <param name="provider">The provider or the tag of the endpoint.</param>
    public RouteExpectation AnsweredBy(string provider) =>
        Expect(_answer is { } answer && ExpectedAttempt.IsOf(answer, provider), $"an answer of {provider}", $"that of {_answer?.Provider ?? "nobody"}");

    /// <summary>Expects exactly these attempts, in the order in which they began.</summary>
    /// <param name="attempts">The attempts; none to expect that nobody was called.</param>
    public RouteExpectation Attempted(params ReadOnlySpan<ExpectedAttempt> attempts)
    {
        var fits = attempts.Length == _attempts.Count;
        for (var i = 0; fits && i < attempts.Length; i++)
            fits = attempts[i].Fits(_attempts[i]);

        return Expect(fits, $"the attempts {List(attempts.ToArray())}", List(_attempts.Select(ExpectedAttempt.Describe)));
    }

    /// <summary>Expects that a provider was never called.</summary>
    /// <param name="provider">The provider or the tag of the endpoint.</param>
    public RouteExpectation NeverAsked(string provider) =>
        Expect(!_attempts.Any(attempt => ExpectedAttempt.IsOf(attempt, provider)), $"no call of {provider}", List(_attempts.Select(ExpectedAttempt.Describe)));

    /// <summary>Expects the plan to try these endpoints, in this order, and no others.</summary>
    /// <param name="endpoints">The tags of the endpoints.</param>
    public RouteExpectation Planned(params ReadOnlySpan<string> endpoints)
    {
        var planned = _candidates.Select(static candidate => candidate.Endpoint.Tag).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        return Expect(planned.AsSpan().SequenceEqual(endpoints, StringComparer.OrdinalIgnoreCase), $"the plan {List(endpoints.ToArray())}", List(planned));
    }

    /// <summary>Expects the plan to leave an endpoint out.</summary>
    /// <param name="endpoint">The tag of the endpoint.</param>
    /// <param name="rule">The rule that removes it, such as <c>max_price</c>; <see langword="null"/> for any.</param>
    public RouteExpectation Excluded(string endpoint, string? rule = null) =>
        Expect(
            _excluded.Any(excluded => excluded.Endpoint.Tag.Equals(endpoint, StringComparison.OrdinalIgnoreCase) && (rule is null || excluded.Filter == rule)),
            $"{endpoint} to be left out{(rule is null ? "" : " by " + rule)}",
            List(_excluded.Select(static excluded => $"{excluded.Endpoint.Tag} by {excluded.Filter}")));

    /// <summary>Expects what all attempts cost together, to the nano-dollar.</summary>
    /// <param name="usd">The cost in US dollars.</param>
    public RouteExpectation Cost(decimal usd) => Expect(_cost?.ToUsd() == usd, $"a cost of {Usd(usd)}", Price());

    /// <summary>Expects all attempts together to cost no more than this; an unpriced one is more.</summary>
    /// <param name="usd">The most it may cost, in US dollars.</param>
    public RouteExpectation CostAtMost(decimal usd) => Expect(_cost is { } cost && cost.ToUsd() <= usd, $"a cost of at most {Usd(usd)}", Price());

    /// <summary>Expects that what was done has no price, or that nobody tracks costs.</summary>
    public RouteExpectation Unpriced() => Expect(_cost is null, "no price", Price());

    /// <summary>Expects an answer from a cache.</summary>
    public RouteExpectation FromCache() => Expect(_isCacheHit, "an answer from a cache", "one that was made anew");

    /// <summary>Expects a streamed answer that broke and went on so many times.</summary>
    /// <param name="seams">How many times; 0 for an answer of one piece.</param>
    public RouteExpectation Continued(int seams = 1) => Expect(_seams == seams, $"{Number(seams)} seams", Number(_seams));

    /// <summary>Expects a note of what was adapted or left out.</summary>
    /// <param name="part">A part of the note, to the letter.</param>
    public RouteExpectation Noted(string part) =>
        Expect(_notes.Any(note => note.Contains(part, StringComparison.Ordinal)), $"a note with '{part}'", List(_notes));

    private RouteExpectation Expect(bool holds, string expected, string actual) =>
        holds ? this : throw new RouteExpectationException($"Expected {expected}, found {actual}.{Environment.NewLine}{_story}");

    private string Price() => _cost is { } cost ? Usd(cost.ToUsd()) : "none";

    private static string Usd(decimal usd) => string.Create(CultureInfo.InvariantCulture, $"${usd}");

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string List<T>(IEnumerable<T> items) => $"[{string.Join(", ", items)}]";
}
