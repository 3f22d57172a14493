using System.Runtime.CompilerServices;
using MeaiRouter.Attempts;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Costs;

/// <summary>Prices every attempt of a request and writes one record to the ledger, also for requests that failed or were cancelled.</summary>
/// <remarks>
/// An attempt is priced by the endpoint that served it, or by the price book where no router chose an endpoint. Where a provider that did
/// work reports no usage, it is estimated and flagged. Read the cost with <c>response.GetCost()</c>.
/// </remarks>
public sealed class CostTrackingChatClient : LayerChatClient
{
    private readonly ILedger? _ledger;
    private readonly PriceBook _prices;
    private readonly TimeProvider _time;
    private readonly bool _attemptsItself;
    private readonly string _provider;

    /// <summary>Creates the layer.</summary>
    /// <param name="innerClient">The client whose answers are priced.</param>
    /// <param name="ledger">Where to record requests; <see langword="null"/> records nowhere.</param>
    /// <param name="prices">Prices for what no catalogue describes; <see langword="null"/> for none.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <exception cref="InvalidOperationException">A layer that belongs outside this one is inside.</exception>
    public CostTrackingChatClient(IChatClient innerClient, ILedger? ledger = null, PriceBook? prices = null, TimeProvider? timeProvider = null)
        : base(innerClient)
    {
        _ledger = ledger;
        _prices = prices ?? PriceBook.Empty;
        _time = timeProvider ?? TimeProvider.System;
        _attemptsItself = !Contains(PipelineStage.Routing) && !Contains(PipelineStage.Fallback);
        _provider = innerClient.GetService<ChatClientMetadata>()?.ProviderName ?? "unknown";
    }

    private protected override PipelineStage Stage => PipelineStage.CostTracking;

    private protected override async Task<ChatResponse> RespondAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        try
        {
            if (!_attemptsItself)
                return await InnerClient.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);

            var attempt = context.Begin(_provider, _time);
            var own = Inwards(context.AttachTo(options, attempt, IsUnbrokenInwards));
            return await SingleAttempt.RespondAsync(InnerClient, attempt, messages, own, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await RecordAsync(context, messages, options, streamed: false).ConfigureAwait(false);
        }
    }

    private protected override async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var update in Updates(context, messages, options, cancellationToken).ConfigureAwait(false))
                yield return update;
        }
        finally
        {
            await RecordAsync(context, messages, options, streamed: true).ConfigureAwait(false);
        }
    }

    private IAsyncEnumerable<ChatResponseUpdate> Updates(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        if (!_attemptsItself)
            return InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);

        var attempt = context.Begin(_provider, _time);
        return SingleAttempt.StreamAsync(InnerClient, attempt, messages, Inwards(context.AttachTo(options, attempt, IsUnbrokenInwards)), cancellationToken);
    }

    private async ValueTask RecordAsync(RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, bool streamed)
    {
        var trace = context.ToTrace();
        var attempts = trace.Attempts;
        foreach (var attempt in attempts)
            Charge(attempt, context, messages, options);

        // Nothing reached a provider, so nothing was spent.
        if (_ledger is null || attempts.Count == 0)
            return;

        var answer = trace.Answer;
        var record = new GenerationRecord
        {
            Id = context.Id,
            CreatedAt = attempts[0].StartedAt,
            RequestedModel = trace.RequestedModel,
            ServedModel = answer?.ServedModel,
            IsStreamed = streamed,
            FinishReason = answer?.FinishReason?.Value,
            NativeFinishReason = answer?.NativeFinishReason,
            Attempts = [.. attempts.Select(AttemptRecord.Of)],
            Cost = trace.Cost,
        };
        await _ledger.AppendAsync(record, CancellationToken.None).ConfigureAwait(false);
    }

    private void Charge(RouteAttempt attempt, RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        if (attempt.Usage is null && MayHaveCost(attempt))
            attempt.Usage = UsageEstimate.Of(attempt, messages, options);

        attempt.Cost = attempt.Usage is { } usage
            ? PriceOf(attempt, usage, context)?.CostOf(usage)
            : NanoUsd.Zero;
    }

    // A price that holds up to some length of prompt says nothing about a longer one.
    private Price? PriceOf(RouteAttempt attempt, in TokenUsage usage, RouteContext context) =>
        usage.TotalInput > attempt.Endpoint?.PricedUpTo ? null : _prices.PriceOf(attempt, context.RequestedModel);

    private static bool MayHaveCost(RouteAttempt attempt) =>
        attempt.OutputCharacters > 0
        || (attempt.WasSent && (attempt.Failure is not { } failure || failure.Kind.Consequences().MayHaveCost));
}
