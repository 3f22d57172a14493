using MeaiRouter.Attempts;
using MeaiRouter.Costs;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Budgets;

/// <summary>What one request holds in the budgets: its place among the caller's requests, and for each of its attempts the most it can cost.</summary>
/// <remarks>
/// Money is held by the attempt rather than by the request, because only an attempt knows its endpoint, and so its price, its limits and the budgets of its
/// model and provider. Hedges, retries and continuations are attempts, and hold what they can cost beside the others.
/// </remarks>
internal sealed class RequestBudget(BudgetBook book, BudgetIndex index, BudgetClaim[] caller, string? callerName, PriceBook prices, string? defaultModel, RouteContext context)
    : IAttemptGate
{
    // A clamp may meet another budget with less room, or lose its room to another call.
    private const int MostClamps = 8;

    private readonly List<AdmittedAttempt> _admitted = new(1);
    private BudgetReservation? _request;
    private RouterException? _refusal;
    private bool _isOver;

    /// <summary>Takes the caller's place among the requests that are limited in rate or number.</summary>
    /// <exception cref="RouterException">There is none.</exception>
    public async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        if (!Array.Exists(caller, static claim => claim.Budget.LimitsRequests))
            return;

        BudgetClaim[] claims = [.. caller.Where(static claim => claim.Budget.LimitsRequests).Select(static claim => claim with { CountsRequest = true })];
        var decision = await book.Store.ReserveAsync(new BudgetDemand(claims) { Lease = book.Options.Lease }, cancellationToken).ConfigureAwait(false);
        _request = decision.Reservation ?? throw Refused(decision.RefusedBy!, decision.Refusal!, null);
    }

    /// <inheritdoc/>
    public async ValueTask AdmitAsync(RouteAttempt attempt, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        await ReleaseFreeAsync().ConfigureAwait(false);

        var model = attempt.Model?.Id ?? options.ModelId ?? defaultModel;
        var claims = index.OfAttempt(caller, model, attempt.Provider);
        if (claims.Length == 0)
            return;

        var price = attempt.Endpoint is { } endpoint ? endpoint.Price : model is null ? null : prices.Find(model);
        var bound = CallBound.Of(attempt, price, messages, options, book.Options.AssumeMaxOutputTokens);
        var assumed = price is null ? Assumed(claims, attempt, model) : NanoUsd.Zero;
        var output = bound.Output;
        for (var clamps = 0; ; clamps++)
        {
            var most = price is null ? assumed : bound.CostWith(output);
            var demand = new BudgetDemand(claims)
            {
                Most = most,
                Expected = index.Overcommits ? book.Calibration.Expect(model ?? "", callerName ?? "", most) : most,
                Tokens = bound.TokensWith(output),
                Lease = book.Options.Lease,
            };
            var decision = await book.Store.ReserveAsync(demand, cancellationToken).ConfigureAwait(false);
            if (decision.Reservation is { } reservation)
            {
                await KeepAsync(new AdmittedAttempt(attempt, reservation, model ?? "", most, demand.Tokens), cancellationToken).ConfigureAwait(false);
                if (output < bound.Output)
                    Clamp(options, (int)output, attempt);
                return;
            }

            var refusal = decision.Refusal! with { FittingOutputTokens = Fitting(bound, decision.Refusal!, price is not null) };
            if (clamps == MostClamps || refusal.FittingOutputTokens is not { } fitting || fitting >= output || fitting < (decision.RefusedBy!.ClampDownTo ?? int.MaxValue))
                throw Refused(decision.RefusedBy!, refusal, attempt);
            output = fitting;
        }
    }

    /// <summary>What to tell the caller if budgets alone kept the request from being answered; <see langword="null"/> if something else did.</summary>
    public RouterException? Verdict(RouterException failure)
    {
        if (_refusal is null || ReferenceEquals(failure, _refusal))
            return null;
        if (failure.BudgetRefusal is null && (failure.Attempts.Count == 0 || failure.Attempts.Any(static attempt => attempt.Failure?.BudgetRefusal is null)))
            return null;

        return new RouterException(_refusal.Kind, _refusal.Message, failure)
        {
            BudgetRefusal = _refusal.BudgetRefusal,
            RetryAfter = _refusal.RetryAfter,
            Attempts = failure.Attempts,
            Route = failure.Route,
        };
    }

    /// <summary>Books what every attempt cost and leaves the caller's place. To be called once, after costs are known.</summary>
    public async ValueTask SettleAsync()
    {
        AdmittedAttempt[] open;
        lock (_admitted)
        {
            _isOver = true;
            open = [.. _admitted];
        }

        List<BudgetWarningEventArgs>? warnings = null;
        foreach (var admitted in open)
        {
            var reached = await book.Store.SettleAsync(admitted.Reservation, admitted.Cost, admitted.Tokens, CancellationToken.None).ConfigureAwait(false);
            if (reached.Count > 0)
                (warnings ??= []).AddRange(reached);
            if (index.Overcommits)
                book.Calibration.Observe(admitted.Model, callerName ?? "", admitted.Cost, admitted.Most);
        }

        if (_request is not null)
            await book.Store.SettleAsync(_request, NanoUsd.Zero, 0, CancellationToken.None).ConfigureAwait(false);
        if (warnings is not null)
            book.Raise(warnings);
    }

    // What failed before any work was done must not keep the next endpoint from being tried near a limit.
    private async ValueTask ReleaseFreeAsync()
    {
        while (true)
        {
            AdmittedAttempt? free;
            lock (_admitted)
            {
                free = _admitted.Find(static admitted => admitted.WasFree);
                if (free is null)
                    return;
                _admitted.Remove(free);
            }

            await book.Store.SettleAsync(free.Reservation, NanoUsd.Zero, 0, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async ValueTask KeepAsync(AdmittedAttempt admitted, CancellationToken cancellationToken)
    {
        lock (_admitted)
        {
            if (!_isOver)
            {
                _admitted.Add(admitted);
                return;
            }
        }

        // The request ended while the store was asked: nobody will call the provider any more.
        await book.Store.SettleAsync(admitted.Reservation, NanoUsd.Zero, 0, CancellationToken.None).ConfigureAwait(false);
        throw new OperationCanceledException("The request has ended.", cancellationToken);
    }

    private void Clamp(ChatOptions options, int output, RouteAttempt attempt)
    {
        context.Note($"max_tokens was lowered to {output} for {NameOf(attempt)}, to fit what is left of a budget.");
        options.MaxOutputTokens = output;
    }

    /// <summary>What a call without a price is taken to cost.</summary>
    private NanoUsd Assumed(BudgetClaim[] claims, RouteAttempt attempt, string? model)
    {
        var assumed = NanoUsd.Zero;
        foreach (var claim in claims)
        {
            if (claim.Budget.AssumeUsdPerRequest is { } usd && NanoUsd.FromUsd(usd) is var ceiling && ceiling > assumed)
                assumed = ceiling;
            else if (claim.Budget is { RefusesMoney: true, AssumeUsdPerRequest: null })
                throw Unpriced(claim, attempt, model);
        }

        if (assumed > NanoUsd.Zero)
            context.Note($"{NameOf(attempt)} has no price; budgets take the call for {assumed}.");
        return assumed;
    }

    private RouterException Unpriced(in BudgetClaim claim, RouteAttempt attempt, string? model)
    {
        var refusal = new BudgetRefusal(claim.Scope, BudgetMeasure.Usd)
        {
            Window = claim.Budget.Window.ToString(),
            Limit = claim.Budget.LimitUsd!.Value,
            Spent = 0,
            Reserved = 0,
            Needed = null,
        };
        return Refusal(
            FailureKind.BudgetExceeded,
            $"Nobody knows what {model ?? "the model"} costs at {NameOf(attempt)}, so that the budget {claim.Scope} cannot tell whether it has room. " +
            "Give the endpoint a price, or the budget AssumeUsdPerRequest.",
            claim.Budget, refusal, attempt, null);
    }

    private static int? Fitting(in CallBound bound, BudgetRefusal refusal, bool isPriced) => refusal.Measure switch
    {
        BudgetMeasure.Usd when isPriced => bound.OutputWithin(refusal.Limit - refusal.Spent - refusal.Reserved),
        BudgetMeasure.TokensPerMinute => bound.OutputWithinTokens(refusal.Limit - refusal.Spent - refusal.Reserved),
        _ => null,
    };

    private RouterException Refused(Budget budget, BudgetRefusal refusal, RouteAttempt? attempt)
    {
        var kind = refusal.Measure == BudgetMeasure.Usd ? FailureKind.BudgetExceeded : FailureKind.LimitExceeded;
        TimeSpan? wait = kind == FailureKind.LimitExceeded && refusal.ResetsAt is { } resets ? book.Until(resets) : null;
        return Refusal(kind, RefusalText.Of(refusal), budget, refusal, attempt, wait);
    }

    /// <summary>Remembers, of several refusals, the one that needed least.</summary>
    private RouterException Refusal(FailureKind kind, string message, Budget budget, BudgetRefusal refusal, RouteAttempt? attempt, TimeSpan? retryAfter)
    {
        BudgetMetrics.Refuse(context, budget, refusal.Measure);
        var exception = new RouterException(kind, message)
        {
            BudgetRefusal = refusal,
            Provider = attempt?.Provider,
            Endpoint = attempt?.Endpoint?.Tag,
            RetryAfter = retryAfter,
        };
        if (_refusal?.BudgetRefusal is not { } earlier || (refusal.Needed ?? decimal.MaxValue) < (earlier.Needed ?? decimal.MaxValue))
            _refusal = exception;

        // Before a caller who cancels at this moment makes it look like a call that was cancelled, and may have a cost.
        attempt?.End(AttemptOutcome.Failed, exception);
        return exception;
    }

    private static string NameOf(RouteAttempt attempt) => attempt.Endpoint?.ToString() ?? attempt.Provider;
}
