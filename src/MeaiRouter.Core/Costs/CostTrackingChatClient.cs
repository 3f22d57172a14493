using System.Runtime.CompilerServices;
using MeaiRouter.Attempts;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Costs;

/// <summary>Prices every attempt of a request and writes one record to the ledger, also for requests that failed or were cancelled.</summary>
/// <remarks>
/// <para>An attempt is priced by the endpoint that served it, or by the price book where no router chose an endpoint. Where a provider that
/// did work reports no usage, or breaks off before its last numbers, it is estimated and flagged. Read the cost with
/// <c>response.GetCost()</c>.</para>
/// <para>What a request cost is the sum over its attempts. With a key of the caller's own, that is only the configured fee; what the provider
/// charges to that key is the upstream cost, and both together are what was spent.</para>
/// <para>An answer marked as <see cref="AnswerProperties.CacheHit"/> costs nothing and is recorded so.</para>
/// <para>A ledger that throws never hides how the request ended: a failure is passed on as it is, and for a whole answer
/// <see cref="CostTrackingOptions.LedgerFailure"/> decides. Handlers of the events must not throw; what they throw is ignored.</para>
/// </remarks>
public sealed class CostTrackingChatClient : LayerChatClient
{
    private readonly ILedger? _ledger;
    private readonly PriceBook _prices;
    private readonly CostTrackingOptions _options;
    private readonly TimeProvider _time;
    private readonly bool _attemptsItself;
    private readonly string _provider;

    /// <summary>Creates the layer.</summary>
    /// <param name="innerClient">The client whose answers are priced.</param>
    /// <param name="ledger">Where to record requests; <see langword="null"/> records nowhere.</param>
    /// <param name="prices">Prices for what no catalogue describes; <see langword="null"/> for none.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <param name="options">How to charge, read now; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="InvalidOperationException">A layer that belongs outside this one is inside.</exception>
    public CostTrackingChatClient(
        IChatClient innerClient, ILedger? ledger = null, PriceBook? prices = null, TimeProvider? timeProvider = null, CostTrackingOptions? options = null)
        : base(innerClient)
    {
        _ledger = ledger;
        _prices = prices ?? PriceBook.Empty;
        _options = (options ?? new CostTrackingOptions()).Validated();
        _time = timeProvider ?? TimeProvider.System;
        _attemptsItself = !Contains(PipelineStage.Routing) && !Contains(PipelineStage.Fallback);
        _provider = innerClient.GetService<ChatClientMetadata>()?.ProviderName ?? "unknown";
    }

    /// <summary>A request was charged. Raised after the ledger, before the end of the answer is delivered.</summary>
    public event EventHandler<ChargedEventArgs>? Charged;

    /// <summary>A provider reports a cost that is too far from the computed one: a price is wrong, or usage is misread.</summary>
    public event EventHandler<CostDriftedEventArgs>? CostDrifted;

    /// <summary>The ledger did not take a record.</summary>
    public event EventHandler<LedgerFailedEventArgs>? LedgerFailed;

    private protected override PipelineStage Stage => PipelineStage.CostTracking;

    private protected override TimeProvider Clock => _time;

    private protected override async Task<ChatResponse> RespondAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        ChatResponse response;
        try
        {
            response = await Answer(context, messages, options, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await SettleAsync(context, messages, options, streamed: false).ConfigureAwait(false);
            throw;
        }

        context.IsCacheHit |= AnswerProperties.IsCacheHit(response.AdditionalProperties);
        if (await SettleAsync(context, messages, options, streamed: false).ConfigureAwait(false) is { } unrecorded)
            throw unrecorded;
        return response;
    }

    private protected override async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (isFirst, isSettled) = (true, false);
        try
        {
            await foreach (var update in Updates(context, messages, options, cancellationToken).ConfigureAwait(false))
            {
                if (isFirst)
                    context.IsCacheHit |= AnswerProperties.IsCacheHit(update.AdditionalProperties);
                isFirst = false;
                yield return update;
            }

            isSettled = true;
            if (await SettleAsync(context, messages, options, streamed: true).ConfigureAwait(false) is { } unrecorded)
                throw unrecorded;
        }
        finally
        {
            // Whoever stopped reading, or gets the failure that ended the stream, gets no other exception on top.
            if (!isSettled)
                await SettleAsync(context, messages, options, streamed: true).ConfigureAwait(false);
        }
    }

    private Task<ChatResponse> Answer(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        if (!_attemptsItself)
            return InnerClient.GetResponseAsync(messages, options, cancellationToken);

        var attempt = context.Begin(_provider, _time);
        return SingleAttempt.RespondAsync(InnerClient, attempt, messages, Inwards(context.AttachTo(options, attempt, IsUnbrokenInwards)), cancellationToken);
    }

    private IAsyncEnumerable<ChatResponseUpdate> Updates(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        if (!_attemptsItself)
            return InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);

        var attempt = context.Begin(_provider, _time);
        return SingleAttempt.StreamAsync(InnerClient, attempt, messages, Inwards(context.AttachTo(options, attempt, IsUnbrokenInwards)), cancellationToken);
    }

    /// <summary>Prices the attempts and records the request. Throws nothing.</summary>
    /// <returns>What the caller gets instead of his answer; <see langword="null"/> if he gets it.</returns>
    private async ValueTask<RouterException?> SettleAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, bool streamed)
    {
        var trace = context.ToTrace();
        var charge = new AttemptCharge(_prices, _options, context.RequestedModel, messages, options);
        for (var i = 0; i < trace.Attempts.Count; i++)
        {
            charge.Settle(trace.Attempts[i]);
            CostMetrics.Count(trace.Attempts[i]);
        }

        // Nothing reached a provider, so nothing was spent.
        if (trace.Attempts.Count == 0 && !trace.IsCacheHit)
            return null;
        if (_ledger is null && Charged is null && CostDrifted is null)
            return null;

        var record = GenerationRecord.Of(trace, context.Caller, options, streamed, _time);
        var failure = _ledger is null ? null : await AppendAsync(_ledger, record).ConfigureAwait(false);
        Tell(record);
        if (failure is null)
            return null;

        Raise(LedgerFailed, new LedgerFailedEventArgs(record, failure));
        if (_options.LedgerFailure == LedgerFailure.Refuse)
            return Unrecorded(trace, failure);

        trace.Note("The ledger did not take the record of this request, so its charge is missing there.");
        return null;
    }

    private static async ValueTask<Exception?> AppendAsync(ILedger ledger, GenerationRecord record)
    {
        try
        {
            await ledger.AppendAsync(record, CancellationToken.None).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private static RouterException Unrecorded(RouteTrace trace, Exception failure) => new(
        FailureKind.Unrecorded,
        $"The answer to {trace.Id} is withheld, because the ledger did not record it: {failure.Message} " +
        $"Mend the ledger, or set {nameof(CostTrackingOptions.LedgerFailure)} to {nameof(LedgerFailure.Deliver)}.",
        failure)
    {
        Attempts = trace.Attempts,
    };

    private void Tell(GenerationRecord record)
    {
        if (Charged is not null)
            Raise(Charged, new ChargedEventArgs(record));
        if (CostDrifted is null)
            return;

        foreach (var attempt in record.Attempts)
        {
            if (attempt.HasCostDrift)
                Raise(CostDrifted, new CostDriftedEventArgs(record, attempt));
        }
    }

    private void Raise<T>(EventHandler<T>? handlers, T what)
    {
        try
        {
            handlers?.Invoke(this, what);
        }
        catch (Exception)
        {
            // Documented: an answer that is paid for is not lost to somebody who listens.
        }
    }
}
